//! JSON from outside, made safe to keep.

use std::borrow::Cow;

use serde_json::{Value, value::RawValue};

/// The length of `\u0000`.
const UNIT_LENGTH: usize = 6;

/// The JSON without what a database or a reader could not hold: the NUL character and half a surrogate pair, each of
/// which JSON can spell, become U+FFFD, as in the strings that are read. Nothing for JSON that an ordinary reader
/// refuses for another reason: it is nested too deeply, or a number in it is too large.
pub(crate) fn storable(json: &RawValue) -> Option<String> {
    let clean = replace_unstorable(json.get());
    serde_json::from_str::<Value>(&clean).is_ok().then(|| clean.into_owned())
}

fn replace_unstorable(json: &str) -> Cow<'_, str> {
    if !json.contains(r"\u") {
        return Cow::Borrowed(json);
    }
    let mut clean = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        let (kept, after) = escaped(escape);
        clean.push_str(before);
        clean.push_str(kept);
        rest = after;
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}

/// What stands for the escape that the text begins with, and what comes after that.
fn escaped(text: &str) -> (&str, &str) {
    let Some(unit) = unit(text) else {
        let second = text.chars().nth(1).map_or(0, char::len_utf8);
        return text.split_at(1 + second);
    };
    match unit {
        0xD800..=0xDBFF if matches!(self::unit(&text[UNIT_LENGTH..]), Some(0xDC00..=0xDFFF)) => {
            text.split_at(2 * UNIT_LENGTH)
        }
        0 | 0xD800..=0xDFFF => ("\u{fffd}", &text[UNIT_LENGTH..]),
        _ => text.split_at(UNIT_LENGTH),
    }
}

/// The UTF-16 unit that the text begins with, if it begins with one that is spelled by its number.
fn unit(text: &str) -> Option<u16> {
    let digits = text.strip_prefix(r"\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(json: &str) -> Option<String> {
        storable(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn ordinary_json_is_untouched() {
        for json in [r#"{"a": 1.00, "b":"\ud83d\udc4d \\ \" \n \u00e9"}"#, r#"["\\u0000", "\\\\ud83d"]"#, "[]", "1"] {
            assert_eq!(kept(json).as_deref(), Some(json));
        }
    }

    #[test]
    fn what_cannot_be_kept_is_replaced() {
        assert_eq!(kept(r#"{"a\u0000":"b\u0000c"}"#).as_deref(), Some("{\"a\u{fffd}\":\"b\u{fffd}c\"}"));
        assert_eq!(
            kept(r#"["\ud83d","\udc4d","\ud83d\ud83d\udc4d","\\\u0000"]"#).as_deref(),
            Some("[\"\u{fffd}\",\"\u{fffd}\",\"\u{fffd}\\ud83d\\udc4d\",\"\\\\\u{fffd}\"]")
        );
    }

    #[test]
    fn what_no_reader_takes_is_not_kept() {
        assert_eq!(kept(&format!("{}{}", "[".repeat(5_000), "]".repeat(5_000))), None);
        assert_eq!(kept("[1e400]"), None);
    }
}
