//! What the stories about routing have in common.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use serde_json::{Value, json};
use tests::{Client, eventually};

use crate::stage::{Desk, Online, PATIENCE, id_of, mutate, online, sandbox};

/// What is looked at of a session.
const ROUTED: &str = "id status queuedAt queuePlace assignee { email } team { name } customer { telegramUserId }";

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

/// Has several agents open their consoles at a desk as it is now. They are gone when this is dropped.
pub async fn consoles(desk: &Desk, agents: &[Client], project: &str) -> Vec<Online> {
    join_all(agents.iter().map(async |agent| online(&desk.client_with_token_of(agent), project).await)).await
}

/// Checks that none of so many agents has two sessions more than another one.
pub fn check_fair(shares: &BTreeMap<String, usize>, agents: usize) {
    let most = shares.values().max().copied().unwrap_or_default();
    let least = if shares.len() < agents { 0 } else { shares.values().min().copied().unwrap_or_default() };
    assert!(most - least <= 1, "{shares:?} among {agents}");
}

/// Puts an agent of the sandbox into a team of this name.
pub async fn join(desk: &Desk, email: &str, team: &str) {
    let document = "query Who($id: ID!) {
        project(id: $id) { teams { id name } members(first: 100) { nodes { agent { id email } } } }
    }";
    let known = desk.admin.query(document, json!({ "id": sandbox(&desk.admin).await })).await["project"].take();
    let teams = known["teams"].as_array().unwrap();
    let members = known["members"]["nodes"].as_array().unwrap();
    let team = teams.iter().find(|one| one["name"] == team).expect("there is such a team");
    let member = members.iter().find(|one| one["agent"]["email"] == email).expect("there is such an agent");
    let input = json!({ "teamId": team["id"], "agentId": member["agent"]["id"] });
    mutate(&desk.admin, "teamMemberAdd", input, "team { id }").await;
}

/// Takes the role that the administrator got with the sandbox, so that they look on and get no sessions.
pub async fn look_on(admin: &Client, sandbox: &str) {
    let input = json!({ "projectId": sandbox, "agentId": id_of(admin).await });
    mutate(admin, "projectRoleRemove", input, "agent { id }").await;
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
