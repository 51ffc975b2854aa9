//! Rewording a private note.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::note::{NoteChange, NoteUpdateRefusal as Refusal};
use domain::note::NoteContentRefusal;

use super::Note;
use super::object::field_of;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `noteUpdate` takes.
#[derive(InputObject)]
pub(crate) struct NoteUpdateInput {
    /// The global id of the note.
    note_id: ID,
    /// What there is to say beside the three parts, up to 10,000 characters. Null or left out: it stays as it is.
    text: Option<String>,
    /// What the customer needs, up to 10,000 characters. Null or left out: it stays as it is.
    need: Option<String>,
    /// What was tried, up to 10,000 characters. Null or left out: it stays as it is.
    tried: Option<String>,
    /// What is to be done next, up to 10,000 characters. Null or left out: it stays as it is.
    next_step: Option<String>,
    /// The version of the note that you have seen. If given and the note has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `noteUpdate`.
#[derive(SimpleObject)]
pub(crate) struct NoteUpdatePayload {
    /// The note as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    note: Option<Note>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<NoteUpdateError>,
}

user_error! {
    /// Why `noteUpdate` did nothing.
    NoteUpdateError,
    /// The reasons of `noteUpdate` to do nothing.
    NoteUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such note, or its session does not go on for you.
        NoteNotFound,
        /// Somebody else wrote the note.
        NotAuthor,
        /// The note has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The note would say nothing in any of its parts.
        Empty,
        /// A part has more than 10,000 characters.
        TooLong,
    }
}

#[derive(Default)]
pub(crate) struct NoteUpdate;

#[Object]
impl NoteUpdate {
    /// Rewords a private note that you wrote, in a session that goes on for you.
    async fn note_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The note and what is to change.")] input: NoteUpdateInput,
    ) -> Result<NoteUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(NoteUpdatePayload { note: done.map(|done| Note::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(view: &View, input: NoteUpdateInput) -> Result<domain::Note, Stop<domain::Note, NoteUpdateError>> {
    use NoteUpdateErrorCode as Code;
    let invalid = |field| move |invalid| NoteUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.note_id).map_err(invalid("noteId"))?;
    let NoteUpdateInput { text, need, tried, next_step, expected_version, .. } = input;
    let change = NoteChange { text, need, tried, next_step, expected_version };
    let changed = view.desk().note_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Note, NoteUpdateError> {
    use NoteUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::NoteNotFound, Some("noteId")),
        Refusal::NotAuthor => (Code::NotAuthor, Some("noteId")),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Content(NoteContentRefusal::Empty) => (Code::Empty, None),
        Refusal::Content(NoteContentRefusal::TooLong(part)) => (Code::TooLong, Some(field_of(*part))),
    };
    let error = NoteUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(note) = refusal { Some(*note) } else { None };
    Stop::Refused { error, current }
}
