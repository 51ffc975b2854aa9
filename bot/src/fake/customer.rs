//! What simulated customers write.

use chrono::{DateTime, Utc};
use domain::TelegramUserId;
use serde_json::{Value, json};

/// A text that a simulated customer writes to a bot in their private chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerMessage {
    /// The number of the customer, and of the private chat with them.
    pub telegram_user_id: TelegramUserId,
    /// The customer's first name.
    pub name: String,
    /// The user name without `@`.
    pub username: Option<String>,
    /// The language of the customer's Telegram as an IETF tag.
    pub language_code: Option<String>,
    /// What they write.
    pub text: String,
    /// When they write it; Telegram keeps whole seconds.
    pub date: DateTime<Utc>,
}

/// The numbers of what a simulated customer wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Said {
    /// The number of the update.
    pub update_id: i64,
    /// The number of the message in the chat.
    pub message_id: i64,
}

impl CustomerMessage {
    /// The update that Telegram would make of it, without the update's number.
    #[must_use]
    pub fn to_update(&self, message_id: i64) -> Value {
        let mut from = json!({
            "id": self.telegram_user_id.0,
            "is_bot": false,
            "first_name": self.name,
        });
        let mut chat = json!({
            "id": self.telegram_user_id.0,
            "first_name": self.name,
            "type": "private",
        });
        if let Some(username) = &self.username {
            from["username"] = json!(username);
            chat["username"] = json!(username);
        }
        if let Some(language_code) = &self.language_code {
            from["language_code"] = json!(language_code);
        }
        let mut message = json!({
            "message_id": message_id,
            "from": from,
            "chat": chat,
            "date": self.date.timestamp(),
            "text": self.text,
        });
        if let Some(length) = command_length(&self.text) {
            message["entities"] = json!([{"type": "bot_command", "offset": 0, "length": length}]);
        }
        json!({ "message": message })
    }
}

/// The length of the command that the text begins with, such as `/start`.
fn command_length(text: &str) -> Option<usize> {
    let name = text.strip_prefix('/')?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '@');
    let length = name.find(|c| !is_part(c)).unwrap_or(name.len());
    (length > 0).then_some(length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telegram::update::{Content, MessageKind, Update};

    fn message(text: &str) -> CustomerMessage {
        CustomerMessage {
            telegram_user_id: TelegramUserId(7),
            name: "Ada".to_owned(),
            username: Some("ada".to_owned()),
            language_code: Some("en".to_owned()),
            text: text.to_owned(),
            date: DateTime::from_timestamp(1_767_225_600, 0).unwrap(),
        }
    }

    #[test]
    fn what_a_customer_says_is_a_message_like_any_other() {
        let mut update = message("hello").to_update(3);
        update["update_id"] = json!(1);
        let Content::Message(read) = Update::decode(&update.to_string()).unwrap().content else {
            panic!("not a message");
        };
        assert_eq!(read.message_id, 3);
        assert_eq!(read.kind, MessageKind::Text);
        assert_eq!(read.text.as_deref(), Some("hello"));
        assert_eq!(read.sent_at, message("").date);
        let sender = read.sender.unwrap();
        assert_eq!(sender.username.as_deref(), Some("ada"));
        assert_eq!(sender.language_code.as_deref(), Some("en"));
    }

    #[test]
    fn commands_are_marked() {
        let length = |text: &str| message(text).to_update(1)["message"]["entities"][0]["length"].as_i64();
        assert_eq!(length("/start ref_12"), Some(6));
        assert_eq!(length("/start"), Some(6));
        assert_eq!(length("and/or"), None);
        assert_eq!(length("/ "), None);
    }
}
