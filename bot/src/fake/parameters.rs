//! The parameters of a call, in each of the forms that the Bot API takes.

use domain::ChatId;
use serde_json::{Map, Value};

use super::answer::Answer;

/// The parameters of a call, from its query and its body together.
#[derive(Default)]
pub(super) struct Parameters(Map<String, Value>);

impl Parameters {
    /// Reads the query, and the body as the content type says: a JSON object or a form.
    pub(super) fn read(query: &str, content_type: &str, body: &[u8]) -> Result<Self, Answer> {
        let mut parameters = Map::new();
        parameters.extend(form(query.as_bytes()));
        if content_type.starts_with("application/json") {
            match serde_json::from_slice(body) {
                Ok(Value::Object(fields)) => parameters.extend(fields),
                _ if body.is_empty() => {}
                _ => return Err(Answer::bad_request("can't parse JSON object")),
            }
        } else if content_type.starts_with("multipart/form-data") {
            return Err(Answer::bad_request("this Bot API is simulated and takes files by file_id only"));
        } else {
            parameters.extend(form(body));
        }
        Ok(Self(parameters))
    }

    /// All of them as one JSON object.
    pub(super) fn to_json(&self) -> Value {
        Value::Object(self.0.clone())
    }

    /// The parameters whose names are not in `names`.
    pub(super) fn without(&self, names: &[&str]) -> Map<String, Value> {
        let others = self.0.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// A parameter as text. Telegram takes a number for a text and the other way round.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        }
    }

    /// A parameter as a whole number.
    pub(super) fn integer(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// A parameter as a yes or no. Absent is no.
    pub(super) fn is_true(&self, name: &str) -> bool {
        self.text(name).is_some_and(|text| matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "yes" | "1"))
    }

    /// A parameter that is an object or a list: as such in a JSON body, as JSON text in a form.
    pub(super) fn json(&self, name: &str) -> Option<Value> {
        match self.0.get(name)? {
            Value::Null => None,
            Value::String(text) => serde_json::from_str(text).ok(),
            other => Some(other.clone()),
        }
    }

    /// The chat that the call is about, if it names one by number.
    pub(super) fn chat_id(&self) -> Option<ChatId> {
        self.integer("chat_id").map(ChatId)
    }
}

fn form(text: &[u8]) -> impl Iterator<Item = (String, Value)> + '_ {
    form_urlencoded::parse(text).map(|(name, value)| (name.into_owned(), value.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(parameters: &Parameters) {
        assert_eq!(parameters.chat_id(), Some(ChatId(-5)));
        assert_eq!(parameters.text("text").as_deref(), Some("a&b 👍"));
        assert!(parameters.is_true("silent") && !parameters.is_true("absent"));
        assert_eq!(parameters.json("list"), Some(serde_json::json!([1])));
    }

    #[test]
    fn every_form_of_a_call_means_the_same() {
        let json = r#"{"chat_id":-5,"text":"a&b 👍","silent":true,"list":[1]}"#;
        let form = "chat_id=-5&text=a%26b+%F0%9F%91%8D&silent=true&list=%5B1%5D";
        check(&Parameters::read("", "application/json; charset=utf-8", json.as_bytes()).unwrap());
        check(&Parameters::read("", "application/x-www-form-urlencoded", form.as_bytes()).unwrap());
        check(&Parameters::read(form, "", b"").unwrap());
        let rest = r#"{"text":"a&b 👍","list":"[1]"}"#;
        let query = "chat_id=-5&silent=1";
        check(&Parameters::read(query, "application/json", rest.as_bytes()).unwrap());
    }

    #[test]
    fn a_body_that_is_not_an_object_is_refused() {
        for body in ["[]", "{", "1"] {
            assert!(Parameters::read("", "application/json", body.as_bytes()).is_err(), "{body}");
        }
    }
}
