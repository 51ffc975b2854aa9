//! Updates from Telegram: taken in by polling or by webhook, and worked off.
//!
//! Both ways in end in [`desk::Desk::store_updates`], and only what that has made durable is
//! acknowledged to Telegram.

mod arrival;
mod decode;
mod poller;
mod webhook;
mod worker;

pub use decode::TelegramUpdates;
pub(crate) use poller::Poller;
pub use webhook::WebhookAddress;
pub(crate) use webhook::{Receiver, Registration};
pub(crate) use worker::work_off;
