//! Answers go into the conversation that the customer wrote in: a topic of a forum, a chat of a business account, the
//! direct messages of a channel.

use bot::fake::LedgerEntry;
use serde_json::{Value, json};
use tests::{Engine, on_both_engines};

use super::{NOON, Story, id_of, parameter};
use crate::stage::{Telegram, until_written};

const FORUM: i64 = -1_000_000_000_500;
const CHANNEL_DIRECT: i64 = -1_000_000_000_600;

/// Every method that sends something here.
const SENDS: [&str; 3] = ["sendMessage", "sendPhoto", "sendMediaGroup"];
/// Every method that changes something here.
const CHANGES: [&str; 6] = [
    "editMessageText",
    "editMessageCaption",
    "pinChatMessage",
    "unpinChatMessage",
    "deleteMessage",
    "deleteBusinessMessages",
];

/// A conversation, as updates tell of it.
struct Place {
    /// The kind of the updates.
    update: &'static str,
    chat: Value,
    /// What its messages say of the conversation within the chat.
    fields: Value,
}

impl Place {
    fn topic(topic: i64) -> Self {
        Self {
            update: "message",
            chat: json!({ "id": FORUM, "type": "supergroup", "title": "The club", "is_forum": true }),
            fields: json!({ "message_thread_id": topic, "is_topic_message": true }),
        }
    }

    fn business(connection: &str) -> Self {
        let fields = json!({ "business_connection_id": connection });
        Self { update: "business_message", fields, ..Self::private() }
    }

    fn private() -> Self {
        let chat = json!({ "id": 7, "type": "private", "first_name": "Ada" });
        Self { update: "message", chat, fields: json!({}) }
    }

    fn direct_messages(topic: i64) -> Self {
        let chat = json!({ "id": CHANNEL_DIRECT, "type": "supergroup", "title": "News", "is_direct_messages": true });
        let fields = json!({ "direct_messages_topic": { "topic_id": topic, "user": ada() } });
        Self { update: "message", chat, fields }
    }

    /// The update by which a message is told that somebody writes here.
    fn says(&self, number: i64, text: &str) -> Value {
        let mut message = self.fields.clone();
        for (name, value) in
            [("message_id", json!(number)), ("date", json!(NOON)), ("from", ada()), ("text", json!(text))]
        {
            message[name] = value;
        }
        message["chat"] = self.chat.clone();
        json!({ self.update: message })
    }

    /// Fails unless the call leads here. What changes a message finds it without its topic.
    fn assert_named_by(&self, call: &LedgerEntry) {
        let named = (call.business_connection_id(), call.message_thread_id(), call.direct_messages_topic_id());
        let topic = self.fields["message_thread_id"].as_i64().filter(|_| call.is_send());
        let direct = self.fields["direct_messages_topic"]["topic_id"].as_i64().filter(|_| call.is_send());
        assert_eq!(named, (self.fields["business_connection_id"].as_str(), topic, direct), "{call:?}");
        assert_eq!(call.chat_id.0, self.chat["id"], "{call:?}");
    }
}

fn ada() -> Value {
    json!({ "id": 7, "is_bot": false, "first_name": "Ada" })
}

/// Sends something of each sort into the place where the customer wrote, and changes it. Then the customer writes in
/// the other place, where answers go from then on, but for those to what was written before.
async fn tell(engine: Engine, place: Place, other: Place, customer: i64) {
    let telegram = Telegram::start().await;
    telegram.tells(&place.says(500, "hello")).await;
    let story = Story::begin_with(engine, telegram, customer).await;
    let said = story.first_message().await;
    let answer = story.send(json!({ "text": "answer", "replyToId": said, "quote": "ell" })).await;
    let album = story.upload_album(2).await;
    let photo = story.send(json!({ "text": "look", "media": [album[0]] })).await;
    let album = story.send(json!({ "text": "both", "media": album, "replyToId": said })).await;
    let (answer, photo) = (id_of(&answer[0]), id_of(&photo[0]));
    for message in [&answer, &photo, &id_of(&album[1])] {
        story.until_delivery(message, "SENT").await;
    }
    let sends = story.calls(&SENDS);
    assert_eq!(sends.iter().map(|call| call.method.as_str()).collect::<Vec<_>>(), SENDS);
    sends.iter().for_each(|call| place.assert_named_by(call));
    let replies: Vec<_> = sends.iter().map(|call| parameter(call, "reply_parameters")["message_id"].clone()).collect();
    assert_eq!(replies, [json!(500), Value::Null, json!(500)]);
    assert_eq!(parameter(&sends[0], "reply_parameters")["quote"], "ell");

    story.edit(&answer, "a better answer").await;
    story.until_change(&answer, "EDIT", "DONE").await;
    story.edit(&photo, "look here").await;
    story.until_change(&photo, "EDIT", "DONE").await;
    story.change("messagePin", json!({ "messageId": answer })).await;
    story.until_change(&answer, "PIN", "DONE").await;
    for message in [&answer, &photo] {
        story.change("messageDelete", json!({ "messageId": message })).await;
        story.until_change(message, "DELETE", "DONE").await;
    }
    let changes = story.calls(&CHANGES);
    assert_eq!(changes.len(), 5, "{changes:?}");
    changes.iter().for_each(|call| place.assert_named_by(call));
    let numbers = |call: &LedgerEntry| call.message_id;
    let (answer, photo) = (numbers(&sends[0]), numbers(&sends[1]));
    assert_eq!(changes.iter().map(numbers).collect::<Vec<_>>(), [answer, photo, answer, answer, photo]);

    story.telegram.tells(&other.says(501, "here too")).await;
    until_written(&story.desk.admin, &story.project, customer, 2).await;
    let there = story.say("there").await;
    let back = story.send(json!({ "text": "back", "replyToId": said })).await;
    for message in [&there, &id_of(&back[0])] {
        story.until_delivery(message, "SENT").await;
    }
    let sends = story.calls(&["sendMessage"]);
    other.assert_named_by(&sends[1]);
    place.assert_named_by(&sends[2]);
    assert_eq!(sends[2].payload["reply_parameters"]["message_id"], 500);
}

on_both_engines! {
    async fn into_the_topic_of_a_forum(engine: Engine) {
        tell(engine, Place::topic(42), Place::topic(43), FORUM).await;
    }

    async fn into_the_chat_of_a_business_account(engine: Engine) {
        tell(engine, Place::business("first"), Place::business("second"), 7).await;
    }

    async fn into_the_direct_messages_of_a_channel(engine: Engine) {
        tell(engine, Place::direct_messages(4_007), Place::private(), 7).await;
    }
}
