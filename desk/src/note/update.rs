//! Rewording a note.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::note::{NoteContent, NoteContentRefusal, NoteWording};
use domain::{ApiScope, Note, NoteId};

use crate::retry::retried;
use crate::session::SessionChange;
use crate::{Actor, Desk, Error, Rejected};

/// What is to change of a note; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct NoteChange {
    /// What there is to say beside the three parts.
    pub text: Option<String>,
    /// What the customer needs.
    pub need: Option<String>,
    /// What was tried.
    pub tried: Option<String>,
    /// What is to be done next.
    pub next_step: Option<String>,
    /// The version of the note that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a note was not reworded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoteUpdateRefusal {
    /// There is no such note, or the session does not go on for the actor.
    #[error("there is no such note")]
    NotFound,
    /// Somebody else wrote it.
    #[error("somebody else wrote this note: write one of your own")]
    NotAuthor,
    /// The note is not at the version that the actor has seen.
    #[error("the note has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<Note>),
    /// What it would say cannot be taken.
    #[error(transparent)]
    Content(#[from] NoteContentRefusal),
}

impl<E: Into<NoteUpdateRefusal>> From<E> for Rejected<NoteUpdateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Rewords a note of the actor's own.
    pub async fn note_update(
        &self,
        actor: &Actor,
        id: NoteId,
        change: &NoteChange,
    ) -> Result<Note, Rejected<NoteUpdateRefusal>> {
        actor.needs(ApiScope::SessionsWrite)?;
        retried(|| self.try_note_update(actor, id, change)).await
    }

    async fn try_note_update(
        &self,
        actor: &Actor,
        id: NoteId,
        asked: &NoteChange,
    ) -> Result<Note, Rejected<NoteUpdateRefusal>> {
        let Some((mut change, note)) = self.change_note(actor, id).await? else {
            return Err(NoteUpdateRefusal::NotFound.into());
        };
        if note.agent_id != actor.agent.id {
            return Err(NoteUpdateRefusal::NotAuthor.into());
        }
        if asked.expected_version.is_some_and(|expected| expected != note.version) {
            return Err(NoteUpdateRefusal::VersionConflict(Box::new(note)).into());
        }
        let before = note.content();
        let content = NoteContent {
            text: asked.text.clone().unwrap_or_else(|| before.text.clone()),
            need: asked.need.clone().unwrap_or_else(|| before.need.clone()),
            tried: asked.tried.clone().unwrap_or_else(|| before.tried.clone()),
            next_step: asked.next_step.clone().unwrap_or_else(|| before.next_step.clone()),
        };
        let content = content.check()?;
        if content == before {
            return Ok(note);
        }
        let wording = NoteWording {
            note_id: id,
            until_version: change.session.version + 1,
            content: before,
            edited_at: note.edited_at,
        };
        change.tx.insert_note_wording(&wording).await?;
        let reworded = Note { edited_at: Some(change.now), ..note }.saying(content);
        let note = change.tx.update_note(&reworded).await?;
        self.finish_within_session(change, Cause::Note, "noteUpdate", (ObjectKind::Note, id.0)).await?;
        Ok(note)
    }

    /// Begins the change of a note by somebody for whom its session goes on; nothing if it does not or there is no such
    /// note.
    pub(super) async fn change_note(&self, actor: &Actor, id: NoteId) -> Result<Option<(SessionChange, Note)>, Error> {
        let known = self.store.read().await?.notes(&[id.0]).await?.pop();
        let Some(known) = known else { return Ok(None) };
        let Some(mut change) = self.change_any_session(actor, known.session_id).await? else { return Ok(None) };
        // What somebody else was changing meanwhile is read as they left it.
        let note = change.tx.notes(&[id.0]).await?.pop().filter(|note| note.deleted_at.is_none());
        Ok(note.map(|note| (change, note)))
    }
}
