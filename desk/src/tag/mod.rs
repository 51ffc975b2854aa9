//! Tags of sessions and customers.

mod archive;
mod create;
mod list;
mod merge;
mod of_customer;
mod of_session;
mod presets;
mod update;

pub use archive::TagArchiveRefusal;
pub use create::{MOST_TAGS, NewTag, TagRefusal};
pub use merge::TagMergeRefusal;
pub use of_customer::CustomerTagsRefusal;
pub use of_session::SessionTagsRefusal;
pub(crate) use presets::add_presets;
pub use update::{TagChange, TagUpdateRefusal};
