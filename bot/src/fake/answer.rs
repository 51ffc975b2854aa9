//! Answers in the envelope of the Bot API.

use axum::{
    body::Body,
    response::{IntoResponse, Response},
};
use http::{StatusCode, header};
use serde_json::{Value, json};

use super::BacklogError;

/// What the fake answers, or is told to answer.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: u16,
    body: String,
}

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
        Self { status, body }
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
        response.headers_mut().insert(header::CONTENT_TYPE, header::HeaderValue::from_static("application/json"));
        response
    }
}
