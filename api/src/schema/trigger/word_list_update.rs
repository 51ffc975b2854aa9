//! Changing a list of words.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::{WordListChange, WordListRefusal as Refusal};
use domain::name::NameRefusal;

use super::WordList;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `wordListUpdate` takes.
#[derive(InputObject)]
pub(crate) struct WordListUpdateInput {
    /// The global id of the list.
    word_list_id: ID,
    /// What it is called. Null or left out: it stays as it is.
    name: Option<String>,
    /// All that is looked for, as for `wordListCreate`. Null or left out: they stay as they are.
    phrases: Option<Vec<String>>,
    /// The version that you have seen. If given and the list has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `wordListUpdate`.
#[derive(SimpleObject)]
pub(crate) struct WordListUpdatePayload {
    /// The list as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    word_list: Option<WordList>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<WordListUpdateError>,
}

user_error! {
    /// Why `wordListUpdate` did nothing.
    WordListUpdateError,
    /// The reasons of `wordListUpdate` to do nothing.
    WordListUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such list, or you may not see it.
        WordListNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The list has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
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
    }
}

#[derive(Default)]
pub(crate) struct WordListUpdate;

#[Object]
impl WordListUpdate {
    /// Changes a list of words: from the next message on triggers look for what is in it then. For supervisors and
    /// administrators of the project.
    async fn word_list_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The list and what is to change.")] input: WordListUpdateInput,
    ) -> Result<WordListUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(WordListUpdatePayload { word_list: done.map(|done| WordList::new(Arc::new(done))), user_errors })
    }
}

async fn run(
    view: &View,
    input: WordListUpdateInput,
) -> Result<domain::trigger::ProjectWordList, Stop<domain::trigger::ProjectWordList, WordListUpdateError>> {
    use WordListUpdateErrorCode as Code;
    let invalid = |field| move |invalid| WordListUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.word_list_id).map_err(invalid("wordListId"))?;
    let WordListUpdateInput { name, phrases, expected_version, .. } = input;
    let change = WordListChange { name, phrases, expected_version };
    let changed = view.desk().word_list_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::trigger::ProjectWordList, WordListUpdateError> {
    use WordListUpdateErrorCode as Code;
    let field = |name: &str| vec![name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::NotFound => (Code::WordListNotFound, field("wordListId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, vec![]),
        Refusal::VersionConflict(_) => (Code::VersionConflict, field("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, field("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, field("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, field("name")),
        Refusal::NameTaken => (Code::NameTaken, field("name")),
        Refusal::Empty => (Code::Empty, field("phrases")),
        Refusal::Phrase { index, .. } => (Code::PhraseInvalid, vec!["phrases".to_owned(), index.to_string()]),
        Refusal::TooManyPhrases | Refusal::TooManyPhrasesOfProject => (Code::TooManyPhrases, field("phrases")),
        Refusal::Standing(StandingRefusal::NotFound)
        | Refusal::TooMany
        | Refusal::InUse
        | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = WordListUpdateError::at(code, place, &refusal);
    let current = if let Refusal::VersionConflict(list) = refusal { Some(*list) } else { None };
    Stop::Refused { error, current }
}
