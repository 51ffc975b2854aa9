//! Tags of sessions.

mod create;
mod list;
mod of_session;

pub use create::{MOST_TAGS, TagRefusal};
pub use of_session::SessionTagsRefusal;
