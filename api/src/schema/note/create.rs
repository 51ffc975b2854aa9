//! Writing a private note.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::note::{NewNote, NoteCreateRefusal as Refusal};
use desk::session::SessionRefusal;
use domain::note::{NoteContent, NoteContentRefusal};

use super::Note;
use super::object::field_of;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `noteCreate` takes.
#[derive(InputObject)]
pub(crate) struct NoteCreateInput {
    /// The global id of the session.
    session_id: ID,
    /// What there is to say beside the three parts, up to 10,000 characters. Null or left out for nothing.
    text: Option<String>,
    /// What the customer needs, up to 10,000 characters. Null or left out for nothing.
    need: Option<String>,
    /// What was tried, up to 10,000 characters. Null or left out for nothing.
    tried: Option<String>,
    /// What is to be done next, up to 10,000 characters. Null or left out for nothing.
    next_step: Option<String>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input writes no other note and gives the first one. Null or left out: sending again is another request.
    idempotency_key: Option<String>,
}

/// What came of `noteCreate`.
#[derive(SimpleObject)]
pub(crate) struct NoteCreatePayload {
    /// The new note. Null if none was written.
    note: Option<Note>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<NoteCreateError>,
}

user_error! {
    /// Why `noteCreate` did nothing.
    NoteCreateError,
    /// The reasons of `noteCreate` to do nothing.
    NoteCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such session, or it does not go on for you.
        SessionNotFound,
        /// The note says nothing in any of its parts.
        Empty,
        /// A part has more than 10,000 characters.
        TooLong,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct NoteCreate;

#[Object]
impl NoteCreate {
    /// Writes a private note in a session: a text, or what is needed, what was tried and what is the next step. The
    /// customer never sees it. For everybody for whom the session goes on, whoever answers in it.
    async fn note_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The note and where it belongs.")] input: NoteCreateInput,
    ) -> Result<NoteCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(NoteCreatePayload { note: done.map(|done| Note::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(view: &View, input: NoteCreateInput) -> Result<domain::Note, Stop<domain::Note, NoteCreateError>> {
    use NoteCreateErrorCode as Code;
    let invalid = |field| move |invalid| NoteCreateError::new(Code::InvalidId, Some(field), invalid);
    let new = NewNote {
        session_id: id::parse(&input.session_id).map_err(invalid("sessionId"))?,
        content: NoteContent {
            text: input.text.unwrap_or_default(),
            need: input.need.unwrap_or_default(),
            tried: input.tried.unwrap_or_default(),
            next_step: input.next_step.unwrap_or_default(),
        },
        idempotency_key: input.idempotency_key,
    };
    let made = view.desk().note_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Note, NoteCreateError> {
    use NoteCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Session(SessionRefusal::NotFound) => (Code::SessionNotFound, Some("sessionId")),
        Refusal::Session(_) => return Stop::unexpected(refusal),
        Refusal::Content(NoteContentRefusal::Empty) => (Code::Empty, None),
        Refusal::Content(NoteContentRefusal::TooLong(part)) => (Code::TooLong, Some(field_of(*part))),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    NoteCreateError::new(code, field, refusal).into()
}
