//! What the stories about routing have in common.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Client, Sql, eventually};
use tokio::task::JoinHandle;

use crate::stage::{Desk, PATIENCE, mutate};

/// What is looked at of a session.
const ROUTED: &str = "id status queuedAt queuePlace assignee { email } team { name } customer { telegramUserId }";

/// An agent who has a console open. They are gone when this is dropped.
pub struct Online(JoinHandle<()>);

impl Drop for Online {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Has somebody open their console, and waits until the desk knows.
pub async fn online(client: &Client, project: &str) -> Online {
    let id = client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
    let document = "subscription There($id: ID!) { presence(projectId: $id) { agent { id } state } }";
    let mut there = client.subscribe(document, json!({ "id": project })).await;
    loop {
        let change = there.next_within(PATIENCE).await["presence"].take();
        if change["agent"]["id"] == id && change["state"] == "ONLINE" {
            break;
        }
    }
    // What is not read ends, as a console does that hangs.
    Online(tokio::spawn(async move { while there.next().await.is_some() {} }))
}

/// Has the desk give out the sessions of a project.
pub async fn enable(client: &Client, project: &str, more: Value) -> Value {
    let mut input = more;
    input["projectId"] = json!(project);
    input["enabled"] = json!(true);
    mutate(client, "routingSettingsUpdate", input, "routing { enabled version }").await
}

/// The session as it is.
pub async fn look(client: &Client, session: &str) -> Value {
    let document = format!("query Look($id: ID!) {{ session(id: $id) {{ {ROUTED} }} }}");
    client.query(&document, json!({ "id": session })).await["session"].take()
}

/// Waits until a session has an agent, and answers who that is.
pub async fn until_assigned(client: &Client, session: &str) -> String {
    let assigned = || async {
        let found = look(client, session).await;
        found["assignee"]["email"].as_str().map(str::to_owned).ok_or(found)
    };
    eventually(PATIENCE, assigned).await
}

/// Waits until a session is in this place of its line.
pub async fn until_in_place(client: &Client, session: &str, place: u64) {
    let in_place = || async {
        let found = look(client, session).await;
        if found["queuePlace"] == place { Ok(()) } else { Err(found) }
    };
    eventually(PATIENCE, in_place).await;
}

/// How many sessions each agent has, once there are this many and each has an agent.
pub async fn until_shared_out(client: &Client, project: &str, count: usize) -> BTreeMap<String, usize> {
    let shared_out = || async {
        let mut shares = BTreeMap::new();
        let sessions = crate::stage::sessions(client, project).await;
        for session in &sessions {
            if let Some(email) = session["assignee"]["email"].as_str() {
                *shares.entry(email.to_owned()).or_default() += 1;
            }
        }
        if shares.values().sum::<usize>() == count { Ok(shares) } else { Err((sessions.len(), shares)) }
    };
    eventually(PATIENCE, shared_out).await
}

/// Puts an agent into a team.
pub async fn join(desk: &Desk, email: &str, team: &str) {
    let statement = format!(
        "INSERT INTO team_members (team_id, agent_id) SELECT teams.id, agents.id FROM teams, agents \
         WHERE teams.name = '{team}' AND agents.email = '{email}'"
    );
    Sql::connect(&desk.database).await.unwrap().execute(&statement).await.unwrap();
}

/// A team of the project, and its id.
pub async fn team(client: &Client, project: &str, name: &str) -> String {
    let input = json!({ "projectId": project, "name": name, "line": 2 });
    let made = mutate(client, "teamCreate", input, "team { id }").await;
    made["team"]["id"].as_str().unwrap().to_owned()
}

/// Moves the clock of a sandbox.
pub async fn advance(client: &Client, sandbox: &str, seconds: i64) {
    let input = json!({ "projectId": sandbox, "seconds": seconds });
    mutate(client, "sandboxClockAdvance", input, "project { now }").await;
}
