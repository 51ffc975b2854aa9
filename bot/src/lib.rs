//! The Telegram front door: updates in, replies out.

pub mod fake;
pub mod telegram;
