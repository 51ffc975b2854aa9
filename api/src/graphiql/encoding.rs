//! Which content codings a client takes (RFC 9110, section 12.5.3).

use axum::http::{HeaderMap, header};

/// Whether the client takes gzip. One that says nothing gets plain bytes.
pub(super) fn accepts_gzip(headers: &HeaderMap) -> bool {
    let offers = || {
        headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(coding_and_wanted)
    };
    let by_name = offers().find(|(coding, _)| coding.eq_ignore_ascii_case("gzip"));
    by_name.or_else(|| offers().find(|(coding, _)| *coding == "*")).is_some_and(|(_, wanted)| wanted)
}

/// The coding in `gzip;q=0.5`, and whether its weight is above zero.
fn coding_and_wanted(offer: &str) -> (&str, bool) {
    let (coding, parameters) = offer.split_once(';').unwrap_or((offer, ""));
    let weight = parameters.trim().strip_prefix("q=").and_then(|weight| weight.parse().ok());
    (coding.trim(), weight.unwrap_or(1.0_f32) > 0.0)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn gzip_is_for_those_who_take_it() {
        let accepts =
            |value| accepts_gzip(&HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(value))]));
        for value in ["gzip", "deflate, GZIP;q=0.5, br", "*", "br;q=1, *;q=0.1"] {
            assert!(accepts(value), "{value}");
        }
        for value in ["", "br", "gzip;q=0", "gzip; q=0.0, *", "*;q=0", "identity"] {
            assert!(!accepts(value), "{value}");
        }
        assert!(!accepts_gzip(&HeaderMap::new()));
    }
}
