//! Who is erased leaves the groups as well, and takes nothing of others along.

use domain::ChatId;
use serde_json::{Value, json};
use tests::{Engine, eventually, on_both_engines};

use crate::customers_data::{customer_of, export};
use crate::secrets_at_rest::{contains, contents};
use crate::stage::{
    Desk, PATIENCE, Telegram, messages, mutate, project_called, send, until_session, until_settled, until_written,
};

const ADA: i64 = 5_551_234_567;
const BOB: i64 = 5_557_654_321;
const GROUP: i64 = -100_888_777;
const STAFF: i64 = -100_999_666;
const CHANNEL: i64 = -100_555_444;

struct Story {
    telegram: Telegram,
    desk: Desk,
    project: String,
}

impl Story {
    async fn begin(engine: Engine) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        Self { telegram, desk, project }
    }

    async fn tells(&self, update: Value) {
        self.telegram.tells(&update).await;
    }

    /// Somebody writes in a chat, with fields beside the usual.
    async fn writes(&self, chat: &Value, number: i64, from: &Value, mut fields: Value) {
        fields["message_id"] = json!(number);
        fields["date"] = json!(self.telegram.passes().timestamp());
        fields["from"] = from.clone();
        fields["chat"] = chat.clone();
        self.tells(json!({ "message": fields })).await;
    }

    /// Waits until everything that Telegram has told is worked off.
    async fn until_heard(&self, bystander: i64) {
        self.telegram.customer_writes(bystander, "and now?").await;
        until_written(&self.desk.admin, &self.project, bystander, 1).await;
        let list = "query Pending($id: ID!) {
            project(id: $id) { telegramUpdates(state: PENDING, first: 1) { totalCount } }
        }";
        let done = || async {
            let data = self.desk.admin.query(list, json!({ "id": self.project })).await;
            let pending = data["project"]["telegramUpdates"]["totalCount"].as_i64().expect("a number");
            if pending == 0 { Ok(()) } else { Err(pending) }
        };
        eventually(PATIENCE, done).await;
    }

    async fn erase(&self, session: &str) {
        let customer = customer_of(&self.desk.admin, session).await;
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&self.desk.admin, "customerErase", input, "customer { erasedAt }").await;
    }

    async fn kinds_and_texts(&self, session: &str) -> Vec<(String, String)> {
        let shown = |message: &Value, field: &str| message[field].as_str().unwrap().to_owned();
        let messages = messages(&self.desk.admin, session).await;
        messages.iter().map(|message| (shown(message, "kind"), shown(message, "text"))).collect()
    }
}

fn ada() -> Value {
    json!({ "id": ADA, "is_bot": false, "first_name": "Adalbertine" })
}

fn bob() -> Value {
    json!({ "id": BOB, "is_bot": false, "first_name": "Bobinger" })
}

fn group() -> Value {
    json!({ "id": GROUP, "type": "supergroup", "title": "The chess club" })
}

on_both_engines! {
    async fn a_person_is_erased_from_groups_and_notices_as_well(engine: Engine) {
        let story = Story::begin(engine).await;
        let admin = &story.desk.admin;
        // The staff is told of new sessions, by the customer's name.
        let input = json!({ "projectId": story.project, "name": "First line", "line": 1 });
        let team = mutate(admin, "teamCreate", input, "team { id }").await["team"]["id"].take();
        let payload = mutate(admin, "teamGroupLinkCreate", json!({ "teamId": team }), "invitation { code }").await;
        let code = payload["invitation"]["code"].as_str().unwrap();
        let staff = json!({ "id": STAFF, "type": "supergroup", "title": "Staff" });
        story.writes(&staff, 1, &json!({ "id": 77, "first_name": "Cy" }), json!({ "text": format!("/start {code}") })).await;
        story.telegram.until(|ledger| !ledger.texts_to(ChatId(STAFF)).is_empty()).await;
        let private = json!({ "id": ADA, "type": "private", "first_name": "Adalbertine" });
        story.writes(&private, 1, &ada(), json!({ "text": "my card number is 4111111111111111" })).await;
        let session = until_session(admin, &story.project, ADA).await;
        story.telegram.until(|ledger| ledger.texts_to(ChatId(STAFF)).iter().any(|text| text.contains("Adalbertine"))).await;

        let hers = json!({ "message_id": 1, "date": 5, "from": ada(), "chat": group(), "text": "her words in the group" });
        story.writes(&group(), 1, &ada(), json!({ "text": "her words in the group" })).await;
        let answer = json!({
            "text": "I agree", "reply_to_message": hers, "quote": { "text": "her words", "position": 0 },
        });
        story.writes(&group(), 2, &bob(), answer).await;
        let mention = json!([{ "type": "text_mention", "offset": 0, "length": 3, "user": ada() }]);
        story.writes(&group(), 3, &bob(), json!({ "text": "You there?", "entities": mention })).await;
        story.writes(&group(), 4, &bob(), json!({ "new_chat_members": [ada()] })).await;
        story.tells(json!({ "message_reaction": {
            "chat": group(), "message_id": 2, "date": 1_767_225_700, "user": ada(),
            "old_reaction": [], "new_reaction": [{ "type": "emoji", "emoji": "🔥" }],
        } })).await;
        let in_group = until_session(admin, &story.project, GROUP).await;
        story.until_heard(31).await;
        send(admin, json!({ "sessionId": in_group, "text": "Shall we?", "buttons": [[{ "text": "Yes" }]] })).await;
        until_settled(admin, &in_group, "Shall we?").await;
        let shown = story.telegram.api.chat(story.telegram.bot(), ChatId(GROUP));
        let asked = shown.iter().find(|message| message.text() == Some("Shall we?")).unwrap();
        let data = asked.buttons()[0][0].1.unwrap();
        let tap = |id: &str, from: Value| json!({ "callback_query": {
            "id": id, "from": from, "message": asked.json, "chat_instance": "1", "data": data,
        } });
        story.tells(tap("1", ada())).await;
        story.until_heard(33).await;
        story.tells(tap("2", bob())).await;
        story.until_heard(32).await;

        let customer = customer_of(admin, &session).await["id"].as_str().unwrap().to_owned();
        let (_, document) = export(&story.desk, admin, &customer).await;
        assert_eq!(document["messagesInGroups"][0]["text"], "her words in the group", "{document}");
        let kept = contents(&story.desk.database).await;
        for words in ["her words in the group", "4111111111111111", "Adalbertine", "I agree"] {
            assert!(contains(&kept, words), "the search finds {words}");
        }

        story.erase(&session).await;
        let kept = contents(&story.desk.database).await;
        for words in ["her words", "4111111111111111", "Adalbertine", "5551234567"] {
            assert!(!contains(&kept, words), "{words} is still there");
        }
        let left = story.kinds_and_texts(&in_group).await;
        let text = |text: &str| ("text".to_owned(), text.to_owned());
        let erased = ("erased".to_owned(), String::new());
        assert_eq!(left[..4], [erased.clone(), text("I agree"), text("You there?"), erased.clone()]);
        assert_eq!(left[4..6], [text("Shall we?"), erased]);
        assert_eq!(left[6].0, "callback_query", "the other one's tap is still there");
        assert_eq!(left.len(), 7);

        story.erase(&in_group).await;
        let kept = contents(&story.desk.database).await;
        for words in ["I agree", "You there?", "Shall we?", "The chess club", "Bobinger", "5557654321", "100888777"] {
            assert!(!contains(&kept, words), "{words} is still there");
        }
        // The desk goes on, also in the group.
        story.writes(&group(), 50, &bob(), json!({ "text": "a new beginning" })).await;
        assert_eq!(until_written(admin, &story.project, GROUP, 1).await, ["a new beginning"]);
    }

    async fn who_is_met_in_the_chat_of_a_channel_takes_nobody_along(engine: Engine) {
        let story = Story::begin(engine).await;
        let chat = json!({ "id": CHANNEL, "type": "supergroup", "title": "News", "is_direct_messages": true });
        for (number, from, text) in [(1, ada(), "her question"), (2, bob(), "his question")] {
            let topic = json!({ "topic_id": number, "user": from });
            story.writes(&chat, number, &from, json!({ "text": text, "direct_messages_topic": topic })).await;
        }
        let of_ada = until_session(&story.desk.admin, &story.project, ADA).await;
        let of_bob = until_session(&story.desk.admin, &story.project, BOB).await;
        story.until_heard(31).await;
        let customer = customer_of(&story.desk.admin, &of_ada).await["id"].as_str().unwrap().to_owned();
        let (_, document) = export(&story.desk, &story.desk.admin, &customer).await;
        assert!(document.to_string().contains("her question"));
        assert!(!document.to_string().contains("his question"), "{document}");

        story.erase(&of_ada).await;
        let kept = contents(&story.desk.database).await;
        assert!(!contains(&kept, "her question"));
        let list = "query Done($id: ID!) {
            project(id: $id) { telegramUpdates(state: DONE, first: 100) { nodes { raw } } }
        }";
        let updates = story.desk.admin.query(list, json!({ "id": story.project })).await.to_string();
        assert!(updates.contains("his question"), "{updates}");
        assert_eq!(story.kinds_and_texts(&of_bob).await, [("text".to_owned(), "his question".to_owned())]);
    }
}
