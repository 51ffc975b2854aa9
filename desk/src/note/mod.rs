//! Private notes of sessions.

mod create;
mod delete;
mod list;
mod update;

pub(crate) use create::OPERATION;
pub use create::{NewNote, NoteCreateRefusal};
pub use delete::NoteDeleteRefusal;
pub use update::{NoteChange, NoteUpdateRefusal};
