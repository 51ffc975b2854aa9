//! Which request bodies are read.

use http::{HeaderMap, header};

use super::{accept::is_utf8, refusal::Refusal};

/// Accepts JSON in UTF-8 only. Forms and plain text, which a foreign page can send without a CORS preflight, never are
/// read.
pub(super) fn require_json(headers: &HeaderMap) -> Result<(), Refusal> {
    if !is_json(headers) {
        return Err(Refusal::unsupported_media_type("Send the request with `Content-Type: application/json`."));
    }
    let encoding = headers.get(header::CONTENT_ENCODING).map(|encoding| encoding.as_bytes());
    if encoding.is_some_and(|encoding| !encoding.eq_ignore_ascii_case(b"identity")) {
        return Err(Refusal::unsupported_media_type("Send the body without a `Content-Encoding`."));
    }
    Ok(())
}

/// Whether `Content-Type` says JSON in UTF-8.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default();
    essence.eq_ignore_ascii_case("application/json")
        && parts
            .filter_map(|parameter| parameter.split_once('='))
            .all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value))
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::is_json;

    #[test]
    fn only_json_in_utf_8_is_json() {
        let with = |value| HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(value))]);
        for value in ["application/json", "Application/Json;charset=UTF-8", "application/json; charset=\"utf-8\""] {
            assert!(is_json(&with(value)), "{value}");
        }
        for value in ["application/jsonx", "text/plain", "application/graphql", "application/json; charset=latin1", ""]
        {
            assert!(!is_json(&with(value)), "{value}");
        }
        assert!(!is_json(&HeaderMap::new()));
    }
}
