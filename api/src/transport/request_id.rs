//! The id under which one request is found in answers and logs.

use std::{fmt, sync::Arc};

use axum::{extract::Request, middleware::Next, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries the id, both ways.
pub const REQUEST_ID_HEADER: HeaderName = HeaderName::from_static("x-request-id");

/// Longer ids would only bloat the log.
const MAX_LENGTH: usize = 128;

/// The id of one request: the one its client or proxy gave it, if that is fit for a log line, or else a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The id in the headers, or a new one where there is none or one that could forge log lines.
    pub fn of(headers: &HeaderMap) -> Self {
        headers
            .get(REQUEST_ID_HEADER)
            .and_then(|value| value.to_str().ok())
            .filter(|id| is_sane(id))
            .map_or_else(Self::generate, |id| Self(id.into()))
    }

    /// A new, random id.
    pub fn generate() -> Self {
        Self(Uuid::new_v4().to_string().into())
    }

    /// The id of the `number`th operation on a socket that was opened under this id.
    pub(super) fn of_operation(&self, number: u64) -> Self {
        Self(format!("{self}.{number}").into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn is_sane(id: &str) -> bool {
    (1..=MAX_LENGTH).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.:/+=".contains(&byte))
}

/// Middleware: gives each request its [`RequestId`] as an extension, and the response the same id as a header.
pub async fn assign_request_id(mut request: Request, next: Next) -> Response {
    let id = RequestId::of(request.headers());
    request.extensions_mut().insert(id.clone());
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        response.headers_mut().insert(REQUEST_ID_HEADER, value);
    }
    response
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue};

    use super::{REQUEST_ID_HEADER, RequestId};

    fn sent(id: &'static [u8]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert(REQUEST_ID_HEADER, HeaderValue::from_bytes(id).unwrap());
        RequestId::of(&headers).to_string()
    }

    #[test]
    fn a_sane_id_is_kept() {
        assert_eq!(sent(b"7f3a-Trace_1:2.3"), "7f3a-Trace_1:2.3");
    }

    #[test]
    fn an_id_that_could_forge_a_log_line_is_replaced() {
        for id in [&b""[..], b"a b", b"a\tb", b"{\"x\":1}", b"caf\xc3\xa9", &[b'a'; 129]] {
            assert_eq!(sent(id).len(), 36, "{id:?}");
        }
    }

    #[test]
    fn ids_made_here_differ() {
        assert_ne!(RequestId::generate(), RequestId::generate());
    }
}
