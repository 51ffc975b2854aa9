//! Strings from outside, made safe to keep.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};

/// A JSON string in which whatever a database or a Rust string could not hold is replaced by
/// U+FFFD: half a surrogate pair, which JSON can spell and UTF-8 cannot, and the NUL character,
/// which PostgreSQL refuses. One odd character must not cost the message it stands in.
pub(super) struct LossyString<'a>(pub(super) Cow<'a, str>);

impl<'de> Deserialize<'de> for LossyString<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // As bytes, for serde_json hands out a lone surrogate in no other way.
        deserializer.deserialize_bytes(LossyStringVisitor)
    }
}

struct LossyStringVisitor;

impl<'de> Visitor<'de> for LossyStringVisitor {
    type Value = LossyString<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_bytes<E: Error>(self, bytes: &'de [u8]) -> Result<Self::Value, E> {
        Ok(LossyString(without_nul(String::from_utf8_lossy(bytes))))
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
        let text = String::from_utf8_lossy(bytes).into_owned();
        Ok(LossyString(without_nul(Cow::Owned(text))))
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(LossyString(without_nul(Cow::Borrowed(text))))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(LossyString(without_nul(Cow::Owned(text.to_owned()))))
    }
}

fn without_nul(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "\u{fffd}")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<String> {
        let read: Option<LossyString<'_>> = serde_json::from_str(json).ok();
        read.map(|LossyString(text)| text.into_owned())
    }

    #[test]
    fn ordinary_strings_are_untouched() {
        assert_eq!(read(r#""plain""#).as_deref(), Some("plain"));
        assert_eq!(read(r#""\ud83d\udc4d \n \u00e9""#).as_deref(), Some("👍 \n é"));
    }

    #[test]
    fn what_cannot_be_kept_is_replaced() {
        assert_eq!(read(r#""a\u0000b""#).as_deref(), Some("a\u{fffd}b"));
        let half = read(r#""a\ud83db""#).unwrap();
        assert!(half.starts_with('a') && half.ends_with('b') && half.contains('\u{fffd}'));
    }

    #[test]
    fn only_strings_are_strings() {
        for json in ["1", "null", "{}", "true"] {
            assert_eq!(read(json), None, "{json}");
        }
    }
}
