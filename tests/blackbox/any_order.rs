//! Whatever Telegram tells, in whatever order and however often, the desk shows what happened, once.

use domain::ChatId;
use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, customer_of, messages, mutate, project_called, reply, sessions, until_session,
    until_written,
};

/// The time of everything that happens at once, by Telegram's clock.
const NOON: i64 = 1_800_000_000;
const GROUP: i64 = -500;
const SUPERGROUP: i64 = -1_000_000_000_500;

struct Story {
    telegram: Telegram,
    desk: Desk,
    project: String,
}

impl Story {
    async fn begin(engine: tests::Engine) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        Self { telegram, desk, project }
    }

    fn admin(&self) -> &Client {
        &self.desk.admin
    }

    /// Waits until everything that Telegram has told is worked off, which what a bystander says shows.
    async fn until_heard(&self) {
        let bystander = 9_999;
        let before = crate::stage::written_by(self.admin(), &self.project, bystander).await.len();
        self.telegram.customer_writes(bystander, "and now?").await;
        until_written(self.admin(), &self.project, bystander, before + 1).await;
        let list = "query Pending($id: ID!) {
            project(id: $id) { telegramUpdates(state: PENDING, first: 1) { totalCount } }
        }";
        let done = || async {
            let data = self.admin().query(list, json!({ "id": self.project })).await;
            let pending = data["project"]["telegramUpdates"]["totalCount"].as_i64().expect("a number");
            if pending == 0 { Ok(()) } else { Err(pending) }
        };
        eventually(PATIENCE, done).await;
    }

    /// The updates that were put by, newest first.
    async fn shelved(&self) -> Vec<Value> {
        let list = "query Shelved($id: ID!) {
            project(id: $id) {
                telegramUpdates(state: SHELVED, first: 100) { nodes { id kind state shelf error raw receivedAt } }
            }
        }";
        let mut data = self.admin().query(list, json!({ "id": self.project })).await;
        data["project"]["telegramUpdates"]["nodes"].as_array_mut().expect("a list").drain(..).collect()
    }
}

fn person(customer: i64) -> Value {
    json!({ "id": customer, "is_bot": false, "first_name": format!("Customer {customer}") })
}

/// A message in a private chat, with fields beside the usual.
fn message(customer: i64, number: i64, mut fields: Value) -> Value {
    fields["message_id"] = json!(number);
    fields["date"] = json!(NOON);
    fields["from"] = person(customer);
    fields["chat"] = json!({ "id": customer, "type": "private", "first_name": format!("Customer {customer}") });
    fields
}

fn tap(id: &str, customer: i64, message: Value, data: &str) -> Value {
    json!({ "callback_query": {
        "id": id, "from": person(customer), "message": message, "chat_instance": "1", "data": data,
    } })
}

fn in_group(chat: i64, kind: &str, number: i64, text: &str) -> Value {
    json!({ "message": {
        "message_id": number, "date": NOON, "from": person(7), "text": text,
        "chat": { "id": chat, "type": kind, "title": "The club" },
    } })
}

on_both_engines! {
    async fn the_items_of_an_album_come_in_any_order_and_an_edit_before_its_original(engine: Engine) {
        let story = Story::begin(engine).await;
        for number in [12, 10, 11] {
            let photo = json!([{ "file_id": format!("f{number}"), "file_unique_id": "u", "width": 1, "height": 1 }]);
            let caption = format!("item {number}");
            let fields = json!({ "photo": photo, "media_group_id": "77", "caption": caption });
            story.telegram.tells(&json!({ "message": message(7, number, fields) })).await;
        }
        let mut better = message(7, 13, json!({ "text": "better" }));
        better["edit_date"] = json!(NOON + 5);
        story.telegram.tells(&json!({ "edited_message": better })).await;
        story.telegram.tells(&json!({ "message": message(7, 13, json!({ "text": "worse" })) })).await;
        story.until_heard().await;
        let session = until_session(story.admin(), &story.project, 7).await;
        let list = "query Albums($id: ID!) {
            session(id: $id) { messages(first: 10) { nodes { text kind albumId album { text } } } }
        }";
        let data = story.admin().query(list, json!({ "id": session })).await;
        let nodes = data["session"]["messages"]["nodes"].as_array().unwrap();
        let texts: Vec<_> = nodes.iter().map(|node| node["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["item 12", "item 10", "item 11", "better"]);
        assert_eq!(nodes[0]["album"].as_array().unwrap().len(), 3);
    }

    async fn a_tap_counts_once_and_a_forged_one_not_at_all(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.customer_writes(7, "hello").await;
        let session = until_session(story.admin(), &story.project, 7).await;
        let input = json!({ "sessionId": session, "text": "Better?", "buttons": [[{ "text": "Yes" }]] });
        mutate(story.admin(), "messageSend", input, "message { id }").await;
        let bot = story.telegram.bot();
        let is_there = |chat: &[bot::fake::ChatMessage]| chat.iter().any(|message| message.text() == Some("Better?"));
        let chat = story.telegram.api.wait_for_chat(bot, ChatId(7), is_there, PATIENCE).await.unwrap();
        let question = chat.iter().find(|message| message.text() == Some("Better?")).unwrap();
        let code = question.buttons()[0][0].1.unwrap().to_owned();
        assert!(code.len() <= 64, "{code}");
        let forged = "x".repeat(200);
        let taps = [("1", 7, code.as_str()), ("2", 7, &code), ("3", 7, "yes"), ("4", 7, &forged), ("5", 8, &code)];
        for (id, customer, data) in taps {
            story.telegram.tells(&tap(id, customer, question.json.clone(), data)).await;
        }
        story.telegram.until(|ledger| ledger.callback_answers().len() >= taps.len()).await;
        story.until_heard().await;
        let said = until_written(story.admin(), &story.project, 7, 2).await;
        assert_eq!(said, ["hello", "Yes"]);
        let kinds = messages(story.admin(), &session).await;
        assert_eq!(kinds[2]["kind"], "callback_query");
        assert_eq!(sessions(story.admin(), &story.project).await.len(), 2, "of 7 and the bystander");
        let page = reqwest::get(format!("{}/metrics", story.desk.server.url())).await.unwrap().text().await.unwrap();
        assert!(page.contains("switchboard_forged_presses_total 2"), "{page}");
    }

    async fn a_group_moves_in_the_middle_of_a_conversation(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.tells(&in_group(GROUP, "group", 1, "Hello")).await;
        let session = until_session(story.admin(), &story.project, GROUP).await;
        let bot = story.telegram.bot();
        story.telegram.api.migrate_group(bot, ChatId(GROUP), ChatId(SUPERGROUP), "The club").await.unwrap();
        // It may be on its way to the old chat when the desk hears of the new one, or the other way round.
        reply(story.admin(), &session, "Hi").await;
        story.telegram.until_received(SUPERGROUP, 1).await;
        story.telegram.tells(&in_group(SUPERGROUP, "supergroup", 50, "We are here now")).await;
        story.until_heard().await;
        let written = until_written(story.admin(), &story.project, SUPERGROUP, 2).await;
        assert_eq!(written, ["Hello", "We are here now"]);
        assert_eq!(sessions(story.admin(), &story.project).await.len(), 2, "of the group and the bystander");
        assert_eq!(story.telegram.received_by(SUPERGROUP), ["Hi"]);
    }

    async fn who_blocked_and_came_back_can_be_reached_in_whatever_order_it_is_told(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.tells(&json!({ "message": message(7, 1, json!({ "text": "hello" })) })).await;
        let session = until_session(story.admin(), &story.project, 7).await;
        for (second, status, reachable) in [(20, "member", true), (10, "kicked", true), (30, "kicked", false)] {
            let bot = json!({ "id": 1001, "is_bot": true, "first_name": "Desk" });
            let update = json!({ "my_chat_member": {
                "date": NOON + second, "from": person(7),
                "chat": { "id": 7, "type": "private", "first_name": "Customer 7" },
                "old_chat_member": { "status": "member", "user": bot },
                "new_chat_member": { "status": status, "user": bot, "until_date": 0 },
            } });
            story.telegram.tells(&update).await;
            story.until_heard().await;
            let customer = customer_of(story.admin(), &session).await;
            assert_eq!(customer["reachable"], reachable, "after {second} s");
        }
    }

    async fn a_flood_is_kept_from_the_agents_and_nothing_of_it_is_lost(engine: Engine) {
        let story = Story::begin(engine).await;
        for number in 1..=64 {
            let text = format!("message {number}");
            story.telegram.tells(&json!({ "message": message(7, number, json!({ "text": text })) })).await;
        }
        story.until_heard().await;
        let written = until_written(story.admin(), &story.project, 7, 60).await;
        assert_eq!(written.len(), 60);
        let told = story.telegram.until_received(7, 1).await;
        assert!(told.len() == 1 && told[0].contains("more messages than we can read"), "{told:?}");
        let shelved = story.shelved().await;
        assert_eq!(shelved.len(), 4);
        let update = &shelved[0];
        assert_eq!((update["kind"].as_str(), update["shelf"].as_str()), (Some("message"), Some("FLOOD")));
        assert!(update["raw"].as_str().unwrap().contains("message 64"), "{update}");
        let selection = "telegramUpdate { state }";
        let input = json!({ "telegramUpdateId": update["id"] });
        let payload = mutate(story.admin(), "telegramUpdateRetry", input, selection).await;
        assert_eq!(payload["telegramUpdate"]["state"], "PENDING");
        let written = until_written(story.admin(), &story.project, 7, 61).await;
        assert_eq!(written.last().map(String::as_str), Some("message 64"));
        assert_eq!(story.shelved().await.len(), 3);
    }
}
