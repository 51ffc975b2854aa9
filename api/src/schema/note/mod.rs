//! Private notes of sessions.

mod create;
mod delete;
mod loader;
mod object;
mod update;

pub(crate) use create::NoteCreate;
pub(crate) use delete::NoteDelete;
pub(crate) use loader::NoteById;
pub(crate) use object::Note;
pub(crate) use update::NoteUpdate;
