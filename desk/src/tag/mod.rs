//! Tags of sessions and customers.

mod archive;
mod create;
mod give;
mod list;
mod merge;
mod merged;
mod of_customer;
mod of_session;
mod presets;
mod update;

pub use archive::TagArchiveRefusal;
pub use create::{MOST_TAGS, NewTag, TagRefusal};
pub(crate) use give::give_tags;
pub use merge::TagMergeRefusal;
pub(crate) use merged::{TAG_MERGED, tell_of_merged};
pub use of_customer::CustomerTagsRefusal;
pub use of_session::SessionTagsRefusal;
pub(crate) use presets::add_presets;
pub use update::{TagChange, TagUpdateRefusal};
