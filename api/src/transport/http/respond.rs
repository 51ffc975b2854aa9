//! Results and refusals as HTTP responses.

use async_graphql::{ServerError, Value};
use axum::{
    body::Body,
    response::{IntoResponse as _, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{accept::MediaType, refusal::Refusal};
use crate::transport::{
    code::ErrorCode,
    error::server_error,
    request_id::RequestId,
    result::{OperationResult, to_json},
};

/// The response to an operation that ran or was refused as a GraphQL request.
pub(super) fn result(result: OperationResult, media_type: MediaType) -> Response {
    let status = status(result.refusal_code(), media_type);
    response(status, result, media_type)
}

/// The response to a request that is not a GraphQL request at all.
pub(super) fn refusal(refusal: Refusal, media_type: MediaType, request_id: &RequestId) -> Response {
    let Refusal { status, code, message, allow } = refusal;
    let mut result = OperationResult::refused(server_error(code, message), request_id);
    result.headers.extend(allow.map(|methods| (header::ALLOW, HeaderValue::from_static(methods))));
    response(status, result, media_type)
}

/// The response to a request beside GraphQL that is refused: in the form of a GraphQL refusal, with a status of its own.
pub(crate) fn refused(status: StatusCode, error: ServerError, request_id: &RequestId) -> Response {
    response(status, OperationResult::refused(error, request_id), MediaType::Json)
}

/// The status of a well-formed request (GraphQL over HTTP, section 6.4).
///
/// `application/json` is for clients and proxies that read the body of a 200 only, so that refusals which are the
/// client's own affair have this status there. Those that ask it to wait, to sign in or to come back are told by the
/// status in any case.
fn status(refusal: Option<ErrorCode>, media_type: MediaType) -> StatusCode {
    match refusal.map(ErrorCode::refusal_status) {
        None => StatusCode::OK,
        Some(StatusCode::BAD_REQUEST) if media_type == MediaType::Json => StatusCode::OK,
        Some(status) => status,
    }
}

fn response(status: StatusCode, result: OperationResult, media_type: MediaType) -> Response {
    let mut headers = result.headers.clone();
    headers.insert(header::CONTENT_TYPE, media_type.content_type());
    protect(&mut headers);
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    if let Some(seconds) = retry_after_seconds(&result) {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    (status, headers, Body::from(to_json(&result))).into_response()
}

/// Keeps private data out of caches, and browsers from taking JSON for something else.
pub(in crate::transport) fn protect(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::VARY, HeaderValue::from_static("accept"));
}

/// `extensions.retryAfterMs` of a refusal, rounded up to whole seconds.
fn retry_after_seconds(result: &OperationResult) -> Option<u64> {
    result.refusal_code()?;
    match result.errors.first()?.extensions.as_ref()?.get("retryAfterMs")? {
        Value::Number(milliseconds) => milliseconds.as_u64().map(|milliseconds| milliseconds.div_ceil(1000)),
        _ => None,
    }
}
