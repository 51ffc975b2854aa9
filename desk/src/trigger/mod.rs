//! Triggers: what the desk does by itself with what customers write.

mod act;
mod defaults;
mod hear;
mod judge;
mod known;
mod list;
mod low_rating;
mod refusal;
mod remove;
mod reorder;
mod unresolved;
mod word_list;
mod write;

pub use defaults::TriggerDefaultsRefusal;
pub(crate) use hear::{Heard, hear, hear_batch};
pub use judge::TriggerJudgeRefusal;
pub(crate) use known::Known;
pub(crate) use low_rating::low_rating;
pub use refusal::TriggerRefusal;
pub(crate) use unresolved::{UNRESOLVED, look_at_unresolved, session_stands};
pub use word_list::{NewWordList, WordListChange, WordListRefusal};
pub use write::{NewTrigger, TriggerChange};
