//! Buttons under messages: a tap reaches the agents, whenever it comes, and nothing else does.

use bot::fake::{ChatMessage, Fault};
use domain::ChatId;
use serde_json::{Value, json};
use tests::{Sql, on_both_engines};

use super::{NOON, Story, id_of};
use crate::stage::{PATIENCE, Reader, messages, sessions, until_written};

impl Story {
    /// Sends a question with the buttons Yes and No. Returns its id and how the customer sees it, which may be before the
    /// desk knows that it was sent.
    async fn ask(&self, question: &str) -> (String, ChatMessage) {
        let buttons = json!([[{ "text": "Yes" }, { "text": "No" }]]);
        let sent = self.send(json!({ "text": question, "buttons": buttons })).await;
        let is_there = |chat: &[ChatMessage]| chat.iter().any(|message| message.text() == Some(question));
        let (bot, chat) = (self.telegram.bot(), ChatId(7));
        let chat = self.telegram.api.wait_for_chat(bot, chat, is_there, PATIENCE).await.unwrap();
        let shown = chat.into_iter().find(|message| message.text() == Some(question)).unwrap();
        (id_of(&sent[0]), shown)
    }

    /// Customer 7 taps something; `more` stands in place of the usual fields.
    async fn taps(&self, id: &str, message: &ChatMessage, data: &str, more: Value) {
        let mut query = json!({
            "id": id, "from": { "id": 7, "is_bot": false, "first_name": "Ada" }, "message": message.json,
            "chat_instance": "1", "data": data,
        });
        for (name, value) in more.as_object().unwrap() {
            query[name] = value.clone();
        }
        self.telegram.tells(&json!({ "callback_query": query })).await;
    }

    /// Waits until so many taps have been answered.
    async fn until_answered(&self, taps: usize) -> Vec<String> {
        let ledger = self.telegram.until(|ledger| ledger.callback_answers().len() >= taps).await;
        ledger.callback_answers().into_iter().map(|(id, _)| id.to_owned()).collect()
    }
}

/// What a tap on a button of a message hands back.
fn code(message: &ChatMessage, label: &str) -> String {
    let buttons = message.buttons();
    let (_, code) = buttons.iter().flatten().find(|(text, _)| *text == label).unwrap();
    code.unwrap().to_owned()
}

on_both_engines! {
    async fn a_tap_is_shown_as_what_the_customer_says_and_answered(engine: Engine) {
        let story = Story::begin(engine).await;
        let (question, shown) = story.ask("Did it arrive?").await;
        story.until_delivery(&question, "SENT").await;
        let mut reader = Reader::from_now(&story.desk.admin, &story.project).await;
        story.taps("1", &shown, &code(&shown, "No"), json!({})).await;
        let added = reader.until("MessageAdded", |event| event["message"]["direction"] == "INBOUND").await;
        let document = "query Tap($id: ID!) { node(id: $id) { ... on Message {
            kind text replyTo { id } delivery { state } details { ... on MessageButtonPress { label } }
            session { status unreadCount }
        } } }";
        let tap = story.desk.admin.query(document, json!({ "id": added["message"]["id"] })).await;
        assert_eq!(tap["node"], json!({
            "kind": "callback_query", "text": "No", "replyTo": { "id": question }, "delivery": null,
            "details": { "label": "No" }, "session": { "status": "PROCESSING", "unreadCount": 1 },
        }));
        assert_eq!(story.until_answered(1).await, ["1"]);

        // Telegram takes answers for some minutes only, and bothers nobody by that.
        let too_late = "Bad Request: query is too old and response timeout expired or query ID is invalid";
        story.telegram.next("answerCallbackQuery", Fault::error(400, too_late));
        story.taps("2", &shown, &code(&shown, "Yes"), json!({})).await;
        assert_eq!(until_written(&story.desk.admin, &story.project, 7, 3).await, ["hello", "No", "Yes"]);
        story.telegram.until(|ledger| ledger.calls("answerCallbackQuery") == 2).await;
        let again = story.say("Thank you").await;
        story.until_delivery(&again, "SENT").await;
    }

    async fn a_tap_may_come_before_the_desk_knows_that_the_message_was_sent(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::vanish_after_accepting());
        let (question, shown) = story.ask("Did it arrive?").await;
        story.taps("1", &shown, &code(&shown, "Yes"), json!({})).await;
        assert_eq!(until_written(&story.desk.admin, &story.project, 7, 2).await, ["hello", "Yes"]);
        let all = messages(&story.desk.admin, &story.session).await;
        assert_eq!(all[1]["delivery"]["state"], "QUEUED", "the tap came first");
        assert_eq!(story.message(all[2]["id"].as_str().unwrap()).await["replyTo"]["id"], question);
        // The same once more, as the customer is impatient.
        story.taps("2", &shown, &code(&shown, "Yes"), json!({})).await;
        assert_eq!(story.until_answered(2).await.len(), 2);
        assert_eq!(messages(&story.desk.admin, &story.session).await.len(), 3);
    }

    async fn a_tap_under_an_old_message_of_which_telegram_tells_little_counts(engine: Engine) {
        let story = Story::begin(engine).await;
        let (question, shown) = story.ask("Did it arrive?").await;
        story.until_delivery(&question, "SENT").await;
        let inaccessible = json!({ "chat": shown.json["chat"], "message_id": shown.message_id, "date": 0 });
        story.taps("1", &shown, &code(&shown, "Yes"), json!({ "message": inaccessible })).await;
        assert_eq!(until_written(&story.desk.admin, &story.project, 7, 2).await, ["hello", "Yes"]);
    }

    async fn whatever_else_is_tapped_is_answered_and_left_alone(engine: Engine) {
        let story = Story::begin(engine).await;
        let (question, shown) = story.ask("Did it arrive?").await;
        story.until_delivery(&question, "SENT").await;
        let (_, other) = story.ask("Is it blue?").await;
        let yes = code(&shown, "Yes");
        let strange = [
            "x".repeat(64), "x".repeat(65), "x".repeat(100_000), "é".repeat(33), "\u{0}".to_owned(), String::new(),
            format!("{yes} "), yes.to_uppercase(), "'; DROP TABLE buttons; --".to_owned(), "\u{202e}\u{fffd}".to_owned(),
        ];
        for (number, data) in strange.iter().enumerate() {
            story.taps(&format!("data {number}"), &shown, data, json!({})).await;
        }
        let elsewhere = json!({ "chat": { "id": 8, "type": "private" }, "message_id": shown.message_id, "date": NOON });
        let misplaced = [
            json!({ "message": other.json }),
            json!({ "message": elsewhere }),
            json!({ "from": { "id": 8, "is_bot": false, "first_name": "Eve" } }),
            json!({ "data": null }),
            json!({ "data": null, "message": null, "inline_message_id": "inline", "game_short_name": "chess" }),
            json!({ "data": { "nested": [yes] } }),
        ];
        for (number, more) in misplaced.iter().enumerate() {
            story.taps(&format!("place {number}"), &shown, &yes, more.clone()).await;
        }
        let taps = strange.len() + misplaced.len();
        assert_eq!(story.until_answered(taps).await.len(), taps);
        let texts = until_written(&story.desk.admin, &story.project, 7, 1).await;
        assert_eq!(texts, ["hello"]);
        assert_eq!(sessions(&story.desk.admin, &story.project).await.len(), 1);
        let sql = Sql::connect(&story.desk.database).await.unwrap();
        assert_eq!(sql.number("SELECT count(*) FROM presses").await.unwrap(), 0);
        assert_eq!(sql.number("SELECT count(*) FROM tg_inbox WHERE state = 'FAILED'").await.unwrap(), 0);
        story.taps("true", &shown, &yes, json!({})).await;
        assert_eq!(until_written(&story.desk.admin, &story.project, 7, 2).await, ["hello", "Yes"]);
    }
}
