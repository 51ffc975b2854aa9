//! Refusals of an HTTP request that never becomes a GraphQL operation.

use std::borrow::Cow;

use http::StatusCode;

use crate::transport::{authentication::AuthenticationError, code::ErrorCode, parameters::ParametersError};

/// Why an HTTP request is refused, and with which status.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: ErrorCode,
    pub(super) message: Cow<'static, str>,
    /// The methods that would be allowed here, where the method was the mistake.
    pub(super) allow: Option<&'static str>,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code, message: message.into(), allow: None }
    }

    pub(super) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    pub(super) fn method_not_allowed() -> Self {
        let message = "Send GraphQL requests by POST, or queries by GET.";
        Self { allow: Some("GET, POST"), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, message) }
    }

    pub(super) fn only_queries_by_get() -> Self {
        let message = "Only queries can be sent by GET. Send this operation by POST.";
        Self { allow: Some("POST"), ..Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, message) }
    }

    pub(super) fn subscription_needs_stream() -> Self {
        Self::bad_request(
            "Subscriptions need a stream: send `Accept: text/event-stream`, or use a WebSocket with the subprotocol \
             `graphql-transport-ws`.",
        )
    }

    pub(super) fn preflight_required() -> Self {
        let message = "Add the header `X-GraphQL-Preflight: 1` to GET requests, or send the request by POST.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
    }

    pub(super) fn foreign_origin() -> Self {
        let message =
            "Pages of this origin may not open sockets here. Add the origin to the allowed origins of the server.";
        Self::new(StatusCode::FORBIDDEN, ErrorCode::Forbidden, message)
    }

    pub(super) fn not_acceptable() -> Self {
        let message = "The answer can be `application/graphql-response+json`, `application/json` or `text/event-stream`; \
                       name one of them in `Accept`.";
        Self::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadRequest, message)
    }

    pub(super) fn unsupported_media_type(message: &'static str) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, ErrorCode::BadRequest, message)
    }

    pub(super) fn body_too_large(limit_bytes: usize) -> Self {
        let message = format!("The request body is larger than {limit_bytes} bytes. Send less in one request.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge, message)
    }

    pub(super) fn body_too_slow() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            ErrorCode::Timeout,
            "The request body did not arrive in time. Send it again.",
        )
    }

    pub(super) fn failed_upgrade(reason: String) -> Self {
        Self::bad_request(format!("This is not a WebSocket handshake: {reason}."))
    }
}

impl From<ParametersError> for Refusal {
    fn from(error: ParametersError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.code(), error.to_string())
    }
}

impl From<AuthenticationError> for Refusal {
    fn from(error: AuthenticationError) -> Self {
        let code = error.code();
        Self::new(code.refusal_status(), code, format!("{error}."))
    }
}
