//! Taking a private note away.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::note::NoteDeleteRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::session::Session;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `noteDelete` takes.
#[derive(InputObject)]
pub(crate) struct NoteDeleteInput {
    /// The global id of the note.
    note_id: ID,
}

/// What came of `noteDelete`.
#[derive(SimpleObject)]
pub(crate) struct NoteDeletePayload {
    /// The session that the note was in. Null if nothing was taken away.
    session: Option<Session>,
    /// The global id of the note that is gone. Null if none was taken away.
    deleted_note_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<NoteDeleteError>,
}

user_error! {
    /// Why `noteDelete` did nothing.
    NoteDeleteError,
    /// The reasons of `noteDelete` to do nothing.
    NoteDeleteErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such note, or its session does not go on for you.
        NoteNotFound,
        /// Somebody else wrote the note, and you are not a supervisor.
        NotAuthor,
    }
}

#[derive(Default)]
pub(crate) struct NoteDelete;

#[Object]
impl NoteDelete {
    /// Takes a private note away: agents their own, supervisors every one.
    async fn note_delete(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The note.")] input: NoteDeleteInput,
    ) -> Result<NoteDeletePayload> {
        let view = View::fresh(context).await?;
        let id = input.note_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let deleted_note_id = done.is_some().then_some(id);
        let session = done.map(|done| Session::new(Arc::new(done), &view));
        Ok(NoteDeletePayload { session, deleted_note_id, user_errors })
    }
}

async fn run(view: &View, input: NoteDeleteInput) -> Result<domain::Session, Stop<domain::Session, NoteDeleteError>> {
    use NoteDeleteErrorCode as Code;
    let invalid = |field| move |invalid| NoteDeleteError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.note_id).map_err(invalid("noteId"))?;
    let deleted = view.desk().note_delete(view.actor(), id).await;
    deleted.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Session, NoteDeleteError> {
    use NoteDeleteErrorCode as Code;
    let code = match refusal {
        Refusal::NotFound => Code::NoteNotFound,
        Refusal::NotAuthor => Code::NotAuthor,
    };
    NoteDeleteError::new(code, Some("noteId"), refusal).into()
}
