//! One call of the Bot API.

use std::sync::Arc;

use axum::{body, extract::Request};
use http::header;
use serde_json::Map;
use tokio::time::Instant;

use super::{answer::Answer, bots::Bot, bots::Bots, parameters::Parameters};

/// The largest request that is read: the largest file that Telegram takes from bots and what is around it.
const MAX_REQUEST_BYTES: usize = 51 * 1024 * 1024;

/// The name by which faults and counts know the download of a file, which is no method of the Bot API.
pub(super) const DOWNLOAD: &str = "downloadFile";

/// One call by a bot whose token is good.
pub(super) struct Call {
    pub(super) bot: Arc<Bot>,
    /// The method, as the bot wrote it. The case does not matter.
    pub(super) method: String,
    pub(super) parameters: Parameters,
    pub(super) received_at: Instant,
}

impl Call {
    /// Reads a request to `/bot<token>/<method>` or to `/file/bot<token>/<path>`.
    pub(super) async fn read(bots: &Bots, request: Request) -> Result<Self, Answer> {
        let received_at = Instant::now();
        let (head, body) = request.into_parts();
        let (is_download, path) = match head.uri.path().strip_prefix("/file") {
            Some(path) => (true, path),
            None => (false, head.uri.path()),
        };
        let (token, rest) = path
            .strip_prefix("/bot")
            .and_then(|rest| rest.split_once('/'))
            .ok_or_else(|| Answer::error(404, "Not Found"))?;
        let bot = bots.authenticate(token).ok_or_else(|| Answer::error(401, "Unauthorized"))?;
        if is_download {
            let path = Map::from_iter([("file_path".to_owned(), rest.into())]);
            return Ok(Self { bot, method: DOWNLOAD.to_owned(), parameters: Parameters::of(path), received_at });
        }
        let content_type =
            head.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let body = body::to_bytes(body, MAX_REQUEST_BYTES)
            .await
            .map_err(|_| Answer::error(413, "Request Entity Too Large"))?;
        let query = head.uri.query().unwrap_or_default();
        Ok(Self {
            bot,
            method: rest.to_owned(),
            parameters: Parameters::read(query, content_type, body).await?,
            received_at,
        })
    }

    /// Whether this is a call of the method.
    pub(super) fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }
}
