//! The name under which a browser saves a file (RFC 6266).

use std::fmt::Write as _;

use domain::file::clean_name;
use http::HeaderValue;

/// The header `Content-Disposition`: the name in ASCII for those who know nothing better, and in full (RFC 8187).
pub(super) fn disposition(is_shown: bool, name: Option<&str>, otherwise: &str) -> HeaderValue {
    let way = if is_shown { "inline" } else { "attachment" };
    let name = name.and_then(clean_name).unwrap_or_else(|| otherwise.to_owned());
    let value = format!("{way}; filename=\"{}\"; filename*=UTF-8''{}", in_ascii(&name), encoded(&name));
    HeaderValue::from_str(&value).expect("the name is in ASCII without control characters")
}

/// What of the name can stand between quotes. Some browsers decode percent signs there, so that there is none.
fn in_ascii(name: &str) -> String {
    let plain = |character: char| match character {
        '"' | '\\' | '%' => '_',
        ' '..='~' => character,
        _ => '_',
    };
    name.chars().map(plain).collect()
}

/// The name with all but its `attr-char` encoded (RFC 8187, section 3.2.1).
fn encoded(name: &str) -> String {
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("a text takes any text");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_in_ascii_and_in_full() {
        for (name, header) in [
            ("a b.pdf", "attachment; filename=\"a b.pdf\"; filename*=UTF-8''a%20b.pdf"),
            ("\"q\".txt", "attachment; filename=\"_q_.txt\"; filename*=UTF-8''%22q%22.txt"),
            ("100%.csv", "attachment; filename=\"100_.csv\"; filename*=UTF-8''100%25.csv"),
            ("履.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E5%B1%A5.txt"),
            ("a\r\nSet-Cookie: x", "attachment; filename=\"aSet-Cookie: x\"; filename*=UTF-8''aSet-Cookie%3A%20x"),
        ] {
            assert_eq!(disposition(false, Some(name), "other"), header, "{name:?}");
        }
        assert_eq!(
            disposition(true, Some("\u{202e}"), "photo-7.jpg"),
            "inline; filename=\"photo-7.jpg\"; filename*=UTF-8''photo-7.jpg"
        );
    }
}
