//! Reading a request body within its limits.

use std::time::Duration;

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use http::{HeaderMap, header};
use http_body_util::BodyExt as _;
use tokio::time::timeout;

use super::refusal::Refusal;
use crate::transport::settings::TransportSettings;

/// How much of a body that is too large is read and dropped. A client that is still sending when the connection closes
/// never reads why; one that sends more than this has no claim to it.
const DISCARD_LIMIT_BYTES: usize = 32 * 1024 * 1024;

/// For how long it is.
const DISCARD_TIME: Duration = Duration::from_secs(2);

/// Reads the body.
pub(super) async fn read(headers: &HeaderMap, mut body: Body, settings: &TransportSettings) -> Result<Bytes, Refusal> {
    let limit = settings.body_limit_bytes;
    match timeout(settings.body_timeout, read_within(limit, headers, &mut body)).await {
        Ok(Ok(Some(bytes))) => Ok(bytes),
        Ok(Ok(None)) => {
            discard_rest(headers, &mut body).await;
            Err(Refusal::body_too_large(limit))
        }
        Ok(Err(Broken)) => Err(Refusal::bad_request("The request body could not be read to its end. Send it again.")),
        Err(_) => Err(Refusal::body_too_slow()),
    }
}

/// The connection failed, or what came is not a body.
pub(crate) struct Broken;

/// The body, or nothing if it has more than `limit` bytes or is announced to have.
async fn read_within(limit: usize, headers: &HeaderMap, body: &mut Body) -> Result<Option<Bytes>, Broken> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > limit as u64) {
        return Ok(None);
    }
    let mut bytes = BytesMut::new();
    while let Some(data) = next_data(body).await? {
        if bytes.len() + data.len() > limit {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes.freeze()))
}

/// Reads and drops the rest of a body that nobody wants, within bounds, so that a client that is still sending reads why.
pub(crate) async fn discard_rest(headers: &HeaderMap, body: &mut Body) {
    // A client that asks before it sends has sent nothing yet.
    if !headers.contains_key(header::EXPECT) {
        let _ = timeout(DISCARD_TIME, discard(body)).await;
    }
}

async fn discard(body: &mut Body) {
    let mut discarded = 0;
    while let Ok(Some(data)) = next_data(body).await {
        discarded += data.len();
        if discarded > DISCARD_LIMIT_BYTES {
            return;
        }
    }
}

/// The next bytes of a body, if there are more.
pub(crate) async fn next_data(body: &mut Body) -> Result<Option<Bytes>, Broken> {
    match body.frame().await {
        None => Ok(None),
        // Trailers carry nothing that is of use here.
        Some(Ok(frame)) => Ok(Some(frame.into_data().unwrap_or_default())),
        Some(Err(_)) => Err(Broken),
    }
}
