//! The parameters of a call, in each of the forms that the Bot API takes.

use std::collections::HashMap;

use bytes::Bytes;
use domain::ChatId;
use serde_json::{Map, Value};

use super::{
    answer::Answer,
    upload::{Upload, read_parts},
};

/// The parameters of a call, from its query and its body together.
#[derive(Default)]
pub(super) struct Parameters {
    values: Map<String, Value>,
    uploads: HashMap<String, Upload>,
}

impl Parameters {
    /// Reads the query, and the body as the content type says: a JSON object, a form, or a form with files.
    pub(super) async fn read(query: &str, content_type: &str, body: Bytes) -> Result<Self, Answer> {
        let media_type = content_type.to_ascii_lowercase();
        let mut values = Map::new();
        let mut uploads = HashMap::new();
        values.extend(form(query.as_bytes()));
        if media_type.starts_with("application/json") {
            match serde_json::from_slice(&body) {
                Ok(Value::Object(fields)) => values.extend(fields),
                _ if body.is_empty() => {}
                _ => return Err(Answer::bad_request("can't parse JSON object")),
            }
        } else if media_type.starts_with("multipart/form-data") {
            let (texts, files) = read_parts(content_type, body).await?;
            values.extend(texts);
            uploads = files;
        } else {
            values.extend(form(&body));
        }
        Ok(Self { values, uploads })
    }

    /// Parameters that are not those of a request.
    pub(super) fn of(values: Map<String, Value>) -> Self {
        Self { values, uploads: HashMap::new() }
    }

    /// All of them as one JSON object, where a file shows its name and its size.
    pub(super) fn to_json(&self) -> Value {
        let mut all = self.values.clone();
        all.extend(self.uploads.iter().map(|(name, upload)| (name.clone(), upload.to_json())));
        Value::Object(all)
    }

    /// The parameters whose names are not in `names`.
    pub(super) fn without(&self, names: &[&str]) -> Map<String, Value> {
        let others = self.values.iter().filter(|(name, _)| !names.contains(&name.as_str()));
        others.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The file that came under this name.
    pub(super) fn upload(&self, name: &str) -> Option<&Upload> {
        self.uploads.get(name)
    }

    /// A parameter as text. Telegram takes a number for a text and the other way round.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.values.get(name)? {
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
        match self.values.get(name)? {
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

    async fn read(query: &str, content_type: &str, body: &'static str) -> Result<Parameters, Answer> {
        Parameters::read(query, content_type, Bytes::from_static(body.as_bytes())).await
    }

    #[tokio::test]
    async fn every_form_of_a_call_means_the_same() {
        let json = r#"{"chat_id":-5,"text":"a&b 👍","silent":true,"list":[1]}"#;
        let form = "chat_id=-5&text=a%26b+%F0%9F%91%8D&silent=true&list=%5B1%5D";
        check(&read("", "application/json; charset=utf-8", json).await.unwrap());
        check(&read("", "application/x-www-form-urlencoded", form).await.unwrap());
        check(&read(form, "", "").await.unwrap());
        let rest = r#"{"text":"a&b 👍","list":"[1]"}"#;
        let query = "chat_id=-5&silent=1";
        check(&read(query, "application/json", rest).await.unwrap());
        let parts = "--Xy\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\na&b 👍\r\n\
                     --Xy\r\nContent-Disposition: form-data; name=\"list\"\r\n\r\n[1]\r\n\
                     --Xy\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.txt\"\r\n\
                     Content-Type: text/plain\r\n\r\ninside\r\n--Xy--\r\n";
        let parameters = read(query, "multipart/form-data; boundary=Xy", parts).await.unwrap();
        check(&parameters);
        let upload = parameters.upload("f").unwrap();
        assert_eq!((upload.file_name.as_deref(), upload.mime_type.as_deref()), (Some("a.txt"), Some("text/plain")));
        assert_eq!(upload.bytes, "inside");
        assert_eq!(parameters.to_json()["f"]["size_bytes"], 6);
    }

    #[tokio::test]
    async fn a_body_that_cannot_be_read_is_refused() {
        for body in ["[]", "{", "1"] {
            assert!(read("", "application/json", body).await.is_err(), "{body}");
        }
        assert!(read("", "multipart/form-data", "x").await.is_err());
        assert!(read("", "multipart/form-data; boundary=Xy", "--Xy\r\n").await.is_err());
    }
}
