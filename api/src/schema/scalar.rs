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

#[cfg(test)]
mod tests {
    use async_graphql::{ScalarType, Value};

    use super::DateTime;

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
}
