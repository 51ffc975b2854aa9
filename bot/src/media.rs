//! Handing out the files that Telegram keeps.

use std::time::Duration;

use bytes::Bytes;
use desk::media::{MediaError, MediaSource, RemoteFile, TelegramBot};
use desk::{Desk, Error};
use domain::ProjectId;
use futures_util::FutureExt as _;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::unfold;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::cause::cause_of;
use crate::runtime::Bots;
use crate::telegram::{self, CallError, FileError};

/// How many pieces are fetched ahead of whoever reads them.
const PIECES_AHEAD: usize = 4;

/// How long whoever reads a file may stop reading before Telegram is let go.
const READER_PATIENCE: Duration = Duration::from_secs(60);

/// The files that the bots of a desk can fetch, those of sandboxes included.
pub(crate) struct TelegramFiles {
    desk: Desk,
    bots: Bots,
}

impl TelegramFiles {
    pub(crate) fn new(desk: Desk, bots: Bots) -> Self {
        Self { desk, bots }
    }

    async fn fetch(&self, project_id: ProjectId, file_id: &str) -> Result<RemoteFile, MediaError> {
        let bot = self.desk.telegram_bot(project_id).await.map_err(|error| unavailable(None, cause_of(&error)))?;
        let endpoint = match bot {
            Some(TelegramBot::Simulated) => self.bots.simulated(project_id),
            Some(TelegramBot::Real { token }) => self.bots.real(&token).ok_or(MediaError::BotRevoked)?,
            None => return Err(MediaError::BotRevoked),
        };
        let file = self.bots.client().open_file(&endpoint, file_id).await.map_err(in_words_of_the_desk)?;
        let size_bytes = file.size_bytes();
        let (sender, receiver) = mpsc::channel(PIECES_AHEAD);
        tokio::spawn(pass_on(file, sender));
        let content = unfold(receiver, |mut pieces| async move { Some((pieces.recv().await?, pieces)) });
        Ok(RemoteFile { size_bytes, content: content.boxed() })
    }
}

impl MediaSource for TelegramFiles {
    fn open<'a>(
        &'a self,
        project_id: ProjectId,
        telegram_file_id: &'a str,
    ) -> BoxFuture<'a, Result<RemoteFile, MediaError>> {
        self.fetch(project_id, telegram_file_id).boxed()
    }
}

/// Passes the bytes on as they come. One who stops reading must not hold the connection to Telegram for ever.
async fn pass_on(mut file: telegram::RemoteFile, reader: mpsc::Sender<Result<Bytes, Error>>) {
    loop {
        let piece = match file.next().await {
            Ok(Some(bytes)) => Ok(bytes),
            Ok(None) => return,
            Err(error) => Err(Error::internal(error)),
        };
        let is_broken = piece.is_err();
        let is_read = matches!(timeout(READER_PATIENCE, reader.send(piece)).await, Ok(Ok(())));
        if is_broken || !is_read {
            return;
        }
    }
}

fn in_words_of_the_desk(error: FileError) -> MediaError {
    match error {
        FileError::TooLarge => MediaError::TooLarge,
        FileError::NotFound => MediaError::Gone,
        FileError::NotServed => MediaError::NotServed,
        FileError::Call(CallError::Unauthorized) => MediaError::BotRevoked,
        FileError::Call(CallError::RetryAfter(wait)) => unavailable(Some(wait), "Telegram asks to wait"),
        FileError::Call(error) => unavailable(None, error),
    }
}

fn unavailable(retry_after: Option<Duration>, cause: impl ToString) -> MediaError {
    MediaError::Unavailable { retry_after, cause: cause.to_string() }
}
