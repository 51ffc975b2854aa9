//! Making a knowledge entry.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::knowledge::{KnowledgeEntryRefusal as Refusal, NewKnowledgeEntry};
use domain::knowledge::KnowledgeContentRefusal as Content;

use super::{KnowledgeEntry, field_of};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `knowledgeEntryCreate` takes.
#[derive(InputObject)]
pub(crate) struct KnowledgeEntryCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// The global id of the resolved session from which it is made. Null or left out: it is made from none.
    session_id: Option<ID>,
    /// The global id of the resolved ticket from whose session it is made. Null or left out: it is made from none.
    ticket_id: Option<ID>,
    /// The question as customers ask it, up to 300 characters. Null or left out: what the customer asked first in the
    /// session.
    question: Option<String>,
    /// The answer, up to 3000 characters, without words that say nothing definite. Null or left out: what was done about the
    /// ticket.
    answer: Option<String>,
    /// The language of both as an IETF tag. Null or left out: for customers of any language.
    language: Option<String>,
    /// Words and phrases that make a message this question, whatever else is in it, 20 at most. A star stands for any ending
    /// of a word. Null or left out for none.
    keywords: Option<Vec<String>>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other entry and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `knowledgeEntryCreate`.
#[derive(SimpleObject)]
pub(crate) struct KnowledgeEntryCreatePayload {
    /// The new entry. Null if none was made.
    knowledge_entry: Option<KnowledgeEntry>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<KnowledgeEntryCreateError>,
}

user_error! {
    /// Why `knowledgeEntryCreate` did nothing.
    KnowledgeEntryCreateError,
    /// The reasons of `knowledgeEntryCreate` to do nothing.
    KnowledgeEntryCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project, nor is the ticket yours or that of a team of yours.
        NotSupervisor,
        /// There is no such session in the project, or it is not that of the ticket.
        SessionNotFound,
        /// The session is not resolved.
        SessionNotResolved,
        /// There is no such ticket in the project, or you may not see it.
        TicketNotFound,
        /// The ticket is not resolved.
        TicketNotResolved,
        /// There is no question.
        QuestionEmpty,
        /// The question has more than 300 characters.
        QuestionTooLong,
        /// There is no answer, Telegram could not take it, or it has more than 3000 characters.
        AnswerInvalid,
        /// The answer has a word that says nothing definite, such as “soon”.
        VagueWord,
        /// The language is not an IETF tag.
        LanguageInvalid,
        /// A keyword is no word or phrase, or there are more than 20.
        KeywordsInvalid,
        /// The project has 500 entries.
        TooMany,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct KnowledgeEntryCreate;

#[Object]
impl KnowledgeEntryCreate {
    /// Makes a knowledge entry, which the bot answers customers with from now on. For supervisors and administrators of the
    /// project; an agent makes one of a resolved ticket that is theirs or that of a team of theirs.
    async fn knowledge_entry_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The question and its answer.")] input: KnowledgeEntryCreateInput,
    ) -> Result<KnowledgeEntryCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        let knowledge_entry = done.map(|entry| KnowledgeEntry::new(Arc::new(entry), &view));
        Ok(KnowledgeEntryCreatePayload { knowledge_entry, user_errors })
    }
}

async fn run(
    view: &View,
    input: KnowledgeEntryCreateInput,
) -> Result<domain::KnowledgeEntry, Stop<domain::KnowledgeEntry, KnowledgeEntryCreateError>> {
    use KnowledgeEntryCreateErrorCode as Code;
    let invalid = |field| move |invalid| KnowledgeEntryCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewKnowledgeEntry {
        project_id: id::parse(&input.project_id).map_err(invalid("projectId"))?,
        session_id: input.session_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("sessionId"))?,
        ticket_id: input.ticket_id.as_deref().map(|id| id::parse(id)).transpose().map_err(invalid("ticketId"))?,
        question: input.question,
        answer: input.answer,
        language: input.language,
        keywords: input.keywords.unwrap_or_default(),
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().knowledge_entry_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::KnowledgeEntry, KnowledgeEntryCreateError> {
    use KnowledgeEntryCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::ProjectNotFound => (Code::ProjectNotFound, Some("projectId")),
        Refusal::NotSupervisor => (Code::NotSupervisor, None),
        Refusal::SessionNotFound => (Code::SessionNotFound, Some("sessionId")),
        Refusal::NotResolved => (Code::SessionNotResolved, Some("sessionId")),
        Refusal::TicketNotFound => (Code::TicketNotFound, Some("ticketId")),
        Refusal::TicketNotResolved => (Code::TicketNotResolved, Some("ticketId")),
        Refusal::Content(content) => (code_of(content), Some(field_of(content))),
        Refusal::TooMany => (Code::TooMany, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) => return Stop::unexpected(refusal),
    };
    KnowledgeEntryCreateError::new(code, field, refusal).into()
}

fn code_of(content: &Content) -> KnowledgeEntryCreateErrorCode {
    use KnowledgeEntryCreateErrorCode as Code;
    match content {
        Content::NoQuestion => Code::QuestionEmpty,
        Content::QuestionTooLong => Code::QuestionTooLong,
        Content::AnswerTooLong | Content::Answer(_) => Code::AnswerInvalid,
        Content::Vague(_) => Code::VagueWord,
        Content::Language => Code::LanguageInvalid,
        Content::TooManyKeywords | Content::Keyword(_) => Code::KeywordsInvalid,
    }
}
