//! Calls to Telegram: handed to the sender of a bot, and settled by what came of them.

mod settle;
mod take;

pub use settle::Outcome;
pub use store::outbox::QueuedCall;
