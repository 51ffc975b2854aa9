//! Making a list of words.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::trigger::{NewWordList, WordListRefusal as Refusal};
use domain::name::NameRefusal;

use super::WordList;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `wordListCreate` takes.
#[derive(InputObject)]
pub(crate) struct WordListCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// What it is called, 1 to 100 characters, as no other list of the project.
    name: String,
    /// What is looked for: words and phrases of up to 100 characters each, whole words whatever their case and accents,
    /// also under the usual disguises. A star stands for any ending (`refund*`) or, at the start, any beginning.
    phrases: Vec<String>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input makes no other list and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `wordListCreate`.
#[derive(SimpleObject)]
pub(crate) struct WordListCreatePayload {
    /// The new list. Null if none was made.
    word_list: Option<WordList>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<WordListCreateError>,
}

user_error! {
    /// Why `wordListCreate` did nothing.
    WordListCreateError,
    /// The reasons of `wordListCreate` to do nothing.
    WordListCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Another list of the project has this name.
        NameTaken,
        /// There is no phrase.
        Empty,
        /// A phrase has no letter, is too long, or has a star in the wrong place; `path` says which.
        PhraseInvalid,
        /// There are more than 1000 phrases, or more than 5000 in all lists of the project.
        TooManyPhrases,
        /// The project has 50 lists.
        TooManyWordLists,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct WordListCreate;

#[Object]
impl WordListCreate {
    /// Makes a list of words that triggers look for. For supervisors and administrators of the project.
    async fn word_list_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The list to make.")] input: WordListCreateInput,
    ) -> Result<WordListCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(WordListCreatePayload { word_list: done.map(|done| WordList::new(Arc::new(done))), user_errors })
    }
}

async fn run(
    view: &View,
    input: WordListCreateInput,
) -> Result<domain::trigger::ProjectWordList, Stop<domain::trigger::ProjectWordList, WordListCreateError>> {
    use WordListCreateErrorCode as Code;
    let invalid = |field| move |invalid| WordListCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewWordList {
        project_id: id::parse(&input.project_id).map_err(invalid("projectId"))?,
        name: input.name,
        phrases: input.phrases,
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().word_list_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::trigger::ProjectWordList, WordListCreateError> {
    use WordListCreateErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, field("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, vec![]),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, field("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, field("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, field("name")),
        Refusal::NameTaken => (Code::NameTaken, field("name")),
        Refusal::Empty => (Code::Empty, field("phrases")),
        Refusal::Phrase { index, .. } => (Code::PhraseInvalid, vec!["phrases".to_owned(), index.to_string()]),
        Refusal::TooManyPhrases | Refusal::TooManyPhrasesOfProject => (Code::TooManyPhrases, field("phrases")),
        Refusal::TooMany => (Code::TooManyWordLists, vec![]),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, field("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, field("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) | Refusal::InUse => return Stop::unexpected(refusal),
    };
    WordListCreateError::at(code, place, refusal).into()
}
