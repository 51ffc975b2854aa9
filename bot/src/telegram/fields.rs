//! Lenient access to the fields of a JSON object.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::lossy_string::LossyString;

/// The fields of a JSON object, each still in its raw text.
///
/// A field is read when it is asked for, so one that is of an unexpected type, too deep or
/// unknown costs nothing but itself. `null` counts as absent.
#[derive(Default)]
pub(super) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The fields of the object, or nothing if the text is not a JSON object.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The names of the fields that are not `null`, in the order of the text.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.present().map(|(name, _)| name)
    }

    /// The raw text of a field.
    pub(super) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.present().find_map(|(candidate, value)| (candidate == name).then_some(value))
    }

    /// A field that is an object.
    pub(super) fn object(&self, name: &str) -> Option<Fields<'a>> {
        Fields::parse(self.raw(name)?.get())
    }

    /// A field that is a whole number of 64 bits.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.raw(name).and_then(integer)
    }

    /// A field that is a string.
    pub(super) fn string(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(string)
    }

    /// A field that is `true`; anything else is `false`, as the Bot API leaves `false` out.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value.get() == "true")
    }

    fn present(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().filter(|(_, value)| value.get() != "null").map(|(name, value)| (name.as_ref(), *value))
    }
}

/// The value as a whole number of 64 bits.
pub(super) fn integer(value: &RawValue) -> Option<i64> {
    serde_json::from_str(value.get()).ok()
}

/// The value as a string.
pub(super) fn string(value: &RawValue) -> Option<String> {
    let LossyString(text) = serde_json::from_str(value.get()).ok()?;
    Some(text.into_owned())
}

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FieldsVisitor)
    }
}

struct FieldsVisitor;

impl<'de> Visitor<'de> for FieldsVisitor {
    type Value = Fields<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut fields = Vec::new();
        while let Some((LossyString(name), value)) = map.next_entry()? {
            fields.push((name, value));
        }
        Ok(Fields(fields))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_field_is_read_on_its_own() {
        let text = r#"{"id":7,"name":"\ud83d","on":true,"off":false,"none":null,"in":{"deep":1},"big":1e400}"#;
        let fields = Fields::parse(text).unwrap();
        assert_eq!(fields.integer("id"), Some(7));
        assert_eq!(fields.integer("name"), None);
        assert_eq!(fields.integer("big"), None);
        assert!(fields.string("name").is_some());
        assert!(fields.is_true("on") && !fields.is_true("off") && !fields.is_true("absent"));
        assert_eq!(fields.object("in").unwrap().integer("deep"), Some(1));
        assert!(fields.raw("none").is_none());
        let names: Vec<_> = fields.names().collect();
        assert_eq!(names, ["id", "name", "on", "off", "in", "big"]);
    }

    #[test]
    fn depth_does_not_matter_to_the_fields_beside_it() {
        let deep = format!(r#"{{"deep":{}{},"id":7}}"#, "[".repeat(5_000), "]".repeat(5_000));
        assert_eq!(Fields::parse(&deep).unwrap().integer("id"), Some(7));
    }

    #[test]
    fn only_objects_have_fields() {
        for text in ["", "[]", "1", "null", "{", "{}x"] {
            assert!(Fields::parse(text).is_none(), "{text}");
        }
    }
}
