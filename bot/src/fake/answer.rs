//! Answers in the envelope of the Bot API.

use std::{io, time::Duration};

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream::{self, StreamExt as _};
use http::{HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::BacklogError;

/// What the fake answers, or is told to answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    content_type: &'static str,
    /// Where a redirection leads.
    location: Option<HeaderValue>,
    body: Bytes,
}

/// How long the part of an answer that breaks off has to get out before the connection ends.
const BREAK_OFF_PAUSE: Duration = Duration::from_millis(100);

impl Answer {
    /// The call was carried out.
    pub(super) fn ok(result: &Value) -> Self {
        Self::ok_raw(&result.to_string())
    }

    /// The call was carried out; the result is JSON text already.
    pub(super) fn ok_raw(result: &str) -> Self {
        Self::verbatim(200, format!(r#"{{"ok":true,"result":{result}}}"#))
    }

    /// The call was refused.
    pub(super) fn error(code: u16, description: &str) -> Self {
        let body = json!({"ok": false, "error_code": code, "description": description});
        Self::verbatim(code, body.to_string())
    }

    /// The call was refused, with more about the reason.
    pub(super) fn error_with(code: u16, description: &str, parameters: &Value) -> Self {
        let body = json!({
            "ok": false,
            "error_code": code,
            "description": description,
            "parameters": parameters,
        });
        Self::verbatim(code, body.to_string())
    }

    /// The call was refused because of what it asks for. `reason` is in Telegram's words.
    pub(super) fn bad_request(reason: &str) -> Self {
        Self::error(400, &format!("Bad Request: {reason}"))
    }

    /// Any status with any body.
    pub(super) fn verbatim(status: u16, body: String) -> Self {
        Self { status, content_type: "application/json", location: None, body: body.into() }
    }

    /// The bytes of a file.
    pub(super) fn file(bytes: Bytes) -> Self {
        Self { status: 200, content_type: "application/octet-stream", location: None, body: bytes }
    }

    /// What is asked for is elsewhere.
    pub(super) fn redirect(location: &str) -> Self {
        Self { location: HeaderValue::from_str(location).ok(), ..Self::verbatim(302, String::new()) }
    }

    /// The answer as far as its middle, where the connection ends.
    pub(super) fn broken_off(self) -> Response {
        let length = self.body.len();
        let half = self.body.slice(..length / 2);
        let end = stream::once(async {
            tokio::time::sleep(BREAK_OFF_PAUSE).await;
            Err(io::Error::from(io::ErrorKind::ConnectionAborted))
        });
        let mut response = self.into_response();
        *response.body_mut() = Body::from_stream(stream::iter([Ok(half)]).chain(end));
        response.headers_mut().insert(header::CONTENT_LENGTH, length.into());
        response
    }

    /// The HTTP status.
    pub(super) fn status(&self) -> u16 {
        self.status
    }
}

impl From<BacklogError> for Answer {
    fn from(error: BacklogError) -> Self {
        tracing::warn!("the fake Bot API answers 500: {error}");
        Self::error(500, "Internal Server Error")
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(location) = self.location {
            response.headers_mut().insert(header::LOCATION, location);
        }
        response
    }
}
