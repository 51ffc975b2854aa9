//! Writing a note.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::note::{NoteContent, NoteContentRefusal};
use domain::{ApiScope, Note, SessionId};

use crate::idempotency::Request;
use crate::retry::retried;
use crate::session::SessionRefusal;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A note to be written.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewNote {
    /// The session.
    pub session_id: SessionId,
    /// What it says.
    pub content: NoteContent,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// Why a note was not written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteCreateRefusal {
    /// As for every change of a session.
    #[error(transparent)]
    Session(#[from] SessionRefusal),
    /// It cannot be taken.
    #[error(transparent)]
    Content(#[from] NoteContentRefusal),
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<NoteCreateRefusal>> From<E> for Rejected<NoteCreateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

/// The name under which requests are remembered.
pub(crate) const OPERATION: &str = "noteCreate";

impl Desk {
    /// Writes a note in a session that goes on for the actor.
    pub async fn note_create(&self, actor: &Actor, new: &NewNote) -> Result<Note, Rejected<NoteCreateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        let content = new.content.check()?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), OPERATION, new)??;
        retried(|| self.try_note_create(actor, new.session_id, &content, &request)).await
    }

    async fn try_note_create(
        &self,
        actor: &Actor,
        session: SessionId,
        content: &NoteContent,
        request: &Request<'_>,
    ) -> Result<Note, Rejected<NoteCreateRefusal>> {
        let mut change = self.change_session(actor, session, None).await.map_err(Rejected::widened)?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut change.tx).await?? {
            return Ok(change.tx.notes(&[earlier]).await?.pop().ok_or(Error::NotFound("note"))?);
        }
        let new = store::desk_tools::NewNote {
            project_id: change.project.id,
            session_id: session,
            agent_id: actor.agent.id,
            content: content.clone(),
            created_at: change.now,
            since_version: change.session.version + 1,
        };
        let note = change.tx.insert_note(&new).await?;
        request.answer(self, &mut change.tx, note.id.0).await?;
        self.finish_within_session(change, Cause::Note, "noteCreate", (ObjectKind::Note, note.id.0)).await?;
        Ok(note)
    }
}
