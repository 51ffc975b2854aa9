//! Who is writing. It goes by the wall clock, is in no log, and is over by itself after a few seconds.

mod follow;
mod set;

pub use follow::{TypingChange, TypingFeed};
pub use set::TypingRefusal;
