//! Reading notes.

use std::collections::BTreeSet;

use domain::note::NoteWording;
use domain::{ApiScope, Note, NoteId, SessionId};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of a session's notes, oldest first. Where the session has ended for the actor, those that were there then,
    /// with the words of then.
    pub async fn notes(
        &self,
        actor: &Actor,
        session: SessionId,
        request: PageRequest<NoteId>,
    ) -> Result<Connection<Note, NoteId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let mut view = self.view(actor, session).await?.ok_or(Error::NotFound("session"))?;
        let page = request.page()?;
        let (mut notes, total) = loop {
            let mut reader = request.reader(&self.store).await?;
            let notes = reader.note_page(session, view.last_version(), page).await?;
            let total = request.total(reader.note_count(session, view.last_version())).await?;
            // The connection goes back before rights are asked for, which may take another one.
            reader.end().await?;
            match self.ended_since(actor, session, &view).await? {
                Some(left) => view = left,
                None => break (notes, total),
            }
        };
        if let Some(version) = view.last_version() {
            let ids: Vec<i64> = notes.iter().map(|note| note.id.0).collect();
            let wordings = self.store.read().await?.note_wordings(&ids).await?;
            notes = notes.into_iter().filter_map(|note| note.at_version(version, &wordings)).collect();
        }
        Ok(Connection::new(page, notes, total, |note| note.id))
    }

    /// Those of the notes that the actor may see, each as they see it, in no order.
    pub async fn notes_by_id(&self, actor: &Actor, ids: &[NoteId]) -> Result<Vec<Note>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let (found, wordings, sessions) = {
            let mut reader = self.store.read().await?;
            let found = reader.notes(&ids).await?;
            let of: BTreeSet<i64> = found.iter().map(|note| note.session_id.0).collect();
            let wordings: Vec<NoteWording> = reader.note_wordings(&ids).await?;
            (found, wordings, reader.sessions(&Vec::from_iter(of)).await?)
        };
        let views = self.views(actor, &sessions).await?;
        let shown = |note: Note| match views.get(&note.session_id)?.last_version() {
            Some(version) => note.at_version(version, &wordings),
            None => Some(note).filter(|note| note.deleted_at.is_none()),
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }
}
