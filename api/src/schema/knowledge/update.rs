//! Changing a knowledge entry.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, SimpleObject};
use desk::knowledge::{KnowledgeEntryChange, KnowledgeEntryRefusal as Refusal};
use domain::knowledge::KnowledgeContentRefusal as Content;

use super::{KnowledgeEntry, field_of};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `knowledgeEntryUpdate` takes. What is left out stays as it is.
#[derive(InputObject)]
pub(crate) struct KnowledgeEntryUpdateInput {
    /// The global id of the entry.
    knowledge_entry_id: ID,
    /// The question as customers ask it, up to 300 characters. Null or left out: it stays as it is.
    question: Option<String>,
    /// The answer, up to 3000 characters. Null or left out: it stays as it is.
    answer: Option<String>,
    /// The language of both as an IETF tag; null for customers of any language. Left out: it stays as it is.
    language: MaybeUndefined<String>,
    /// All the words and phrases that make a message this question, 20 at most. Null or left out: they stay as they are.
    keywords: Option<Vec<String>>,
    /// The version of the entry that you have seen. If given and the entry has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `knowledgeEntryUpdate`.
#[derive(SimpleObject)]
pub(crate) struct KnowledgeEntryUpdatePayload {
    /// The entry as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    knowledge_entry: Option<KnowledgeEntry>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<KnowledgeEntryUpdateError>,
}

user_error! {
    /// Why `knowledgeEntryUpdate` did nothing.
    KnowledgeEntryUpdateError,
    /// The reasons of `knowledgeEntryUpdate` to do nothing.
    KnowledgeEntryUpdateErrorCode {
        /// This is not the id of a knowledge entry.
        InvalidId,
        /// There is no such entry, or you may not see it.
        KnowledgeEntryNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The entry has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// There is no question.
        QuestionEmpty,
        /// The question has more than 300 characters.
        QuestionTooLong,
        /// Telegram could not take the answer, or it has more than 3000 characters.
        AnswerInvalid,
        /// The answer has a word that says nothing definite, such as “soon”.
        VagueWord,
        /// The language is not an IETF tag.
        LanguageInvalid,
        /// A keyword is no word or phrase, or there are more than 20.
        KeywordsInvalid,
    }
}

#[derive(Default)]
pub(crate) struct KnowledgeEntryUpdate;

#[Object]
impl KnowledgeEntryUpdate {
    /// Changes a knowledge entry. For supervisors and administrators of the project.
    async fn knowledge_entry_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The entry and what is to change.")] input: KnowledgeEntryUpdateInput,
    ) -> Result<KnowledgeEntryUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let knowledge_entry = done.map(|entry| KnowledgeEntry::new(Arc::new(entry), &view));
        Ok(KnowledgeEntryUpdatePayload { knowledge_entry, user_errors })
    }
}

async fn run(
    view: &View,
    input: KnowledgeEntryUpdateInput,
) -> Result<domain::KnowledgeEntry, Stop<domain::KnowledgeEntry, KnowledgeEntryUpdateError>> {
    use KnowledgeEntryUpdateErrorCode as Code;
    let id = id::parse(&input.knowledge_entry_id)
        .map_err(|invalid| KnowledgeEntryUpdateError::new(Code::InvalidId, Some("knowledgeEntryId"), invalid))?;
    let change = KnowledgeEntryChange {
        question: input.question,
        answer: input.answer,
        language: match input.language {
            MaybeUndefined::Undefined => None,
            MaybeUndefined::Null => Some(None),
            MaybeUndefined::Value(language) => Some(Some(language)),
        },
        keywords: input.keywords,
        expected_version: input.expected_version,
    };
    let changed = view.desk().knowledge_entry_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::KnowledgeEntry, KnowledgeEntryUpdateError> {
    use KnowledgeEntryUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::KnowledgeEntryNotFound, Some("knowledgeEntryId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Content(content) => (code_of(content), Some(field_of(content))),
        Refusal::ProjectNotFound
        | Refusal::SessionNotFound
        | Refusal::NotResolved
        | Refusal::TicketNotFound
        | Refusal::TicketNotResolved
        | Refusal::TooMany
        | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = KnowledgeEntryUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(entry) = refusal { Some(*entry) } else { None };
    Stop::Refused { error, current }
}

fn code_of(content: &Content) -> KnowledgeEntryUpdateErrorCode {
    use KnowledgeEntryUpdateErrorCode as Code;
    match content {
        Content::NoQuestion => Code::QuestionEmpty,
        Content::QuestionTooLong => Code::QuestionTooLong,
        Content::AnswerTooLong | Content::Answer(_) => Code::AnswerInvalid,
        Content::Vague(_) => Code::VagueWord,
        Content::Language => Code::LanguageInvalid,
        Content::TooManyKeywords | Content::Keyword(_) => Code::KeywordsInvalid,
    }
}
