//! Removing a list of words.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::WordListRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `wordListRemove` takes.
#[derive(InputObject)]
pub(crate) struct WordListRemoveInput {
    /// The global id of the list.
    word_list_id: ID,
}

/// What came of `wordListRemove`.
#[derive(SimpleObject)]
pub(crate) struct WordListRemovePayload {
    /// The project that it was in. Null if nothing was removed.
    project: Option<Project>,
    /// The global id of the list that is gone. Null if none was removed.
    removed_word_list_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<WordListRemoveError>,
}

user_error! {
    /// Why `wordListRemove` did nothing.
    WordListRemoveError,
    /// The reasons of `wordListRemove` to do nothing.
    WordListRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such list, or you may not see it.
        WordListNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// A trigger looks for the list.
        InUse,
    }
}

#[derive(Default)]
pub(crate) struct WordListRemove;

#[Object]
impl WordListRemove {
    /// Removes a list of words that no trigger looks for. For supervisors and administrators of the project.
    async fn word_list_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The list.")] input: WordListRemoveInput,
    ) -> Result<WordListRemovePayload> {
        let view = View::fresh(context).await?;
        let id = input.word_list_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let removed_word_list_id = done.is_some().then_some(id);
        let project = done.map(|done| Project::new(Arc::new(done), &view));
        Ok(WordListRemovePayload { project, removed_word_list_id, user_errors })
    }
}

async fn run(
    view: &View,
    input: WordListRemoveInput,
) -> Result<domain::Project, Stop<domain::Project, WordListRemoveError>> {
    use WordListRemoveErrorCode as Code;
    let invalid = |field| move |invalid| WordListRemoveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.word_list_id).map_err(invalid("wordListId"))?;
    let removed = view.desk().word_list_remove(view.actor(), id).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, WordListRemoveError> {
    use WordListRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::WordListNotFound, Some("wordListId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::InUse => (Code::InUse, Some("wordListId")),
        _ => return Stop::unexpected(refusal),
    };
    WordListRemoveError::new(code, field, refusal).into()
}
