//! Scalars that GraphQL does not have by itself.

use async_graphql::{InputValueError, InputValueResult, Scalar, ScalarType, Value};
use chrono::{SecondsFormat, SubsecRound as _};
use domain::Time;

/// A moment, as answers and arguments have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DateTime(pub(crate) Time);

/// A moment in UTC as text by RFC 3339, such as `2026-11-21T09:30:00.123456Z`. Answers have six decimals of a second;
/// arguments may have any offset and any number of decimals, of which six count.
#[Scalar(specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for DateTime {
    fn parse(value: Value) -> InputValueResult<Self> {
        let Value::String(text) = &value else { return Err(InputValueError::expected_type(value)) };
        match chrono::DateTime::parse_from_rfc3339(text) {
            Ok(time) => Ok(Self(time.to_utc().trunc_subsecs(6))),
            Err(_) => Err(InputValueError::custom("write a time by RFC 3339, such as 2026-11-21T09:30:00Z")),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::Micros, true))
    }
}

impl From<Time> for DateTime {
    fn from(time: Time) -> Self {
        Self(time)
    }
}

/// A whole number that may not fit into an `Int`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Long(pub(crate) i64);

/// A whole number of up to 64 bits, written as a number. Those that the desk gives out are no larger than what JavaScript
/// can count exactly (2^53).
#[Scalar(specified_by_url = "https://ibm.github.io/graphql-specs/custom-scalars/long.html")]
impl ScalarType for Long {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::Number(number) => number
                .as_i64()
                .map(Self)
                .ok_or_else(|| InputValueError::custom("write a whole number of up to 64 bits")),
            _ => Err(InputValueError::expected_type(value)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::Number(number) if number.is_i64())
    }

    fn to_value(&self) -> Value {
        Value::Number(self.0.into())
    }
}

/// A JSON text, as it came from elsewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Json(pub(crate) String);

/// A JSON text by RFC 8259, written as a string: parse it once more to read it. Its numbers may be larger than what
/// JavaScript can count exactly.
#[Scalar(name = "JSON", specified_by_url = "https://www.rfc-editor.org/rfc/rfc8259")]
impl ScalarType for Json {
    fn parse(value: Value) -> InputValueResult<Self> {
        match value {
            Value::String(text) if serde_json::from_str::<serde::de::IgnoredAny>(&text).is_ok() => Ok(Self(text)),
            Value::String(_) => Err(InputValueError::custom("write a JSON text as a string")),
            other => Err(InputValueError::expected_type(other)),
        }
    }

    fn is_valid(value: &Value) -> bool {
        matches!(value, Value::String(_))
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.clone())
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{ScalarType, Value};

    use super::{DateTime, Json, Long};

    fn parse(text: &str) -> Option<String> {
        let time = DateTime::parse(Value::from(text)).ok()?;
        match time.to_value() {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    #[test]
    fn times_are_utc_to_the_microsecond() {
        assert_eq!(parse("2026-11-21T09:30:00Z").as_deref(), Some("2026-11-21T09:30:00.000000Z"));
        assert_eq!(parse("2026-11-21T10:30:00.1234567+01:00").as_deref(), Some("2026-11-21T09:30:00.123456Z"));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "yesterday", "2026-11-21", "2026-11-21T09:30:00", "1795253400", "2026-13-01T00:00:00Z"] {
            assert_eq!(parse(text), None, "{text}");
        }
        assert!(DateTime::parse(Value::from(1_795_253_400)).is_err());
    }

    #[test]
    fn long_numbers_are_whole() {
        for number in [0, -1, i64::from(i32::MAX) + 1, i64::MAX, i64::MIN] {
            assert_eq!(Long::parse(Value::from(number)).ok(), Some(Long(number)));
            assert_eq!(Long(number).to_value(), Value::from(number));
        }
        assert!(Long::parse(Value::from(1.5)).is_err());
        assert!(Long::parse(Value::from("1")).is_err());
    }

    #[test]
    fn json_is_a_text() {
        let text = r#"{"a":[1,2.50]}"#;
        assert_eq!(Json::parse(Value::from(text)).ok(), Some(Json(text.to_owned())));
        assert_eq!(Json(text.to_owned()).to_value(), Value::from(text));
        assert!(Json::parse(Value::from("{")).is_err());
        assert!(Json::parse(Value::from(1)).is_err());
    }
}
