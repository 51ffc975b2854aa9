//! Having Telegram deliver updates by itself.

mod address;
mod receiver;
mod refusal;
mod registration;

pub use address::WebhookAddress;
pub(crate) use receiver::Receiver;
pub(crate) use registration::Registration;
