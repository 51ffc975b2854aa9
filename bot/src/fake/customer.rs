//! What simulated customers write.

use chrono::{DateTime, Utc};
use domain::{ChatId, TelegramUserId};
use serde_json::{Map, Value, json};

/// A simulated customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The number of the customer, and of the private chat with them.
    pub telegram_user_id: TelegramUserId,
    /// The customer's first name.
    pub name: String,
    /// The user name without `@`.
    pub username: Option<String>,
    /// The language of the customer's Telegram as an IETF tag.
    pub language_code: Option<String>,
}

impl Customer {
    /// A customer of whom nothing else is known.
    #[must_use]
    pub fn named(telegram_user_id: i64, name: &str) -> Self {
        Self {
            telegram_user_id: TelegramUserId(telegram_user_id),
            name: name.to_owned(),
            username: None,
            language_code: None,
        }
    }

    /// The private chat with the customer.
    #[must_use]
    pub fn chat(&self) -> ChatId {
        ChatId(self.telegram_user_id.0)
    }

    /// The customer as a `User` of the Bot API.
    #[must_use]
    pub fn to_user(&self) -> Value {
        let mut user = json!({
            "id": self.telegram_user_id.0,
            "is_bot": false,
            "first_name": self.name,
        });
        if let Some(username) = &self.username {
            user["username"] = json!(username);
        }
        if let Some(language_code) = &self.language_code {
            user["language_code"] = json!(language_code);
        }
        user
    }

    /// The private chat as a `Chat` of the Bot API.
    #[must_use]
    pub fn to_chat(&self) -> Value {
        let mut chat = json!({
            "id": self.telegram_user_id.0,
            "first_name": self.name,
            "type": "private",
        });
        if let Some(username) = &self.username {
            chat["username"] = json!(username);
        }
        chat
    }

    /// A message of the customer in their private chat, as a `Message` of the Bot API. `content` has what it says.
    #[must_use]
    pub fn to_message(&self, message_id: i64, date: DateTime<Utc>, content: &Map<String, Value>) -> Value {
        let mut message = json!({
            "message_id": message_id,
            "from": self.to_user(),
            "chat": self.to_chat(),
            "date": date.timestamp(),
        });
        if let Value::Object(message) = &mut message {
            message.extend(content.clone());
        }
        message
    }
}

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
        let content = text_content(&self.text);
        json!({ "message": self.customer().to_message(message_id, self.date, &content) })
    }

    /// Who writes.
    #[must_use]
    pub fn customer(&self) -> Customer {
        Customer {
            telegram_user_id: self.telegram_user_id,
            name: self.name.clone(),
            username: self.username.clone(),
            language_code: self.language_code.clone(),
        }
    }
}

/// The fields of a message that is a text, in which Telegram marks a command.
pub(crate) fn text_content(text: &str) -> Map<String, Value> {
    let mut content = Map::from_iter([("text".to_owned(), json!(text))]);
    if let Some(length) = command_length(text) {
        content.insert("entities".to_owned(), json!([{"type": "bot_command", "offset": 0, "length": length}]));
    }
    content
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
    use desk::intake::{Decode, Decoded};

    use super::*;
    use crate::intake::TelegramUpdates;

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
        let Ok(Decoded::Message(read)) = TelegramUpdates.decode(&update.to_string()) else {
            panic!("not a message");
        };
        assert_eq!(read.telegram_message_id, 3);
        assert_eq!((read.kind.as_str(), read.text.as_str()), ("text", "hello"));
        assert_eq!(read.sent_at, Some(message("").date));
        assert_eq!(read.customer.username.as_deref(), Some("ada"));
        assert_eq!(read.customer.language_code.as_deref(), Some("en"));
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
