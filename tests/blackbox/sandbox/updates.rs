//! Whatever the Bot API can tell can be told in a sandbox.

use serde_json::{Value, json};
use tests::{Sql, eventually, on_both_engines};

use super::{ADA, Story};
use crate::session_life::{HOUR, in_future};
use crate::stage::{PATIENCE, mutate, session_of, sessions};

/// The moment of these updates, in seconds of Unix time.
const DATE: i64 = 1_767_225_600;

on_both_engines! {
    async fn groups_topics_and_business_chats_become_conversations(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = json!({"id": ADA, "is_bot": false, "first_name": "Ada"});
        let group = json!({"id": -500, "type": "group", "title": "Neighbours"});
        story.pushes(json!({"message": {"message_id": 1, "date": DATE, "chat": group, "from": ada,
            "text": "from the group"}})).await;
        let message = story.until_message(-500, |message| message["text"] == "from the group").await;
        assert_eq!(message["writer"]["name"], "Ada");

        story.pushes(json!({"business_message": {"message_id": 1, "date": DATE, "business_connection_id": "B",
            "chat": {"id": ADA, "type": "private", "first_name": "Ada"}, "from": ada, "text": "to the owner"}})).await;
        story.until_message(ADA, |message| message["text"] == "to the owner").await;

        let newcomer = json!({"id": 8, "is_bot": false, "first_name": "Grace"});
        story.pushes(json!({"message": {"message_id": 2, "date": DATE, "message_thread_id": 9, "is_topic_message": true,
            "chat": {"id": 8, "type": "private", "first_name": "Grace"}, "from": newcomer, "text": "in a topic"}})).await;
        let message = story.until_message(8, |message| message["text"] == "in a topic").await;
        let session = session_of(&story.desk.admin, &story.sandbox, 8).await.unwrap();
        let answer = story.answers(session["id"].as_str().unwrap(), json!({"text": "hi", "replyToId": message["id"]})).await;
        story.until_delivery(8, &answer, "SENT").await;
    }

    async fn what_nobody_knows_yet_is_shown_with_its_json(engine: Engine) {
        let story = Story::begin(engine).await;
        let json = json!({"message": {"message_id": 1, "date": DATE, "hologram": {"shape": "whale"},
            "chat": {"id": ADA, "type": "private", "first_name": "Ada"},
            "from": {"id": ADA, "is_bot": false, "first_name": "Ada"}}});
        story.pushes(json).await;
        let message = story.until_message(ADA, |message| message["details"]["__typename"] == "MessageUnsupported").await;
        assert!(message["details"]["json"].as_str().is_some_and(|json| json.contains("whale")), "{message}");
        story.pushes(json!({"brand_new_kind": {"from": {"id": ADA}}})).await;
        story.sent(ADA, json!({"text": "and so on"})).await;
        story.until_message(ADA, |message| message["text"] == "and so on").await;
    }

    async fn a_group_that_moves_is_answered_at_its_new_number(engine: Engine) {
        let story = Story::begin(engine).await;
        let (from, to) = (-500, -1_001_234_567_890_i64);
        let ada = json!({"id": ADA, "is_bot": false, "first_name": "Ada"});
        let chat = |id: i64, kind: &str| json!({"id": id, "type": kind, "title": "Neighbours"});
        story.pushes(json!({"message": {"message_id": 1, "date": DATE, "chat": chat(from, "group"), "from": ada,
            "text": "before"}})).await;
        story.until_message(from, |message| message["text"] == "before").await;
        story.pushes(json!({"message": {"message_id": 2, "date": DATE, "chat": chat(from, "group"), "from": ada,
            "migrate_to_chat_id": to}})).await;
        story.pushes(json!({"message": {"message_id": 1, "date": DATE, "chat": chat(to, "supergroup"), "from": ada,
            "migrate_from_chat_id": from}})).await;
        story.pushes(json!({"message": {"message_id": 2, "date": DATE, "chat": chat(to, "supergroup"), "from": ada,
            "text": "after"}})).await;
        story.until_message(to, |message| message["text"] == "after").await;
        story.until_message(to, |message| message["text"] == "before").await;
    }

    async fn what_is_owed_in_a_group_that_was_taken_for_two_is_owed_to_the_one(engine: Engine) {
        let story = Story::begin(engine).await;
        let (admin, (from, to)) = (&story.desk.admin, (-500, -1_001_234_567_890_i64));
        let ada = json!({"id": ADA, "is_bot": false, "first_name": "Ada"});
        let chat = |id: i64, kind: &str| json!({"id": id, "type": kind, "title": "Neighbours"});
        for (id, kind, text) in [(from, "group", "before"), (to, "supergroup", "between")] {
            story.pushes(json!({"message": {"message_id": 1, "date": DATE, "chat": chat(id, kind), "from": ada,
                "text": text}})).await;
            story.until_message(id, |message| message["text"] == text).await;
        }
        let session = session_of(admin, &story.sandbox, to).await.unwrap()["id"].take();
        let due_at = in_future(admin, &story.sandbox, HOUR).await;
        let todo = json!({"sessionId": session, "kind": "PROMISE", "text": "call back", "dueAt": due_at});
        mutate(admin, "todoCreate", todo, "todo { id }").await;
        mutate(admin, "ticketCreate", json!({"sessionId": session, "description": "a fence"}), "ticket { id }").await;
        story.pushes(json!({"message": {"message_id": 2, "date": DATE, "chat": chat(from, "group"), "from": ada,
            "migrate_to_chat_id": to}})).await;
        let merged = || async {
            let found = sessions(admin, &story.sandbox).await;
            let theirs = found.iter().filter(|session| session["customer"]["telegramUserId"] == *to.to_string());
            if theirs.count() == 2 { Ok(()) } else { Err(found) }
        };
        eventually(PATIENCE, merged).await;
        let sql = Sql::connect(&story.desk.database).await.unwrap();
        for table in ["todos", "tickets", "sla_clocks"] {
            let strays = format!(
                "SELECT count(*) FROM {table} JOIN sessions ON sessions.id = {table}.session_id
                WHERE sessions.customer_id <> {table}.customer_id"
            );
            assert_eq!(sql.number(&strays).await.unwrap(), 0, "{table}");
        }
    }
}

impl Story {
    async fn pushes(&self, update: Value) {
        let pushed = self.arranges("sandboxUpdatePush", "updateId", json!({"json": update.to_string()})).await;
        assert!(pushed["updateId"].is_string(), "{pushed}");
    }
}
