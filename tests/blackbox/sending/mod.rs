//! What agents send, and what they do with what they have sent.

mod albums;
mod buttons;
mod changes;
mod content;
mod crashes;
mod migration;
mod routing;
mod undelivered;

use bot::fake::{Fault, FaultScope, LedgerEntry, Repeat, png};
use serde_json::{Value, json};
use tests::{Client, Engine, eventually};

use crate::files::upload;
use crate::stage::{Desk, PATIENCE, Telegram, errors_of, messages, project_called, until_session};

/// The time of everything that Telegram tells here, by its clock.
const NOON: i64 = 1_800_000_000;

/// A desk where a customer waits for an answer.
struct Story {
    telegram: Telegram,
    desk: Desk,
    project: String,
    session: String,
}

impl Story {
    /// Customer 7 has said hello.
    async fn begin(engine: Engine) -> Self {
        let telegram = Telegram::start().await;
        telegram.customer_writes(7, "hello").await;
        Self::begin_with(engine, telegram, 7).await
    }

    /// What Telegram has to tell is the first that this customer says.
    async fn begin_with(engine: Engine, telegram: Telegram, customer: i64) -> Self {
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let session = until_session(&desk.admin, &project, customer).await;
        Self { telegram, desk, project, session }
    }

    /// The id of what the customer said first.
    async fn first_message(&self) -> String {
        id_of(&messages(&self.desk.admin, &self.session).await[0])
    }

    /// Sends something in the session and returns all messages that it becomes.
    async fn send(&self, mut input: Value) -> Vec<Value> {
        input["sessionId"] = json!(self.session);
        let payload = mutate(&self.desk.admin, "messageSend", "messages", input).await;
        assert_eq!(errors_of(&payload), [""; 0], "{payload}");
        payload["messages"].as_array().expect("a list of messages").clone()
    }

    /// Sends a text and returns the id of its message.
    async fn say(&self, text: &str) -> String {
        id_of(&self.send(json!({ "text": text })).await[0])
    }

    /// Has Telegram hold the chat back until it is let go, so that what is sent now surely waits. Telegram asks to wait
    /// for so many seconds, and again whenever they are over.
    async fn hold_back(&self, retry_after_seconds: u64) {
        let fault = Fault::too_many_requests(retry_after_seconds);
        self.telegram.api.inject(FaultScope::method("sendMessage"), fault, Repeat::UntilCleared);
        self.say("wait").await;
        self.telegram.until(|ledger| ledger.refused_with(429) > 0).await;
    }

    /// Lets the chat go that was held back.
    fn let_go(&self) {
        self.telegram.api.clear_faults();
    }

    /// Uploads a picture of this name and returns its id.
    async fn upload_picture(&self, name: &str) -> String {
        self.upload(name, "image/png", png(16, 9)).await
    }

    /// Uploads so many pictures and returns what `messageSend` takes as an album of them.
    async fn upload_album(&self, pictures: usize) -> Value {
        let mut media = Vec::new();
        for number in 1..=pictures {
            media.push(json!({ "fileId": self.upload_picture(&format!("{number}.png")).await, "kind": "PHOTO" }));
        }
        Value::from(media)
    }

    /// Uploads a file and returns its id.
    async fn upload(&self, name: &str, mime_type: &str, content: Vec<u8>) -> String {
        let answer = upload(&self.desk, &self.desk.admin, &self.project, name, mime_type, content).await;
        let file: Value = answer.json().await.expect("the answer is JSON");
        file["id"].as_str().unwrap_or_else(|| panic!("no file: {file}")).to_owned()
    }

    /// Asks for a change of a message, which must not be refused, and returns the message.
    async fn change(&self, mutation: &str, input: Value) -> Value {
        let mut payload = mutate(&self.desk.admin, mutation, "message", input).await;
        assert_eq!(errors_of(&payload), [""; 0], "{mutation}: {payload}");
        payload["message"].take()
    }

    async fn edit(&self, message: &str, text: &str) -> Value {
        self.change("messageEdit", json!({ "messageId": message, "text": text })).await
    }

    /// Asks for a change of a message, which must be refused, and returns the code.
    async fn refusal(&self, mutation: &str, input: Value) -> String {
        let payload = mutate(&self.desk.admin, mutation, "message", input).await;
        assert_eq!(payload["message"], Value::Null);
        errors_of(&payload).concat()
    }

    async fn message(&self, id: &str) -> Value {
        let document = format!("query Message($id: ID!) {{ node(id: $id) {{ ... on Message {{ {FIELDS} }} }} }}");
        self.desk.admin.query(&document, json!({ "id": id })).await["node"].take()
    }

    /// Waits until a message has this state of delivery.
    async fn until_delivery(&self, id: &str, state: &str) -> Value {
        let is_so = || async {
            let message = self.message(id).await;
            if message["delivery"]["state"] == *state { Ok(message) } else { Err(message) }
        };
        eventually(PATIENCE, is_so).await
    }

    /// Waits until a change of a message has come as far as this.
    async fn until_change(&self, id: &str, kind: &str, state: &str) -> Value {
        let is_so = || async {
            let message = self.message(id).await;
            let changes = message["changes"].as_array().expect("a list of changes");
            let is_there = changes.iter().any(|change| change["kind"] == *kind && change["state"] == *state);
            if is_there { Ok(message) } else { Err(message) }
        };
        eventually(PATIENCE, is_so).await
    }

    /// Every call that Telegram accepted of these methods, oldest first.
    fn calls(&self, methods: &[&str]) -> Vec<LedgerEntry> {
        let ledger = self.telegram.api.ledger();
        ledger.entries().filter(|entry| methods.contains(&entry.method.as_str())).cloned().collect()
    }
}

/// A parameter of a call that is JSON, which a form with files has as text.
fn parameter(call: &LedgerEntry, name: &str) -> Value {
    match &call.payload[name] {
        Value::String(text) => serde_json::from_str(text).expect("the parameter is JSON"),
        value => value.clone(),
    }
}

const FIELDS: &str = "id text kind albumId editedAt pinnedAt deletedAt replyTo { id }
    entities { type offset length url telegramUserId }
    delivery { state error telegramMessageId }
    changes { kind state error }
    media { kind name sizeBytes }
    buttons { text url }";

/// Executes a mutation with whatever it answers.
async fn mutate(client: &Client, mutation: &str, object: &str, input: Value) -> Value {
    let name = format!("{}{}", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation M($input: {name}Input!) {{
            {mutation}(input: $input) {{ {object} {{ {FIELDS} }} userErrors {{ code message path }} }}
        }}"
    );
    client.query(&document, json!({ "input": input })).await[mutation].take()
}

fn id_of(message: &Value) -> String {
    message["id"].as_str().expect("a message has an id").to_owned()
}
