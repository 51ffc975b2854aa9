//! Taking a note away.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::{ApiScope, Note, NoteId, Role, Session};

use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why a note was not taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoteDeleteRefusal {
    /// There is no such note, or the session does not go on for the actor.
    #[error("there is no such note")]
    NotFound,
    /// Somebody else wrote it, and the actor is an agent only.
    #[error("somebody else wrote this note: ask them or a supervisor")]
    NotAuthor,
}

impl From<NoteDeleteRefusal> for Rejected<NoteDeleteRefusal> {
    fn from(refusal: NoteDeleteRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Takes a note away: agents their own, supervisors every one. Answers the session that it was in.
    pub async fn note_delete(&self, actor: &Actor, id: NoteId) -> Result<Session, Rejected<NoteDeleteRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_note_delete(actor, id)).await
    }

    async fn try_note_delete(&self, actor: &Actor, id: NoteId) -> Result<Session, Rejected<NoteDeleteRefusal>> {
        let Some((mut change, note)) = self.change_note(actor, id).await? else {
            return Err(NoteDeleteRefusal::NotFound.into());
        };
        if note.agent_id != actor.agent.id && change.role < Role::Supervisor {
            return Err(NoteDeleteRefusal::NotAuthor.into());
        }
        let gone = Note { deleted_at: Some(change.now), deleted_version: Some(change.session.version + 1), ..note };
        change.tx.update_note(&gone).await?;
        Ok(self.finish_within_session(change, Cause::Note, "noteDelete", (ObjectKind::Note, id.0)).await?)
    }
}
