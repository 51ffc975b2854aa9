//! The formatting of texts, after the Bot API's `MessageEntity`, and cutting long texts without breaking it.

mod check;
mod entity;
mod ruler;
mod split;

pub(crate) use check::is_link;
pub use check::{ENTITIES, FormattingRefusal, check};
pub use entity::{Entity, EntityKind};
pub use split::{Part, split};
