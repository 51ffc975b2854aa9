//! Calls to Telegram: handed to the sender of a bot, and settled by what came of them.

mod bind;
mod catch_up;
mod clerk;
mod keep;
mod settle;
mod settle_change;
mod take;

pub(crate) use bind::Recheck;
pub(crate) use clerk::Clerk;
pub(crate) use settle::sent_together;
pub use settle::{Outcome, SentMedia, Settlement, TelegramFile};
pub use store::outbox::{Lane, QueuedCall};
pub use take::{Room, Taken, Wanted};
