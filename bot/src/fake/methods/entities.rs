//! The formatting of texts, as Telegram checks it.

use serde_json::Value;

use super::super::answer::Answer;

/// The kinds of entities in Bot API 10.
const TYPES: [&str; 20] = [
    "mention",
    "hashtag",
    "cashtag",
    "bot_command",
    "url",
    "email",
    "phone_number",
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "blockquote",
    "expandable_blockquote",
    "code",
    "pre",
    "text_link",
    "text_mention",
    "custom_emoji",
    "date_time",
];

/// The formatting that the message shows; none if there is none. Refuses what Telegram refuses: entities that leave the
/// text or cut a character in two.
pub(super) fn check(text: &str, formatting: Option<&Value>) -> Result<Option<Value>, Answer> {
    let Some(formatting) = formatting else {
        return Ok(None);
    };
    let Value::Array(entities) = formatting else {
        return Err(Answer::bad_request("can't parse entities: expected an Array"));
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    for entity in entities {
        check_one(&units, entity)?;
    }
    Ok(Some(formatting.clone()))
}

fn check_one(units: &[u16], entity: &Value) -> Result<(), Answer> {
    let kind = entity["type"].as_str().unwrap_or_default();
    if !TYPES.contains(&kind) {
        return Err(Answer::bad_request("can't parse entities: can't parse MessageEntity: Unsupported type specified"));
    }
    let field = |name: &str| {
        let number = entity[name].as_i64().and_then(|number| usize::try_from(number).ok());
        number.ok_or_else(|| {
            Answer::bad_request(&format!("can't parse entities: can't parse MessageEntity: field \"{name}\" is wrong"))
        })
    };
    let (offset, length) = (field("offset")?, field("length")?);
    if kind == "text_link" && entity["url"].as_str().is_none_or(str::is_empty) {
        return Err(Answer::bad_request("can't parse entities: can't parse MessageEntity: can't find field \"url\""));
    }
    if length == 0 {
        return Err(Answer::bad_request("can't parse entities: entity length must be positive"));
    }
    let end = offset.saturating_add(length);
    if end > units.len() {
        return Err(Answer::bad_request(&format!(
            "can't parse entities: entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 \
             offset {}",
            units.len()
        )));
    }
    let is_inside_character = |at: usize| units.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
    for (at, what) in [(offset, "begins"), (end, "ends")] {
        if is_inside_character(at) {
            return Err(Answer::bad_request(&format!(
                "can't parse entities: entity {what} in the middle of a UTF-16 symbol at offset {at}"
            )));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn entities_stay_within_the_text_and_around_whole_characters() {
        let is_good = |offset: i64, length: i64| {
            check("a👍b", Some(&json!([{"type": "bold", "offset": offset, "length": length}]))).is_ok()
        };
        assert!(is_good(0, 4) && is_good(1, 2) && is_good(3, 1));
        assert!(!is_good(0, 5) && !is_good(4, 1) && !is_good(-1, 2) && !is_good(0, 0));
        assert!(!is_good(2, 2), "it begins within a character");
        assert!(!is_good(0, 2), "it ends within a character");
        for wrong in [json!({}), json!([{"type": "bold"}]), json!([{"type": "big", "offset": 0, "length": 1}])] {
            assert!(check("a", Some(&wrong)).is_err(), "{wrong}");
        }
        assert_eq!(check("a", None).unwrap(), None);
    }
}
