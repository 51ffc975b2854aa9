//! Where the files come from that customers have sent.

use std::time::Duration;

use bytes::Bytes;
use domain::ProjectId;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;

use crate::Error;

/// The bytes of a file, piece by piece.
pub type ByteStream = BoxStream<'static, Result<Bytes, Error>>;

/// Hands out what is stored with Telegram. The front door to Telegram provides it, and the door for programs asks it,
/// so that neither knows of the other.
pub trait MediaSource: Send + Sync + 'static {
    /// Opens a file that the bot of a project knows by a handle. Rights have been checked before.
    fn open<'a>(
        &'a self,
        project_id: ProjectId,
        telegram_file_id: &'a str,
    ) -> BoxFuture<'a, Result<RemoteFile, MediaError>>;
}

/// A file that is stored elsewhere.
pub struct RemoteFile {
    /// How large it is, if that is known before its end.
    pub size_bytes: Option<u64>,
    /// The bytes.
    pub content: ByteStream,
}

/// Why Telegram does not hand a file out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// It is larger than Telegram hands to bots.
    #[error("the file is too large for Telegram to hand it to a bot")]
    TooLarge,
    /// Telegram does not have it, or not for this bot.
    #[error("Telegram does not have this file for the bot, or cannot hand it out now")]
    Gone,
    /// The Bot API server keeps its files to itself.
    #[error("the Bot API server does not serve files over HTTP: run it without --local, or have its files served")]
    NotServed,
    /// The project's bot cannot be used.
    #[error("Telegram does not take the token of the project's bot: give the project the present one")]
    BotRevoked,
    /// Telegram is out of reach or wants to be left alone for a while.
    #[error("Telegram cannot hand the file out now: try again later")]
    Unavailable {
        /// How long to wait, if Telegram said so.
        retry_after: Option<Duration>,
        /// What happened, for the log. It holds no token.
        cause: String,
    },
}
