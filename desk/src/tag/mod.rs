//! Tags of sessions.

mod create;
mod list;
mod of_session;

pub use create::{MOST_TAGS, NewTag, TagRefusal};
pub use of_session::SessionTagsRefusal;
