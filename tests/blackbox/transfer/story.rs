//! A session that goes from one agent to another.

use serde_json::{Value, json};
use tests::{Client, Engine, eventually};

use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, messages, mutate, reply, sandbox, try_mutate, until_session,
    until_settled,
};

/// A sandbox with two agents and a session of the first of them, in which the customer 7 said hello.
pub struct Story {
    pub desk: Desk,
    pub sandbox: String,
    pub ada: Client,
    pub bob: Client,
    pub session: String,
}

impl Story {
    pub async fn begin(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        until_settled(&ada, &session, "good day").await;
        Self { desk, sandbox, ada, bob, session }
    }

    pub async fn transfer(&self, client: &Client, target: Value, description: &str) -> Value {
        let mut input = json!({ "sessionId": self.session, "description": description });
        input.as_object_mut().unwrap().extend(target.as_object().unwrap().clone());
        let selection = "session { id version } transfer { description toAgent { email } toTeam { name } }";
        try_mutate(client, "sessionTransfer", input, selection).await
    }

    /// Hands the session to an agent.
    pub async fn hand_to(&self, from: &Client, to: &Client) {
        let payload = self.transfer(from, json!({ "toAgentId": id_of(to).await }), "about the order").await;
        assert_eq!(errors_of(&payload), [""; 0], "{payload}");
    }

    pub async fn take_over(&self, client: &Client, keeps_previous: bool) -> Value {
        let input = json!({ "sessionId": self.session, "keepPrevious": keeps_previous });
        try_mutate(client, "sessionTakeOver", input, PEOPLE).await
    }

    pub async fn participant(&self, client: &Client, verb: &str, agent: &Value) -> Value {
        let input = json!({ "sessionId": self.session, "agentId": agent });
        try_mutate(client, &format!("sessionParticipant{verb}"), input, PEOPLE).await
    }

    /// The session as somebody sees it.
    pub async fn seen_by(&self, client: &Client) -> Value {
        client.query(SESSION, json!({ "id": self.session })).await["session"].take()
    }

    pub async fn left_by(&self, client: &Client) -> Value {
        client.query(LEFT, json!({ "id": self.sandbox })).await["sessionsLeft"].take()
    }

    pub async fn customer_edits(&self, message: &Value, text: &str) {
        let input = json!({ "messageId": message, "text": text });
        mutate(&self.desk.admin, "sandboxCustomerEdit", input, "updateId").await;
        let edited = || async {
            let all = messages(&self.desk.admin, &self.session).await;
            if all.iter().any(|one| one["text"] == text) { Ok(()) } else { Err(all) }
        };
        eventually(PATIENCE, edited).await;
    }

    pub async fn team(&self, name: &str) -> Value {
        let input = json!({ "projectId": self.sandbox, "name": name, "line": 2 });
        mutate(&self.desk.admin, "teamCreate", input, "team { id }").await["team"]["id"].take()
    }

    pub async fn tag(&self, name: &str) -> Value {
        let input = json!({ "projectId": self.sandbox, "name": name, "color": "#d93025" });
        mutate(&self.desk.admin, "tagCreate", input, "tag { id }").await["tag"]["id"].take()
    }
}

const PEOPLE: &str = "session { id assignee { email } participants { email } }";

const SESSION: &str = "query Session($id: ID!) {
    session(id: $id) {
        status
        assignee { email }
        team { name }
        participants { email }
        tags { name }
        unreadCount
        leftAt
        transfers(first: 10) { totalCount nodes { kind description fromAgent { email } toAgent { email } toTeam { name } by { email } } }
        messages(first: 10) { totalCount nodes { id text editedAt pinnedAt reactions { emoji } changes { kind } } }
    }
}";

const LEFT: &str = "query Left($id: ID!) {
    sessionsLeft(projectId: $id, first: 10) { totalCount nodes { id assignee { email } lastMessage { text } } }
}";

pub async fn id_of(client: &Client) -> Value {
    client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take()
}

pub fn code(payload: &Value) -> &str {
    payload["userErrors"][0]["code"].as_str().unwrap_or_else(|| panic!("it was not refused: {payload}"))
}
