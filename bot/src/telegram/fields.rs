//! Lenient access to the fields of a JSON object.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, Utc};
use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::lossy_string::LossyString;
use super::storable_json::storable;

/// The last second that is written with a year of four digits. Later ones are no dates of messages.
const LAST_SECOND: i64 = 253_402_300_799;
/// The largest number up to which every whole one can be written as a floating-point one.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The fields of a JSON object, each still in its raw text.
///
/// A field is read when it is asked for, so one that is of an unexpected type, too deep or
/// unknown costs nothing but itself. `null` counts as absent.
#[derive(Default)]
pub(crate) struct Fields<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Fields<'a> {
    /// The fields of the object, or nothing if the text is not a JSON object.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The names of the fields that are not `null`, in the order of the text.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.present().map(|(name, _)| name)
    }

    /// The raw text of a field.
    pub(crate) fn raw(&self, name: &str) -> Option<&'a RawValue> {
        self.present().find_map(|(candidate, value)| (candidate == name).then_some(value))
    }

    /// A field that is an object.
    pub(crate) fn object(&self, name: &str) -> Option<Fields<'a>> {
        Fields::parse(self.raw(name)?.get())
    }

    /// A field that is a whole number of 64 bits.
    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.raw(name).and_then(integer)
    }

    /// A field that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<f64> {
        serde_json::from_str(self.raw(name)?.get()).ok()
    }

    /// A field in Unix time.
    pub(crate) fn moment(&self, name: &str) -> Option<DateTime<Utc>> {
        let seconds = self.integer(name).filter(|seconds| (0..=LAST_SECOND).contains(seconds))?;
        DateTime::from_timestamp(seconds, 0)
    }

    /// A field that is a string.
    pub(crate) fn string(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(string)
    }

    /// The items of a field that is an array; none if it is not.
    pub(crate) fn items(&self, name: &str) -> Vec<&'a RawValue> {
        self.raw(name).and_then(|value| serde_json::from_str(value.get()).ok()).unwrap_or_default()
    }

    /// Those items of a field that are objects.
    pub(crate) fn objects(&self, name: &str) -> Vec<Fields<'a>> {
        self.items(name).into_iter().filter_map(|item| Fields::parse(item.get())).collect()
    }

    /// Those items of a field that are arrays, each with those of its items that are objects.
    pub(crate) fn arrays(&self, name: &str) -> Vec<Vec<Fields<'a>>> {
        let array = |item: &'a RawValue| serde_json::from_str::<Vec<&'a RawValue>>(item.get()).ok();
        let objects =
            |items: Vec<&'a RawValue>| items.into_iter().filter_map(|item| Fields::parse(item.get())).collect();
        self.items(name).into_iter().filter_map(array).map(objects).collect()
    }

    /// Those items of a field that are whole numbers of 64 bits.
    pub(crate) fn integers(&self, name: &str) -> Vec<i64> {
        self.items(name).into_iter().filter_map(integer).collect()
    }

    /// A field of any type as JSON that can be kept.
    pub(crate) fn json(&self, name: &str) -> Option<String> {
        self.raw(name).and_then(storable)
    }

    /// A field that is `true`; anything else is `false`, as the Bot API leaves `false` out.
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|value| value.get() == "true")
    }

    fn present(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.0.iter().filter(|(_, value)| value.get() != "null").map(|(name, value)| (name.as_ref(), *value))
    }
}

/// The value as a whole number of 64 bits. To JSON `7`, `7.0` and `7e0` are the same number.
pub(super) fn integer(value: &RawValue) -> Option<i64> {
    serde_json::from_str(value.get()).ok().or_else(|| {
        let number: f64 = serde_json::from_str(value.get()).ok()?;
        (number.fract() == 0.0 && number.abs() <= LARGEST_EXACT).then_some(number as i64)
    })
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
    fn numbers_are_read_however_they_are_written() {
        let text =
            r#"{"whole":7.0,"power":1e3,"half":0.5,"text":"7","far":1e18,"late":999999999999999,"early":-1,"on":1}"#;
        let fields = Fields::parse(text).unwrap();
        assert_eq!((fields.integer("whole"), fields.integer("power")), (Some(7), Some(1000)));
        for not_whole in ["half", "text", "far"] {
            assert_eq!(fields.integer(not_whole), None, "{not_whole}");
        }
        assert_eq!((fields.number("half"), fields.number("text")), (Some(0.5), None));
        assert_eq!(fields.moment("on"), DateTime::from_timestamp(1, 0));
        assert_eq!((fields.moment("late"), fields.moment("early")), (None, None));
    }

    #[test]
    fn an_array_gives_what_it_can() {
        let fields = Fields::parse(r#"{"list":[{"id":1},2,null,{"id":3}],"one":{"id":4}}"#).unwrap();
        let ids: Vec<_> = fields.objects("list").iter().filter_map(|item| item.integer("id")).collect();
        assert_eq!((fields.items("list").len(), ids), (4, vec![1, 3]));
        assert!(fields.items("one").is_empty() && fields.objects("absent").is_empty());
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
