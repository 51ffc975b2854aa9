//! A group becomes a supergroup in the middle of a conversation. What waits follows it; what was written before stays where
//! it is.

use std::time::Duration;

use bot::fake::{ChatState, Fault};
use domain::ChatId;
use serde_json::{Value, json};
use tests::{eventually, on_both_engines};

use super::{NOON, Story, id_of};
use crate::stage::{PATIENCE, Telegram, session_of};

const GROUP: i64 = -500;
const SUPERGROUP: i64 = -1_000_000_000_500;

impl Story {
    async fn begin_in_group(engine: tests::Engine) -> Self {
        let telegram = Telegram::start().await;
        let hello = json!({ "message": {
            "message_id": 500, "date": NOON, "text": "hello",
            "from": { "id": 7, "is_bot": false, "first_name": "Ada" },
            "chat": { "id": GROUP, "type": "group", "title": "The club" },
        } });
        telegram.tells(&hello).await;
        Self::begin_with(engine, telegram, GROUP).await
    }

    /// The group becomes a supergroup.
    async fn migrate(&self) {
        let api = &self.telegram.api;
        api.migrate_group(self.telegram.bot(), ChatId(GROUP), ChatId(SUPERGROUP), "The club").await.unwrap();
        eventually(PATIENCE, || session_of(&self.desk.admin, &self.project, SUPERGROUP)).await;
    }
}

on_both_engines! {
    async fn what_waits_goes_to_the_new_chat_in_its_order(engine: Engine) {
        let story = Story::begin_in_group(engine).await;
        let said = story.first_message().await;
        let album = story.upload_album(2).await;
        // Long enough for nothing to be on its way to the old chat when the group becomes a supergroup.
        story.hold_back(15).await;
        let first = story.say("first").await;
        let second = story.send(json!({ "text": "second", "replyToId": said, "quote": "ell" })).await;
        let third = story.send(json!({ "text": "third", "media": album, "replyToId": said })).await;
        let withdrawn = story.say("withdrawn").await;
        story.migrate().await;
        story.edit(&id_of(&second[0]), "second, corrected").await;
        story.change("messageDelete", json!({ "messageId": withdrawn })).await;
        let last = story.send(json!({ "text": "last", "replyToId": first })).await;
        story.let_go();
        story.telegram.until_received(SUPERGROUP, 1).await;
        story.until_delivery(&id_of(&last[0]), "SENT").await;
        for message in [&first, &id_of(&second[0]), &id_of(&third[1])] {
            assert_eq!(story.message(message).await["delivery"]["state"], "SENT");
        }
        let received = story.telegram.received_by(SUPERGROUP);
        assert_eq!(received, ["wait", "first", "second, corrected", "third", "last"]);
        assert_eq!(story.telegram.received_by(GROUP), [""; 0]);
        let calls = story.calls(&["sendMessage", "sendMediaGroup"]);
        for call in &calls[..4] {
            assert_eq!(call.payload["reply_parameters"], Value::Null, "in the new chat the number is another message's");
        }
        assert_eq!(calls[4].payload["reply_parameters"]["message_id"], calls[1].message_id);
        assert_eq!(story.telegram.api.ledger().refused_with(400), 0, "nobody had to be told of the new chat");
    }

    async fn what_was_written_before_can_be_answered_and_not_changed(engine: Engine) {
        let story = Story::begin_in_group(engine).await;
        let said = story.first_message().await;
        let before = story.say("before").await;
        story.until_delivery(&before, "SENT").await;
        story.migrate().await;
        let sent = story.send(json!({ "text": "hi", "replyToId": said })).await;
        assert_eq!(sent[0]["replyTo"]["id"], said);
        story.until_delivery(&id_of(&sent[0]), "SENT").await;
        assert_eq!(story.telegram.received_by(SUPERGROUP), ["hi"]);
        assert_eq!(story.calls(&["sendMessage"])[1].payload["reply_parameters"], Value::Null);
        assert_eq!(story.telegram.api.ledger().refused_with(400), 0, "nobody had to be told of the new chat");

        story.edit(&before, "after").await;
        let kept = story.until_change(&before, "EDIT", "FAILED").await;
        assert_eq!((&kept["text"], &kept["editedAt"]), (&json!("before"), &Value::Null));
        assert!(kept["changes"][0]["error"].as_str().unwrap().contains("has become a supergroup"), "{kept}");
        story.change("messageDelete", json!({ "messageId": before })).await;
        let kept = story.until_change(&before, "DELETE", "FAILED").await;
        assert_eq!(kept["deletedAt"], Value::Null);
    }

    async fn telegram_may_tell_of_it_first_by_refusing_a_call(engine: Engine) {
        let story = Story::begin_in_group(engine).await;
        let said = story.first_message().await;
        let state = ChatState::Migrated { to: ChatId(SUPERGROUP) };
        story.telegram.api.set_chat_state(story.telegram.bot(), ChatId(GROUP), state);
        story.telegram.next("sendMessage", Fault::late(Duration::from_secs(1)));
        let first = story.send(json!({ "text": "first", "replyToId": said })).await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        // It is on its way to the old chat, and will be in the new one when it can be pinned.
        story.change("messagePin", json!({ "messageId": first[0]["id"] })).await;
        let second = story.send(json!({ "text": "second", "replyToId": first[0]["id"] })).await;
        story.until_delivery(&id_of(&second[0]), "SENT").await;
        assert_eq!(story.telegram.received_by(SUPERGROUP), ["first", "second"]);
        let calls = story.calls(&["sendMessage"]);
        assert_eq!(calls[0].payload["reply_parameters"], Value::Null);
        story.edit(&id_of(&first[0]), "first, corrected").await;
        story.until_change(&id_of(&first[0]), "EDIT", "DONE").await;
        story.until_change(&id_of(&first[0]), "PIN", "DONE").await;
        for change in story.calls(&["editMessageText", "pinChatMessage"]) {
            assert_eq!((change.chat_id, change.message_id), (ChatId(SUPERGROUP), calls[0].message_id));
        }
    }
}
