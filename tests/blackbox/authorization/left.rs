//! What an agent reaches of a session that has ended for them, by every row of the matrix that is about a session: what
//! they ask for by its id is as it was, and what is asked for by a later message, or changed, is not there.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use super::outcome::of_response;
use super::scene::{in_line_for, until_in_line};
use super::table::{Row, Table};
use super::without_rate_limit;
use crate::stage::{Desk, customer_writes, mutate, reply, sandbox, until_session, until_written};

/// The names that stand for sessions in the matrix, all of which are the one that was left, and those that stand for
/// messages, which came later.
const SESSIONS: [&str; 5] =
    ["<session>", "<fresh session>", "<taken session>", "<assigned session>", "<closed session>"];
/// The name that stands for a session that waits in line. Here it does so after it was left.
const WAITING: &str = "<waiting session>";
const MESSAGES: [&str; 2] = ["<message>", "<answer>"];

on_both_engines! {
    async fn who_has_left_a_session_reaches_no_more_than_they_had(engine: Engine) {
        let desk = Desk::start_with(engine, without_rate_limit).await;
        let table = Table::parse(include_str!("matrix.txt"));
        let expected: BTreeMap<&str, &str> = include_str!("left.txt")
            .lines()
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| line.split_once(": ").unwrap_or_else(|| panic!("no outcome in {line:?}")))
            .collect();
        let (ada, names) = leave(&desk).await;
        let mut found = BTreeMap::new();
        for row in &table.rows {
            if let Some(document) = filled_in(row, &names) {
                let response = ada.try_query(&document, Value::Null).await.expect("the server answers");
                found.insert(row.name.as_str(), of_response(&response));
            }
        }
        let lines: String = found.iter().map(|(name, outcome)| format!("{name}: {outcome}\n")).collect();
        let found: BTreeMap<&str, &str> = found.iter().map(|(name, outcome)| (*name, outcome.as_str())).collect();
        assert!(found == expected, "what was found, in the form of left.txt:\n{lines}");
    }
}

/// An agent hands a session over, and it goes on. Answers the agent, and what the names of the matrix stand for.
async fn leave(desk: &Desk) -> (Client, BTreeMap<&'static str, String>) {
    let project = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
    let id_of = async |client: &Client| client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
    customer_writes(&desk.admin, &project, 7, "hello").await;
    let session = until_session(&ada, &project, 7).await;
    reply(&ada, &session, "good day").await;
    let team = json!({ "projectId": project, "name": "Second line", "line": 2 });
    let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
    let tag = json!({ "projectId": project, "name": "Gold", "color": "#d93025" });
    let tag = mutate(&desk.admin, "tagCreate", tag, "tag { id }").await["tag"]["id"].take();
    let canned = json!({ "projectId": project, "shared": true, "shortcut": "hi", "title": "Hello",
        "texts": [{ "text": "Hello {customer.name}" }] });
    let canned =
        mutate(&desk.admin, "cannedReplyCreate", canned, "cannedReply { id }").await["cannedReply"]["id"].take();
    let input = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
    mutate(&ada, "sessionTransfer", input, "transfer { at }").await;
    customer_writes(&desk.admin, &project, 7, "a secret").await;
    until_written(&desk.admin, &project, 7, 2).await;
    let answer = reply(&bob, &session, "classified").await["id"].take();
    let document =
        "query Customer($id: ID!) { session(id: $id) { customer { id } messages(first: 3) { nodes { id } } } }";
    let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();

    let waiting = leave_in_line(desk, &project, &ada, &team).await;

    let mut names: BTreeMap<&'static str, String> = SESSIONS.map(|name| (name, session.clone())).into();
    names.insert(WAITING, waiting);
    let later = [seen["messages"]["nodes"][2]["id"].clone(), answer];
    let (hers, project) = (id_of(&ada).await, json!(project));
    let others =
        [("<agent>", hers), ("<team>", team), ("<tag>", tag), ("<project>", project), ("<canned reply>", canned)];
    let customer = [("<customer>", seen["customer"]["id"].clone())];
    for (name, id) in MESSAGES.into_iter().zip(later).chain(others).chain(customer) {
        names.insert(name, id.as_str().expect("an id").to_owned());
    }
    (ada, names)
}

/// The agent hands another session to a team in which nobody is, so that it waits in line.
async fn leave_in_line(desk: &Desk, project: &str, ada: &Client, team: &Value) -> String {
    customer_writes(&desk.admin, project, 8, "hello").await;
    let session = until_session(ada, project, 8).await;
    reply(ada, &session, "good day").await;
    mutate(&desk.admin, "routingSettingsUpdate", in_line_for(project, team), "routing { enabled }").await;
    let input = json!({ "sessionId": session, "toTeamId": team, "description": "for them" });
    mutate(ada, "sessionTransfer", input, "transfer { at }").await;
    until_in_line(&desk.admin, &session).await;
    session
}

/// The operation of a row, if it asks something about a session by names that are known here.
fn filled_in(row: &Row, names: &BTreeMap<&'static str, String>) -> Option<String> {
    let is_about_a_session = SESSIONS.iter().chain(&MESSAGES).chain([&WAITING]).any(|name| row.document.contains(name));
    if row.is_subscription() || !is_about_a_session {
        return None;
    }
    let mut document = row.document.clone();
    for (name, id) in names {
        document = document.replace(name, id);
    }
    (!document.contains('<')).then_some(document)
}
