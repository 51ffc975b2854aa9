//! Who is writing.

mod set;
mod subscription;

pub(crate) use set::TypingSet;
pub(crate) use subscription::TypingSubscription;
