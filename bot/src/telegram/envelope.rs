//! The envelope around every answer of the Bot API.

use std::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::{RawJson, fields, fields::Fields, lossy_string::LossyString};

/// What could be read of an answer. Every field is optional, for an answer may come from
/// something between Telegram and us, may be cut short, or may hold what is new to us.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Envelope {
    /// Whether the call was carried out.
    pub(super) ok: Option<bool>,
    /// Telegram's error code; it equals the HTTP status.
    pub(super) error_code: Option<i64>,
    /// Telegram's words on an error.
    pub(super) description: Option<String>,
    /// How long to wait, in seconds.
    pub(super) retry_after_seconds: Option<u64>,
    /// The supergroup that the group has become.
    pub(super) migrate_to_chat_id: Option<i64>,
    /// The result of the call.
    pub(super) result: Option<RawJson>,
}

impl Envelope {
    /// Reads the body of an answer field by field, so that what came before a broken part
    /// counts: a send is done once `"ok":true` has arrived, even if the rest never does.
    pub(super) fn read(body: &[u8]) -> Self {
        let mut envelope = Self::default();
        let text = String::from_utf8_lossy(body);
        let mut json = serde_json::Deserializer::from_str(&text);
        if let Err(error) = (&mut json).deserialize_map(EnvelopeReader(&mut envelope)) {
            tracing::debug!(
                line = error.line(),
                column = error.column(),
                "an answer of the Bot API could be read in part only"
            );
        }
        envelope
    }
}

struct EnvelopeReader<'e>(&'e mut Envelope);

impl<'de> Visitor<'de> for EnvelopeReader<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer of the Bot API")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(LossyString(key)) = map.next_key()? {
            let value: &RawValue = map.next_value()?;
            match key.as_ref() {
                "ok" => self.0.ok = serde_json::from_str(value.get()).ok(),
                "error_code" => self.0.error_code = fields::integer(value),
                "description" => self.0.description = fields::string(value),
                "parameters" => read_parameters(value, self.0),
                "result" => self.0.result = Some(value.into()),
                _ => {}
            }
        }
        Ok(())
    }
}

fn read_parameters(value: &RawValue, envelope: &mut Envelope) {
    if let Some(parameters) = Fields::parse(value.get()) {
        envelope.retry_after_seconds = parameters.raw("retry_after").and_then(seconds);
        envelope.migrate_to_chat_id = parameters.integer("migrate_to_chat_id");
    }
}

/// Whole seconds, rounded up: Telegram sends an integer, and waiting a little longer than a
/// fraction asks for is never wrong.
fn seconds(value: &RawValue) -> Option<u64> {
    let seconds: f64 = serde_json::from_str(value.get()).ok()?;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the number is not negative, and a cast from a float saturates"
    )]
    (seconds >= 0.0).then(|| seconds.ceil() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_is_read_whole() {
        let envelope = Envelope::read(
            br#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 7",
                "parameters":{"adaptive":{"deep":[1]},"retry_after":7},"new":"field"}"#,
        );
        assert_eq!(
            envelope,
            Envelope {
                ok: Some(false),
                error_code: Some(429),
                description: Some("Too Many Requests: retry after 7".to_owned()),
                retry_after_seconds: Some(7),
                ..Envelope::default()
            }
        );
    }

    #[test]
    fn an_answer_cut_short_still_says_that_the_call_was_carried_out() {
        for body in [r#"{"ok":true"#, r#"{"ok":true,"result":{"message_id":1"#, r#"{"ok":true,"res"#] {
            let envelope = Envelope::read(body.as_bytes());
            assert_eq!((envelope.ok, envelope.result), (Some(true), None), "{body}");
        }
        assert_eq!(Envelope::read(br#"{"ok":tru"#).ok, None);
    }

    #[test]
    fn a_field_of_the_wrong_type_costs_only_itself() {
        let envelope =
            Envelope::read(br#"{"ok":false,"error_code":"x","description":4,"parameters":[],"result":"\ud83d"}"#);
        assert_eq!(envelope.ok, Some(false));
        assert_eq!(envelope.error_code, None);
        assert_eq!(envelope.description, None);
        assert_eq!(envelope.result.unwrap().as_str(), r#""\ud83d""#);
    }

    #[test]
    fn the_wait_may_be_a_fraction_but_not_negative() {
        let wait = |text: &str| {
            let body = format!(r#"{{"ok":false,"parameters":{{"retry_after":{text}}}}}"#);
            Envelope::read(body.as_bytes()).retry_after_seconds
        };
        assert_eq!(wait("0.2"), Some(1));
        assert_eq!(wait("86400"), Some(86_400));
        assert_eq!(wait("-1"), None);
        assert_eq!(wait("\"5\""), None);
        assert_eq!(wait("1e300"), Some(u64::MAX));
    }

    proptest! {
        #[test]
        fn no_body_makes_the_reader_panic(body in prop::collection::vec(any::<u8>(), 0..200)) {
            Envelope::read(&body);
        }
    }
}
