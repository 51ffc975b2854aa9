//! Our client of the Telegram Bot API and our reading of its updates.
//!
//! Requests are teloxide's typed payloads; everything that comes back is read here, leniently
//! and from the raw text, because teloxide's types lag behind Telegram and refuse what they do
//! not know. Source: <https://core.telegram.org/bots/api>, as of Bot API 10.3.

mod attempt;
mod bot_profile;
mod call_error;
mod client;
mod endpoint;
mod envelope;
mod exchange;
pub(crate) mod fields;
mod file;
mod form;
mod lossy_string;
mod method_name;
mod raw_json;
mod raw_update;
mod sent_message;
mod storable_json;
mod token;
pub mod update;
mod webhook;

pub use attempt::{Attempt, BlockKind, DEFAULT_RETRY_AFTER, MAX_RETRY_AFTER, RefusalKind};
pub use bot_profile::BotProfile;
pub use call_error::CallError;
pub use client::{CONNECT_TIMEOUT, Client, ClientBuildError};
pub use endpoint::{BadApiUrl, Endpoint, TELEGRAM_API_URL};
pub use file::{FileError, RemoteFile};
pub use form::FormFile;
pub use method_name::method_name;
pub use raw_json::RawJson;
pub use raw_update::{DecodeError, RawUpdate};
pub use sent_message::SentMessage;
pub(crate) use storable_json::storable;
pub use token::{BadToken, BotId, Token};
pub use update::Update;
pub use webhook::WebhookInfo;
