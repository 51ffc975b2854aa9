//! Saved views: filters of sessions under a name, of one agent or shared by a project.

mod change;
mod follow;
mod list;
mod merged_tag;
mod reorder;
mod tally;

pub use change::{NewSavedView, SavedViewChange, SavedViewRefusal};
pub use follow::{CountedView, ViewCounts};
pub(crate) use merged_tag::replace_in_views;
pub(crate) use tally::Tallies;
