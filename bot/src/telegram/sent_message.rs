//! What Telegram says of messages that it took.

use serde_json::value::RawValue;

use super::fields::Fields;
use super::raw_json::RawJson;

/// The kinds of files in a message, those first that come with another one for old readers: an animation is shown as a
/// document as well.
const FILES: [&str; 8] = ["animation", "sticker", "video", "video_note", "voice", "audio", "document", "photo"];

/// A message that Telegram took, as far as its answer could be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentMessage {
    /// The number within the chat.
    pub message_id: Option<i64>,
    /// The handle of its file.
    pub file_id: Option<String>,
    /// What tells the file from every other one.
    pub file_unique_id: Option<String>,
}

impl SentMessage {
    /// The messages of a result: one, or those of an album in their order. None if it is neither.
    #[must_use]
    pub fn read_all(result: &RawJson) -> Vec<Self> {
        let text = result.as_str();
        match serde_json::from_str::<Vec<&RawValue>>(text) {
            Ok(items) => items.into_iter().filter_map(|item| Self::read(item.get())).collect(),
            Err(_) => Self::read(text).into_iter().collect(),
        }
    }

    fn read(text: &str) -> Option<Self> {
        let message = Fields::parse(text)?;
        let file = FILES.into_iter().find_map(|kind| match kind {
            // The last size is the largest.
            "photo" => message.objects(kind).pop(),
            _ => message.object(kind),
        });
        Some(Self {
            message_id: message.integer("message_id"),
            file_id: file.as_ref().and_then(|file| file.string("file_id")),
            file_unique_id: file.as_ref().and_then(|file| file.string("file_unique_id")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Vec<(Option<i64>, Option<String>)> {
        let sent = SentMessage::read_all(&RawJson::parse(json).unwrap());
        sent.into_iter().map(|sent| (sent.message_id, sent.file_id)).collect()
    }

    #[test]
    fn each_message_has_its_number_and_its_file() {
        let photo = r#"{"message_id":1,"photo":[{"file_id":"small"},{"file_id":"large"}]}"#;
        assert_eq!(read(photo), [(Some(1), Some("large".to_owned()))]);
        let animation = r#"{"message_id":2,"document":{"file_id":"d"},"animation":{"file_id":"a"}}"#;
        assert_eq!(read(animation), [(Some(2), Some("a".to_owned()))]);
        let album = format!("[{photo},{animation}]");
        assert_eq!(read(&album).len(), 2);
        assert_eq!(read(r#"{"message_id":"x"}"#), [(None, None)]);
        assert_eq!(read("true"), []);
        assert_eq!(read("[7,{}]"), [(None, None)]);
    }
}
