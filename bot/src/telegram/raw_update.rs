//! An update as it arrived, before anything in it is understood.

use super::{RawJson, fields::Fields};

/// One update in its raw text, with the number that Telegram gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawUpdate {
    /// The number: it grows, and the next `getUpdates` confirms by it.
    pub update_id: i64,
    /// The whole update, number included.
    pub json: RawJson,
}

/// The text is not an update that could be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The text is not one JSON object.
    #[error("the update is not a JSON object")]
    NotAnObject,
    /// The object has no whole number as its `update_id`.
    #[error("the update has no update_id")]
    NoUpdateId,
}

impl RawUpdate {
    /// Keeps an update, whatever it is about.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the text is not a JSON object with an `update_id`.
    pub fn parse(text: &str) -> Result<Self, DecodeError> {
        let fields = Fields::parse(text).ok_or(DecodeError::NotAnObject)?;
        let update_id = fields.integer("update_id").ok_or(DecodeError::NoUpdateId)?;
        let json = RawJson::parse(text).map_err(|_| DecodeError::NotAnObject)?;
        Ok(Self { update_id, json })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_update_is_kept_whatever_it_is_about() {
        let text = r#"{"from_the_future":{"x":1.50},"update_id":9007199254740993}"#;
        let update = RawUpdate::parse(text).unwrap();
        assert_eq!(update.update_id, 9_007_199_254_740_993);
        assert_eq!(update.json.as_str(), text);
    }

    #[test]
    fn without_a_number_there_is_nothing_to_keep() {
        assert_eq!(RawUpdate::parse("[1]"), Err(DecodeError::NotAnObject));
        assert_eq!(RawUpdate::parse(r#"{"update_id":1"#), Err(DecodeError::NotAnObject));
        assert_eq!(RawUpdate::parse(r#"{"update_id":"1"}"#), Err(DecodeError::NoUpdateId));
        assert_eq!(RawUpdate::parse(r#"{"message":{}}"#), Err(DecodeError::NoUpdateId));
    }
}
