//! Triggers: what the desk does by itself with what customers write.

mod defaults;
mod hear;
mod judge;
mod known;
mod list;
mod refusal;
mod remove;
mod reorder;
mod word_list;
mod write;

pub use defaults::TriggerDefaultsRefusal;
pub(crate) use hear::{Heard, hear, hear_batch};
pub use judge::TriggerJudgeRefusal;
pub(crate) use known::Known;
pub use refusal::TriggerRefusal;
pub use word_list::{NewWordList, WordListChange, WordListRefusal};
pub use write::{NewTrigger, TriggerChange};
