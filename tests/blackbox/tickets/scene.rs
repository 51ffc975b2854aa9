//! A desk with two lines, in which somebody of the first one has a session.

use serde_json::{Value, json};
use tests::{Client, Engine};

use crate::session_life::{HOUR, in_future};
use crate::stage::{
    Desk, customer_writes, id_of, messages, mutate, reply, sandbox, try_mutate, until_session, until_written,
};

/// What is looked at of a ticket.
pub const TICKET: &str = "id number type line priority status version description resolution
    team { name } assignee { email } watchers { email } escalatedAt resolvedAt
    escalations(first: 20) { nodes {
        id level fromLine reason quick description unnecessary toTeam { name } toAgent { email } by { email }
    } }";

/// Ada is on the first line and has the session of customer 7; Bob is on the second; Eve supervises.
pub struct Scene {
    pub desk: Desk,
    pub sandbox: String,
    pub ada: Client,
    pub bob: Client,
    pub eve: Client,
    pub second_line: Value,
    pub session: String,
}

impl Scene {
    pub async fn set(engine: Engine) -> Self {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        let second_line = team(&desk.admin, &sandbox, "Second line", 2, Some(&bob)).await;
        customer_writes(&desk.admin, &sandbox, 7, "It says error 5").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "Did you restart it?").await;
        customer_writes(&desk.admin, &sandbox, 7, "yes, three times").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        Self { desk, sandbox, ada, bob, eve, second_line, session }
    }

    /// A ticket of the session.
    pub async fn ticket(&self, client: &Client, more: Value) -> Value {
        let mut input = json!({ "sessionId": self.session, "description": "find out what error 5 is" });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        plain(mutate(client, "ticketCreate", input, &format!("ticket {{ {TICKET} }}")).await["ticket"].take())
    }

    /// What is asked for to escalate the session with the whole form.
    pub async fn form(&self) -> Value {
        let expected = in_future(&self.desk.admin, &self.sandbox, 4 * HOUR).await;
        json!({
            "sessionId": self.session, "level": "L2", "reason": "TECHNICAL_FAILURE", "description": "error 5 stays",
            "packet": {
                "solutions": ["restart", "reinstall", "another network"], "emotion": "DISSATISFIED",
                "evidenceRequested": true, "expectedResolutionAt": expected,
            },
        })
    }

    /// Escalates the session without the form.
    pub async fn escalate_quickly(&self, client: &Client, level: &str) -> Value {
        let input = json!({ "sessionId": self.session, "level": level, "reason": "OTHER", "description": "at once",
            "quick": true });
        escalate(client, input).await
    }

    /// What the customer was told by the desk itself.
    pub async fn told(&self) -> Vec<String> {
        let messages = messages(&self.desk.admin, &self.session).await;
        let outbound = messages.iter().filter(|message| message["direction"] == "OUTBOUND");
        let texts = outbound.map(|message| message["text"].as_str().unwrap().to_owned());
        texts.filter(|text| text != "Did you restart it?").collect()
    }
}

/// Escalates, which nothing is to be in the way of.
pub async fn escalate(client: &Client, input: Value) -> Value {
    let selection = format!("ticket {{ {TICKET} }} escalation {{ id quick }} session {{ id leftAt }}");
    let mut payload = mutate(client, "ticketEscalate", input, &selection).await;
    payload["ticket"] = plain(payload["ticket"].take());
    payload
}

/// A ticket with its escalations as a plain list.
pub fn plain(mut ticket: Value) -> Value {
    if ticket.is_object() {
        ticket["escalations"] = ticket["escalations"]["nodes"].take();
    }
    ticket
}

/// The codes and paths with which an escalation is refused.
pub async fn refused(client: &Client, input: Value) -> Value {
    let document = "mutation Escalate($input: TicketEscalateInput!) {
        ticketEscalate(input: $input) { userErrors { code path } }
    }";
    client.query(document, json!({ "input": input })).await["ticketEscalate"]["userErrors"].take()
}

/// A ticket as somebody sees it.
pub async fn look(client: &Client, ticket: &Value) -> Value {
    let document = format!("query Look($id: ID!) {{ ticket(id: $id) {{ {TICKET} }} }}");
    plain(client.query(&document, json!({ "id": ticket })).await["ticket"].take())
}

/// A team with somebody in it.
pub async fn team(client: &Client, project: &str, name: &str, line: i32, member: Option<&Client>) -> Value {
    let input = json!({ "projectId": project, "name": name, "line": line });
    let team = mutate(client, "teamCreate", input, "team { id }").await["team"]["id"].take();
    if let Some(member) = member {
        let input = json!({ "teamId": team, "agentId": id_of(member).await });
        mutate(client, "teamMemberAdd", input, "team { id }").await;
    }
    team
}

/// The codes with which a mutation is refused.
pub async fn codes(client: &Client, mutation: &str, input: Value) -> Vec<String> {
    let payload = try_mutate(client, mutation, input, "__typename").await;
    payload["userErrors"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}
