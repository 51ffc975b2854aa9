//! A sandbox plays everything that Telegram does, by GraphQL alone.

mod blocking;
mod buttons;
mod changes;
mod faults;
mod kinds;
mod refusals;
mod updates;

use serde_json::{Value, json};
use tests::{Client, Engine, eventually};

use crate::stage::{Desk, PATIENCE, errors_of, sandbox, send, session_of, until_session};

/// The customer of these stories.
const ADA: i64 = 7;

/// A desk with a sandbox.
struct Story {
    desk: Desk,
    sandbox: String,
}

impl Story {
    async fn begin(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        Self { desk, sandbox }
    }

    /// Has the customer send something and answers what came of it. `more` goes into the input.
    async fn sends(&self, customer: i64, more: Value) -> Value {
        let input = self.input(json!({"telegramUserId": customer.to_string(), "name": "Ada"}), more);
        perform(&self.desk.admin, "sandboxCustomerSend", "updateId telegramMessageId", input).await
    }

    /// As [`Self::sends`], where it goes well.
    async fn sent(&self, customer: i64, more: Value) -> Value {
        let payload = self.sends(customer, more).await;
        assert_eq!(errors_of(&payload), [""; 0], "{payload}");
        payload
    }

    /// Does something in the sandbox. Answers what came of it.
    async fn arranges(&self, mutation: &str, fields: &str, more: Value) -> Value {
        let payload = perform(&self.desk.admin, mutation, fields, self.input(json!({}), more)).await;
        assert_eq!(errors_of(&payload), [""; 0], "{mutation}: {payload}");
        payload
    }

    fn input(&self, mut input: Value, more: Value) -> Value {
        input["projectId"] = json!(self.sandbox);
        let fields = input.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        input
    }

    /// The session of a customer who says hello.
    async fn session(&self, customer: i64) -> String {
        self.sent(customer, json!({"text": "hello"})).await;
        until_session(&self.desk.admin, &self.sandbox, customer).await
    }

    /// An agent answers in a session; answers the id of the message.
    async fn answers(&self, session: &str, more: Value) -> String {
        let mut input = json!({ "sessionId": session });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        send(&self.desk.admin, input).await["id"].as_str().unwrap().to_owned()
    }

    /// Waits for a message of a customer and answers it.
    async fn until_message(&self, customer: i64, is_it: impl Fn(&Value) -> bool) -> Value {
        eventually(PATIENCE, || async {
            let Some(session) = session_of(&self.desk.admin, &self.sandbox, customer).await else {
                return Err(Vec::new());
            };
            let messages = messages(&self.desk.admin, session["id"].as_str().unwrap()).await;
            messages.iter().find(|message| is_it(message)).cloned().ok_or(messages)
        })
        .await
    }

    /// Waits until a delivery is in a state, and answers the message.
    async fn until_delivery(&self, customer: i64, id: &str, state: &str) -> Value {
        self.until_message(customer, |message| message["id"] == id && message["delivery"]["state"] == state).await
    }
}

/// Executes a mutation and answers its payload with these fields.
async fn perform(client: &Client, mutation: &str, fields: &str, input: Value) -> Value {
    let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
    let document = format!(
        "mutation Perform($input: {kind}!) {{ {mutation}(input: $input) {{ {fields} userErrors {{ code message path }} }} }}"
    );
    client.query(&document, json!({ "input": input })).await[mutation].take()
}

/// Everything in a session that these stories look at.
async fn messages(client: &Client, session: &str) -> Vec<Value> {
    let document = "query Messages($id: ID!) { session(id: $id) { messages(first: 100) { nodes {
        id text kind direction editedAt deletedAt albumId
        media { kind name mimeType sizeBytes width height durationSeconds downloadUrl downloadRefusal }
        details {
            __typename
            ... on MessageLocation { latitude longitude }
            ... on MessageVenue { title address }
            ... on MessageContact { phoneNumber contactName: name }
            ... on MessagePoll { question options { text } }
            ... on MessageDice { emoji value }
            ... on MessageUnsupported { json }
        }
        replyTo { id }
        reactions { emoji count }
        buttons { text }
        writer { name }
        delivery { state error }
    } } } }";
    let mut data = client.query(document, json!({ "id": session })).await;
    match data["session"]["messages"]["nodes"].take() {
        Value::Array(messages) => messages,
        other => panic!("no messages: {other}"),
    }
}
