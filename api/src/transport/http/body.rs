//! Reading a request body within its limits.

use std::error::Error as _;

use axum::body::{Body, to_bytes};
use bytes::Bytes;
use http::{HeaderMap, header};
use http_body_util::LengthLimitError;
use tokio::time::timeout;

use super::refusal::Refusal;
use crate::transport::settings::TransportSettings;

/// Reads the body. One that is announced too large is refused before any of it is read.
pub(super) async fn read(headers: &HeaderMap, body: Body, settings: &TransportSettings) -> Result<Bytes, Refusal> {
    let limit = settings.body_limit_bytes;
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit as u64) {
        return Err(Refusal::body_too_large(limit));
    }
    match timeout(settings.body_timeout, to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if error.source().is_some_and(|cause| cause.is::<LengthLimitError>()) => {
            Err(Refusal::body_too_large(limit))
        }
        Ok(Err(_)) => Err(Refusal::bad_request("The request body could not be read to its end. Send it again.")),
        Err(_) => Err(Refusal::body_too_slow()),
    }
}
