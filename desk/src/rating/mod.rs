//! What customers think of the support they got: they are asked after a resolution, and answer in stars.

mod ask;
mod list;
mod plan;
mod settings;
mod take;

pub(crate) use ask::{ASK, ask};
pub(crate) use plan::plan;
pub use settings::{RatingChange, RatingRefusal};
pub(crate) use take::{Given, note_comment, take};
