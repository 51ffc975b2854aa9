//! Saved views: filters of sessions under a name, of one agent or shared by a project.

mod change;
mod list;
mod reorder;

pub use change::{NewSavedView, SavedViewChange, SavedViewRefusal};
