//! Files within messages, for those who may see the message.

mod bot;
mod download;
mod source;
mod ticket;

pub use bot::TelegramBot;
pub use download::{Download, DownloadPlace, DownloadRefusal, TELEGRAM_DOWNLOAD_BYTES, download_refusal};
pub use source::{ByteStream, MediaError, MediaSource, RemoteFile};
pub use ticket::{TICKET_LIFETIME, TicketError};
