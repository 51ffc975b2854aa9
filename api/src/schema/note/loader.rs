//! Notes by their ids.

use desk::Error;
use domain::NoteId;

use crate::loader::{Found, Relation, Source};

/// The notes with given ids.
pub(crate) struct NoteById;

impl Relation for NoteById {
    type Key = NoteId;
    type Value = domain::Note;

    async fn load(source: &Source, keys: &[NoteId]) -> Result<Found<Self>, Error> {
        let notes = source.desk.notes_by_id(&source.actor, keys).await?;
        Ok(notes.into_iter().map(|note| (note.id, note)).collect())
    }
}
