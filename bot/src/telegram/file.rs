//! Files that Telegram keeps: asking where one is, and fetching it.

use std::time::Duration;

use bytes::Bytes;
use reqwest::{StatusCode, header};
use serde_json::json;
use tokio::time::timeout;

use super::{CallError, Client, Endpoint, client::CALL_TIMEOUT, exchange::in_words, fields::Fields};

/// How long the server may be silent amid a file.
const SILENCE: Duration = Duration::from_secs(30);

/// What Telegram says when a file is larger than bots may have.
const TOO_LARGE: &str = "file is too big";

/// What Telegram says when it could hand a file out later. It says so of wrong handles, too, and begins with that.
const NOT_NOW: &str = "Bad Request: file is temporarily unavailable";

/// Why a file could not be had.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is larger than bots may have.
    #[error("the file is larger than Telegram hands to bots")]
    TooLarge,
    /// There is none under this handle, or not for this bot.
    #[error("Telegram has no such file for this bot")]
    NotFound,
    /// The Bot API server tells where the file is on its own disk, and does not serve it.
    #[error("the Bot API server does not serve its files")]
    NotServed,
    /// The call failed in another way.
    #[error(transparent)]
    Call(#[from] CallError),
}

/// A file that is being fetched.
#[derive(Debug)]
pub struct RemoteFile {
    response: reqwest::Response,
}

impl Client {
    /// Fetches a file by its handle (`file_id`), as far as its first byte.
    ///
    /// # Errors
    ///
    /// [`FileError`].
    pub async fn open_file(&self, endpoint: &Endpoint, file_id: &str) -> Result<RemoteFile, FileError> {
        let path = self.file_path(endpoint, file_id).await?;
        let url = endpoint.file_url(&path).ok_or(FileError::NotFound)?;
        let request = self.http(endpoint).get(url).send();
        let response = match timeout(SILENCE, request).await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => return Err(CallError::Unavailable(in_words(error)).into()),
            Err(_) => return Err(CallError::Unavailable("no file in time".to_owned()).into()),
        };
        match response.status() {
            StatusCode::OK => Ok(RemoteFile { response }),
            StatusCode::UNAUTHORIZED => Err(CallError::Unauthorized.into()),
            // A server that was started with `--local` gives a path on its own disk.
            StatusCode::NOT_FOUND if path.starts_with('/') => Err(FileError::NotServed),
            StatusCode::NOT_FOUND => Err(FileError::NotFound),
            StatusCode::TOO_MANY_REQUESTS => Err(CallError::RetryAfter(wait_of(&response)).into()),
            // A redirect is not followed: it would carry the request to whoever the answer names.
            status => Err(CallError::Unavailable(format!("the file came with the status {}", status.as_u16())).into()),
        }
    }

    async fn file_path(&self, endpoint: &Endpoint, file_id: &str) -> Result<String, FileError> {
        let outcome = self.call(endpoint, "getFile", &json!({ "file_id": file_id }), CALL_TIMEOUT).await;
        let result = outcome.map_err(FileError::of_call)?;
        let path = Fields::parse(result.as_str()).and_then(|fields| fields.string("file_path"));
        Ok(path.ok_or_else(|| CallError::Unavailable("getFile does not say where the file is".to_owned()))?)
    }
}

impl FileError {
    fn of_call(error: CallError) -> Self {
        match error {
            CallError::Refused { description, .. } if description.contains(TOO_LARGE) => Self::TooLarge,
            CallError::Refused { description, .. } if description.starts_with(NOT_NOW) => {
                CallError::Unavailable(description).into()
            }
            CallError::Refused { .. } => Self::NotFound,
            error => error.into(),
        }
    }
}

fn wait_of(response: &reqwest::Response) -> Duration {
    let seconds = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}

impl RemoteFile {
    /// How large it is, if the server says so before its end.
    #[must_use]
    pub fn size_bytes(&self) -> Option<u64> {
        self.response.content_length()
    }

    /// The next bytes; nothing at the end.
    ///
    /// # Errors
    ///
    /// [`CallError::Unavailable`] when the connection breaks or the server falls silent.
    pub async fn next(&mut self) -> Result<Option<Bytes>, CallError> {
        match timeout(SILENCE, self.response.chunk()).await {
            Ok(Ok(bytes)) => Ok(bytes),
            Ok(Err(error)) => Err(CallError::Unavailable(in_words(error))),
            Err(_) => Err(CallError::Unavailable("the file stopped coming".to_owned())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(description: &str) -> FileError {
        FileError::of_call(CallError::Refused { error_code: 400, description: description.to_owned() })
    }

    #[test]
    fn refusals_are_told_apart() {
        assert_eq!(refused("Bad Request: file is too big"), FileError::TooLarge);
        assert_eq!(refused("Bad Request: invalid file_id"), FileError::NotFound);
        assert_eq!(refused("Bad Request: wrong file_id or the file is temporarily unavailable"), FileError::NotFound);
        assert!(matches!(refused(NOT_NOW), FileError::Call(CallError::Unavailable(_))));
        assert_eq!(FileError::of_call(CallError::Unauthorized), FileError::Call(CallError::Unauthorized));
    }
}
