//! What is left of what others have written, without somebody who is erased.

use std::collections::BTreeSet;

use domain::message::{Content, Details};
use domain::{Direction, Message};
use serde_json::{Map, Value, json};

/// The kind of a message of which nothing is left.
const ERASED_KIND: &str = "erased";

/// What the raw text of an update begins with once something was taken out of it. Telegram's own begins with a brace.
const MARK: char = ' ';

/// The fields that name who is behind what an object tells.
const BEHIND: [&str; 8] =
    ["from", "sender_chat", "user", "sender_user", "actor_chat", "voter_chat", "chat", "sender_business_bot"];

/// The fields that tell where something was taken from.
const ORIGINS: [&str; 2] = ["origin", "forward_origin"];

/// What is left of the message of somebody who is erased, where another one answers it.
const LEFT_OF_MESSAGE: [&str; 2] = ["message_id", "date"];

/// Somebody who is erased.
#[derive(Debug, Clone, Default)]
pub(super) struct Subject {
    /// The numbers that Telegram has given them: of a person one, of a group those it had before as well.
    pub(super) numbers: BTreeSet<i64>,
    /// The polls in their conversations.
    pub(super) polls: BTreeSet<String>,
}

/// What is left of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Left {
    /// Everything: it has nothing to do with them.
    Everything,
    /// This text.
    Some(String),
    /// Nothing: it is their own.
    Nothing,
    /// Nobody can tell: it is no JSON that could be taken apart.
    Unreadable,
}

/// Whether something was taken out of the raw text of an update, so that it is not what Telegram sent any more.
pub(crate) fn is_redacted(raw: &str) -> bool {
    raw.is_empty() || raw.starts_with(MARK)
}

impl Subject {
    /// What is left of the raw text of an update.
    pub(super) fn left_of_update(&self, raw: &str) -> Left {
        let Ok(Value::Object(mut update)) = serde_json::from_str(raw) else { return Left::Unreadable };
        if update.iter().any(|(kind, body)| self.owns(kind, body)) {
            return Left::Nothing;
        }
        let mut is_touched = false;
        for body in update.values_mut().filter_map(Value::as_object_mut) {
            is_touched |= self.redact_fields(body);
        }
        if is_touched { Left::Some(format!("{MARK}{}", Value::Object(update))) } else { Left::Everything }
    }

    /// What is left of a message in somebody else's conversation; nothing if it stays as it is.
    pub(super) fn left_of_message(&self, message: &Message) -> Option<Message> {
        let is_writer =
            message.content.writer.as_ref().is_some_and(|writer| self.numbers.contains(&writer.telegram_id));
        // In a chat of a business account the writer is its owner, who writes for the desk.
        if is_writer && message.direction == Direction::Inbound || self.is_in_details(&message.content) {
            return Some(emptied(message));
        }
        let mut left = message.clone();
        left.content.reactions.retain_mut(|reaction| {
            let before = reaction.by.len();
            reaction.by.retain(|user| !self.numbers.contains(&user.0));
            let gone = i64::try_from(before - reaction.by.len()).unwrap_or_default();
            reaction.count -= gone;
            gone == 0 || reaction.count > 0
        });
        if let Some(entities) = left.entities.as_deref().and_then(|entities| self.left_of_entities(entities)) {
            left.entities = entities;
        }
        (left != *message).then_some(left)
    }

    /// Whether a text that is JSON names them.
    pub(super) fn is_in(&self, text: &str) -> bool {
        serde_json::from_str::<Value>(text).is_ok_and(|mut value| self.redact(&mut value))
    }

    fn is_in_details(&self, content: &Content) -> bool {
        match &content.details {
            Some(Details::Contact(contact)) => contact.telegram_user_id.is_some_and(|id| self.numbers.contains(&id)),
            Some(Details::Service { json, .. } | Details::Unsupported { json }) => self.is_in(json),
            _ => false,
        }
    }

    /// The formatting without what names them; nothing if it does not.
    fn left_of_entities(&self, entities: &str) -> Option<Option<String>> {
        let Ok(Value::Array(mut entities)) = serde_json::from_str(entities) else { return None };
        let before = entities.len();
        entities.retain(|entity| !self.is(&entity["user"]));
        let is_touched = entities.len() < before;
        is_touched.then(|| (!entities.is_empty()).then(|| Value::Array(entities).to_string()))
    }

    /// Whether the body of an update is their own: what they did, or what happened in their conversation.
    fn owns(&self, kind: &str, body: &Value) -> bool {
        let poll = if kind == "poll" { &body["id"] } else { &body["poll_id"] };
        BEHIND.iter().any(|field| self.is(&body[*field]))
            || self.is(&body["message"]["chat"])
            || poll.as_str().is_some_and(|poll| self.polls.contains(poll))
    }

    /// Whether the value is the user or the chat that they are.
    fn is(&self, value: &Value) -> bool {
        value["id"].as_i64().is_some_and(|id| self.numbers.contains(&id))
    }

    /// Takes them out of a value. Answers whether they were in it.
    fn redact(&self, value: &mut Value) -> bool {
        if self.is(value) {
            *value = json!({ "id": 0 });
            return true;
        }
        match value {
            Value::Array(items) => items.iter_mut().fold(false, |is_touched, item| self.redact(item) | is_touched),
            Value::Object(fields) if self.is_behind(fields) => {
                fields.retain(|name, _| LEFT_OF_MESSAGE.contains(&name.as_str()));
                true
            }
            Value::Object(fields) => self.redact_fields(fields),
            _ => false,
        }
    }

    fn redact_fields(&self, fields: &mut Map<String, Value>) -> bool {
        let mut is_answered = false;
        for field in ["reply_to_message", "external_reply"] {
            is_answered |= fields.get_mut(field).is_some_and(|answered| self.redact(answered));
        }
        // What is quoted are their words.
        if is_answered {
            fields.remove("quote");
        }
        let mut is_touched = is_answered;
        for value in fields.values_mut() {
            is_touched |= self.redact(value);
        }
        // The card of a person.
        if fields.get("user_id").and_then(Value::as_i64).is_some_and(|id| self.numbers.contains(&id)) {
            fields.clear();
            is_touched = true;
        }
        is_touched
    }

    /// Whether they are behind what an object within an update tells.
    fn is_behind(&self, fields: &Map<String, Value>) -> bool {
        let is_named = |fields: &Map<String, Value>| {
            BEHIND.iter().any(|field| fields.get(*field).is_some_and(|value| self.is(value)))
        };
        let origins = ORIGINS.iter().filter_map(|field| fields.get(*field)?.as_object());
        is_named(fields) || origins.into_iter().any(is_named)
    }
}

/// The message with nothing in it but the conversation that it belongs to.
fn emptied(message: &Message) -> Message {
    Message {
        kind: ERASED_KIND.to_owned(),
        text: String::new(),
        entities: None,
        content: Content { thread: message.content.thread.clone(), ..Content::default() },
        album_id: None,
        changes: Vec::new(),
        ..message.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: i64 = 5_551_234;
    const GROUP: i64 = -100_777;

    fn subject(number: i64) -> Subject {
        Subject { numbers: [number].into(), polls: ["33".to_owned()].into() }
    }

    fn ada() -> Value {
        json!({ "id": ADA, "is_bot": false, "first_name": "Ada" })
    }

    fn bob(more: Value) -> String {
        let mut message = json!({ "message_id": 2, "from": { "id": 8, "first_name": "Bob" }, "chat": { "id": GROUP } });
        message.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({ "update_id": 1, "message": message }).to_string()
    }

    fn left(number: i64, raw: &str) -> Value {
        match subject(number).left_of_update(raw) {
            Left::Some(text) => {
                assert!(is_redacted(&text) && !is_redacted(raw));
                serde_json::from_str(&text).unwrap()
            }
            other => panic!("{other:?}: {raw}"),
        }
    }

    #[test]
    fn what_they_did_themselves_goes_as_a_whole() {
        for body in [
            json!({ "message": { "from": ada(), "chat": { "id": GROUP } } }),
            json!({ "message_reaction": { "user": ada() } }),
            json!({ "callback_query": { "from": { "id": 8 }, "message": { "chat": { "id": ADA } } } }),
            json!({ "poll_answer": { "poll_id": "33" } }),
            json!({ "poll": { "id": "33" } }),
        ] {
            assert_eq!(subject(ADA).left_of_update(&body.to_string()), Left::Nothing, "{body}");
        }
    }

    #[test]
    fn what_has_nothing_to_do_with_them_stays_to_the_byte() {
        for more in [json!({}), json!({ "text": "5551234" }), json!({ "message_id": ADA })] {
            assert_eq!(subject(ADA).left_of_update(&bob(more)), Left::Everything);
        }
        assert_eq!(subject(ADA).left_of_update("{ 5551234"), Left::Unreadable);
    }

    #[test]
    fn of_what_others_wrote_their_own_part_stays() {
        let answer = bob(json!({
            "text": "I agree",
            "quote": { "text": "secret" },
            "reply_to_message": { "message_id": 1, "date": 5, "from": ada(), "text": "secret", "chat": { "id": GROUP } },
        }));
        let left_of_answer = left(ADA, &answer);
        assert_eq!(left_of_answer["message"]["reply_to_message"], json!({ "message_id": 1, "date": 5 }));
        assert_eq!(left_of_answer["message"]["text"], "I agree");
        for more in [
            json!({ "new_chat_members": [ada(), { "id": 9 }] }),
            json!({ "left_chat_member": ada() }),
            json!({ "entities": [{ "type": "text_mention", "user": ada() }] }),
            json!({ "contact": { "phone_number": "+44", "first_name": "Ada", "user_id": ADA } }),
            json!({ "forward_origin": { "type": "user", "sender_user": ada() } }),
            json!({ "external_reply": { "origin": { "sender_user": ada() }, "contact": { "first_name": "Ada" } } }),
            json!({ "pinned_message": { "from": ada(), "caption": "Ada's secret" } }),
        ] {
            let left = left(ADA, &bob(more)).to_string();
            assert!(!left.contains("Ada") && !left.contains(&ADA.to_string()) && left.contains("Bob"), "{left}");
        }
        let elsewhere = json!({ "external_reply": { "chat": { "id": GROUP, "title": "Ours" }, "message_id": 4 } });
        let raw = json!({ "message": { "from": { "id": 8 }, "chat": { "id": 8 }, "external_reply": elsewhere["external_reply"] } });
        assert!(!left(GROUP, &raw.to_string()).to_string().contains("Ours"));
    }
}
