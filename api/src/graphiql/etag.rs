//! Entity tags (RFC 9110, section 8.8.3), by which browsers ask whether what they have is still current.

use axum::http::{HeaderMap, HeaderValue, header};

/// The weak tag of a revision: weak, because compressed and plain bytes have the same.
pub(super) fn of(revision: &'static str) -> HeaderValue {
    HeaderValue::from_str(&quoted(revision)).expect("a revision is hexadecimal")
}

/// Whether the client already has this revision.
pub(super) fn is_current(headers: &HeaderMap, revision: &str) -> bool {
    let current = quoted(revision);
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag == current || Some(tag) == current.strip_prefix("W/"))
}

fn quoted(revision: &str) -> String {
    format!("W/\"{revision}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_current_for(tags: &'static str) -> bool {
        let headers = HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(tags))]);
        is_current(&headers, "abc")
    }

    #[test]
    fn tags_are_compared_weakly() {
        for tags in [r#"W/"abc""#, r#""abc""#, r#""x", W/"abc""#, "*"] {
            assert!(is_current_for(tags), "{tags}");
        }
        for tags in ["", "abc", r#"W/"abcd""#, r#""x""#] {
            assert!(!is_current_for(tags), "{tags}");
        }
        assert!(!is_current(&HeaderMap::new(), "abc"));
    }
}
