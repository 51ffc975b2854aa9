//! JSON kept as the text it arrived in.

use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON value exactly as it was received: no number was rounded, no field was dropped.
///
/// It usually holds what somebody wrote, so `Debug` prints its size and not its text.
#[derive(Clone)]
pub struct RawJson(Box<RawValue>);

impl RawJson {
    /// Keeps a JSON text.
    ///
    /// # Errors
    ///
    /// The error of the parser when the text is not one JSON value.
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text).map(Self)
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.get()
    }
}

impl From<Box<RawValue>> for RawJson {
    fn from(raw: Box<RawValue>) -> Self {
        Self(raw)
    }
}

impl From<&RawValue> for RawJson {
    fn from(raw: &RawValue) -> Self {
        Self(raw.to_owned())
    }
}

impl From<RawJson> for String {
    fn from(json: RawJson) -> Self {
        Box::<str>::from(json.0).into()
    }
}

/// Two texts are equal when they are the same to the byte.
impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RawJson {}

impl Serialize for RawJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.as_str().len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_kept_to_the_byte_and_not_shown() {
        let text = r#"{"a": 1.00, "b":"\ud83d", "a": 12345678901234567890123}"#;
        let json = RawJson::parse(text).unwrap();
        assert_eq!(json.as_str(), text);
        assert_eq!(serde_json::to_string(&json).unwrap(), text);
        assert_eq!(format!("{json:?}"), format!("RawJson({} bytes)", text.len()));
        assert_eq!(String::from(json), text);
    }
}
