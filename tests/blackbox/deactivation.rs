//! Who goes leaves nothing behind that waits for them, and sees nothing any more.

use std::time::Duration;

use serde_json::{Value, json};
use tests::graphql::{Ending, Response};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, Sql, eventually, on_both_engines};
use tokio::time::timeout;

use crate::stage::{
    Desk, PATIENCE, Reader, customer_writes, errors_of, event_cursor, id_of, mutate, reply, sandbox, session_of,
    sessions, try_mutate, try_send, until_session, until_written,
};

/// How long anything may go on that is no longer allowed.
const AT_ONCE: Duration = Duration::from_secs(1);
/// An hour, in microseconds.
const HOUR_MICROS: i64 = 3_600_000_000;

const EVENTS: &str = "subscription Events($id: ID!, $after: String) {
    sessionEvents(projectId: $id, after: $after) {
        ... on SessionUpdated { cause session { id status assignee { email } team { name } } }
    }
}";

on_both_engines! {
    async fn the_sessions_of_who_goes_wait_for_others_and_nothing_of_theirs_is_taken_any_more(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        for client in [&ada, &bob] {
            let member = json!({ "teamId": team, "agentId": id_of(client).await });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        let (open, of_team, closed, of_bob) = (
            session(&desk, &sandbox, 7).await,
            session(&desk, &sandbox, 8).await,
            session(&desk, &sandbox, 9).await,
            session(&desk, &sandbox, 10).await,
        );
        for id in [&open, &of_team, &closed] {
            reply(&ada, id, "good day").await;
        }
        reply(&bob, &of_bob, "good day").await;
        mutate(&ada, "sessionClose", json!({ "sessionId": closed }), "session { id }").await;
        run(&desk, &format!("UPDATE sessions SET team_id = (SELECT max(id) FROM teams) WHERE id = {}", number(&of_team)))
            .await;

        let token = json!({ "name": "Import", "scopes": ["PROJECTS_READ", "SESSIONS_READ"] });
        let token = mutate(&ada, "apiTokenCreate", token, "secret").await["secret"].take();
        let integration = ada.with_token(token.as_str().unwrap());
        let (mut of_ada, mut of_token) =
            (idle_reader(&desk, &ada, 20).await, idle_reader(&desk, &integration, 21).await);
        let start = event_cursor(&desk.admin, &sandbox).await;
        let mut news = bob.subscribe(EVENTS, json!({ "id": sandbox, "after": start })).await;
        customer_writes(&desk.admin, &sandbox, 10, "are you there?").await;
        news.next_within(PATIENCE).await;
        let ada_id = id_of(&ada).await;
        let before = event_cursor(&desk.admin, &sandbox).await;
        let deactivated = mutate(&desk.admin, "agentDeactivate", json!({ "agentId": ada_id }), "agent { id active }").await;
        assert_eq!(deactivated["agent"], json!({ "id": ada_id, "active": false }));

        // At once: sockets, tokens, the way in.
        for reader in [&mut of_ada, &mut of_token] {
            assert_eq!(end_of(reader).await, Some(closing()));
        }
        for client in [&ada, &integration] {
            let response = client.try_query("{ viewer { id } }", Value::Null).await.unwrap();
            assert_eq!(response.error_codes(), ["UNAUTHENTICATED"]);
        }
        let input = json!({ "email": "ada@desk.test", "password": ADMIN_PASSWORD });
        let refused = try_mutate(&Client::anonymous(desk.server.url()), "signIn", input, "accessToken").await;
        assert_eq!(errors_of(&refused), ["INVALID_CREDENTIALS"]);

        // Whoever is there sees what waits, and is told.
        let mut told = Vec::new();
        while told.len() < 2 {
            let event = news.next_within(PATIENCE).await["sessionEvents"].take();
            if event["cause"] == "DEACTIVATION" {
                told.push((event["session"]["id"].clone(), event["session"]["status"].clone()));
            }
        }
        told.sort_by_key(|(id, _)| id.to_string());
        let mut expected = [(json!(open), json!("UNREAD")), (json!(of_team), json!("UNREAD"))];
        expected.sort_by_key(|(id, _)| id.to_string());
        assert_eq!(told, expected);
        let seen = look(&bob, &of_team).await;
        assert_eq!((&seen["assignee"], &seen["team"]["name"]), (&Value::Null, &json!("Second line")));
        let kept = look(&desk.admin, &closed).await;
        assert_eq!((&kept["status"], &kept["assignee"]["email"]), (&json!("CLOSED"), &json!("ada@desk.test")));
        assert_eq!(look(&bob, &of_bob).await["assignee"]["email"], "bob@desk.test");
        reply(&bob, &open, "I take over").await;

        // A customer who comes back finds somebody.
        customer_writes(&desk.admin, &sandbox, 9, "one more thing").await;
        until_written(&desk.admin, &sandbox, 9, 2).await;
        let again = look(&bob, &closed).await;
        assert_eq!((&again["status"], &again["assignee"]), (&json!("UNREAD"), &Value::Null));

        // Who comes back signs in anew. What ended for her she sees as it was, and nothing later.
        mutate(&desk.admin, "agentActivate", json!({ "agentId": ada_id }), "agent { active }").await;
        let ada = Client::sign_in(desk.server.url(), "ada@desk.test", ADMIN_PASSWORD).await;
        let seen: Vec<Value> = sessions(&ada, &sandbox).await.into_iter().map(|mut session| session["id"].take()).collect();
        assert!([&open, &of_team, &closed].iter().all(|ended| !seen.contains(&json!(ended))), "{seen:?}");
        let mut left = left_by(&ada, &sandbox).await;
        left.sort_by_key(|(id, ..)| id.clone());
        let mut expected = [(&open, "UNREAD"), (&of_team, "UNREAD"), (&closed, "CLOSED")]
            .map(|(id, status)| (id.clone(), status.to_owned(), vec!["hello".to_owned(), "good day".to_owned()]));
        expected.sort_by_key(|(id, ..)| id.clone());
        assert_eq!(left, expected);
        let refused = try_send(&ada, json!({ "sessionId": of_team, "text": "here I am" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["SESSION_NOT_FOUND"]);
        // An old cursor tells her of the loss, and of nothing that came after it.
        let told = "subscription Told($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            __typename ... on SessionRemoved { sessionId } ... on MessageAdded { message { text } }
        } }";
        let mut replay = ada.subscribe(told, json!({ "id": sandbox, "after": before })).await;
        customer_writes(&desk.admin, &sandbox, 30, "the end").await;
        let mut lost = Vec::new();
        loop {
            let event = replay.next_within(PATIENCE).await["sessionEvents"].take();
            match event["message"]["text"].as_str() {
                Some("the end") => break,
                Some(text) => assert!(["I take over", "one more thing"].iter().all(|later| *later != text), "{event}"),
                None if event["__typename"] == "SessionRemoved" => lost.push(event["sessionId"].clone()),
                None => {}
            }
        }
        assert!([&open, &of_team].iter().all(|ended| lost.contains(&json!(ended))), "{lost:?}");
        // Who gets one again has everything.
        let back = json!({ "sessionId": of_team, "agentId": ada_id });
        mutate(&bob, "sessionAssign", back, "session { id }").await;
        assert_eq!(left_by(&ada, &sandbox).await.len(), 2);
        reply(&ada, &of_team, "here I am").await;
    }

    async fn a_session_that_was_just_being_given_to_who_goes_is_found_a_little_later(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let late = session(&desk, &sandbox, 7).await;
        let ada_id = id_of(&ada).await;
        // The later looks are not to come before it is seen that she has the session.
        let put_off = |by: i64| format!("UPDATE jobs SET due_at = due_at + {by} WHERE kind = 'session_release'");
        let give = format!("UPDATE sessions SET assignee_id = {} WHERE id = {}", number(ada_id.as_str().unwrap()), number(&late));
        let given = format!("{}; {give}", put_off(HOUR_MICROS));
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": ada_id }), "agent { active }").await;
        run(&desk, &given).await;
        assert_eq!(look(&desk.admin, &late).await["assignee"]["email"], "ada@desk.test");
        run(&desk, &put_off(-HOUR_MICROS)).await;
        mutate(&desk.admin, "sandboxClockAdvance", json!({ "projectId": sandbox, "seconds": 10 }), "project { id }").await;
        let free = || async {
            let assignee = look(&desk.admin, &late).await["assignee"].take();
            assignee.is_null().then_some(()).ok_or(assignee)
        };
        eventually(PATIENCE, free).await;
    }

    async fn nobody_deactivates_themselves_or_the_last_administrator(engine: Engine) {
        let desk = Desk::start(engine).await;
        let admin = id_of(&desk.admin).await;
        let deactivate = |client: Client, id: Value| async move {
            let payload = try_mutate(&client, "agentDeactivate", json!({ "agentId": id }), "agent { active }").await;
            errors_of(&payload).join(" ")
        };
        assert_eq!(deactivate(desk.admin.clone(), admin.clone()).await, "ONESELF");
        let head = desk.add_agent("head@desk.test", "Sandbox", "admin").await;
        assert_eq!(deactivate(head.clone(), admin.clone()).await, "NOT_ADMINISTRATOR");
        assert_eq!(deactivate(desk.admin.clone(), json!(sandbox(&desk.admin).await)).await, "INVALID_ID");
        // Of two who deactivate each other at once, one stays.
        run(&desk, "UPDATE agents SET workspace_role = 'ADMIN' WHERE email = 'head@desk.test'").await;
        let head_id = id_of(&head).await;
        let is_admin = || async {
            let data = head.query("{ viewer { workspaceRole } }", Value::Null).await;
            (data["viewer"]["workspaceRole"] == "ADMIN").then_some(())
        };
        eventually(PATIENCE, is_admin).await;
        let (one, other) = tokio::join!(
            head.try_query(DEACTIVATE, json!({ "id": admin })),
            desk.admin.try_query(DEACTIVATE, json!({ "id": head_id }))
        );
        let answers = [one.unwrap(), other.unwrap()];
        let is_done = |answer: &&Response| answer.data["agentDeactivate"]["agent"]["active"] == false;
        assert_eq!(answers.iter().filter(is_done).count(), 1, "{answers:?}");
        let sql = Sql::connect(&desk.database).await.unwrap();
        let admins = "SELECT count(*) FROM agents WHERE active AND workspace_role = 'ADMIN'";
        assert_eq!(sql.number(admins).await.unwrap(), 1);
    }

    async fn who_loses_their_role_loses_their_sessions_and_teams_there_and_nowhere_else(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let elsewhere = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", elsewhere, "project { id }").await["project"]["id"].take();
        let elsewhere = elsewhere.as_str().unwrap();
        desk.assign_agent("ada@desk.test", "Elsewhere", "agent").await;
        let (here, there) = (session(&desk, &sandbox, 7).await, session(&desk, elsewhere, 8).await);
        reply(&ada, &here, "good day").await;
        let answer = || async {
            let sent = try_send(&ada, json!({ "sessionId": there, "text": "good day" })).await.unwrap();
            errors_of(&sent.data["messageSend"]).is_empty().then_some(())
        };
        eventually(PATIENCE, answer).await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        let team = mutate(&desk.admin, "teamCreate", team, "team { id }").await["team"]["id"].take();
        let ada_id = id_of(&ada).await;
        mutate(&desk.admin, "teamMemberAdd", json!({ "teamId": team, "agentId": ada_id }), "team { id }").await;

        let mut idle = idle_reader(&desk, &ada, 20).await;
        let input = json!({ "projectId": sandbox, "agentId": ada_id });
        let removed = mutate(&desk.admin, "projectRoleRemove", input.clone(), "agent { id } project { id }").await;
        assert_eq!(removed["project"]["id"], json!(sandbox));
        assert_eq!(end_of(&mut idle).await, Some(Ending::Completed));
        assert_eq!(look(&desk.admin, &here).await["assignee"], Value::Null);
        assert_eq!(look(&desk.admin, &there).await["assignee"]["email"], "ada@desk.test");
        assert_eq!(look(&ada, &here).await, Value::Null);
        let members = "query Members($id: ID!) { node(id: $id) { ... on Team { members { email } } } }";
        assert_eq!(desk.admin.query(members, json!({ "id": team })).await["node"]["members"], json!([]));
        assert_eq!(errors_of(&try_mutate(&desk.admin, "projectRoleRemove", input, "agent { id }").await), ["NO_ROLE"]);
        // Back again, they see it as it was, not what has become of it.
        customer_writes(&desk.admin, &sandbox, 7, "a secret").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        let input = json!({ "projectId": sandbox, "agentId": ada_id, "role": "AGENT" });
        mutate(&desk.admin, "projectRoleSet", input, "member { role }").await;
        let is_back = || async {
            let left = left_if_any(&ada, &sandbox).await?;
            (!left.is_empty()).then_some(left)
        };
        let left = eventually(PATIENCE, is_back).await;
        assert_eq!(left, [(here.clone(), "UNREAD".to_owned(), vec!["hello".to_owned(), "good day".to_owned()])]);
        assert_eq!(sessions(&ada, &sandbox).await.iter().filter(|session| session["id"] == here).count(), 0);
        // They are signed in still.
        assert_eq!(session_of(&ada, elsewhere, 8).await.unwrap()["id"], there);
    }
}

const DEACTIVATE: &str = "mutation Deactivate($id: ID!) {
    agentDeactivate(input: { agentId: $id }) { agent { active } userErrors { code } }
}";

/// A new session of a customer.
async fn session(desk: &Desk, project: &str, customer: i64) -> String {
    customer_writes(&desk.admin, project, customer, "hello").await;
    until_session(&desk.admin, project, customer).await
}

/// The sessions that have ended for somebody, each with where it stands and what was written, as they see it.
async fn left_by(client: &Client, project: &str) -> Vec<(String, String, Vec<String>)> {
    left_if_any(client, project).await.expect("they see the project")
}

/// The same; nothing if they do not see the project.
async fn left_if_any(client: &Client, project: &str) -> Option<Vec<(String, String, Vec<String>)>> {
    let document = "query Left($id: ID!) { sessionsLeft(projectId: $id, first: 10) { nodes {
        id status messages(first: 10) { nodes { text } }
    } } }";
    let response = client.try_query(document, json!({ "id": project })).await.unwrap();
    let nodes = response.data["sessionsLeft"]["nodes"].as_array()?.clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let seen = |node: &Value| {
        let written = node["messages"]["nodes"].as_array().unwrap().iter().map(|message| text(&message["text"]));
        (text(&node["id"]), text(&node["status"]), written.collect())
    };
    Some(nodes.iter().map(seen).collect())
}

async fn look(client: &Client, session: &str) -> Value {
    let document = "query Session($id: ID!) { session(id: $id) { status assignee { email } team { name } } }";
    client.query(document, json!({ "id": session })).await["session"].take()
}

/// The number in a global id.
fn number(id: &str) -> String {
    use base64::Engine as _;
    let plain = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(id).unwrap();
    String::from_utf8(plain).unwrap().split_once(':').unwrap().1.to_owned()
}

async fn run(desk: &Desk, statements: &str) {
    Sql::connect(&desk.database).await.unwrap().execute(statements).await.unwrap();
}

/// Someone who follows the sandbox, where now nothing happens any more.
async fn idle_reader(desk: &Desk, client: &Client, customer: i64) -> Reader {
    let sandbox = sandbox(&desk.admin).await;
    let mut reader = Reader::from_now(client, &sandbox).await;
    customer_writes(&desk.admin, &sandbox, customer, "is somebody there?").await;
    reader.until("MessageAdded", |event| event["message"]["text"] == "is somebody there?").await;
    reader
}

/// How the subscription of a reader ends, if it does at once.
async fn end_of(reader: &mut Reader) -> Option<Ending> {
    let subscription = reader.subscription();
    let draining = async { while subscription.next().await.is_some() {} };
    // One that goes on is told by the ending that is missing.
    let _ = timeout(2 * AT_ONCE, draining).await;
    subscription.ending().cloned()
}

/// The end of a socket whose credentials are revoked.
fn closing() -> Ending {
    Ending::Closed { code: 4403, reason: "Forbidden: token revoked".to_owned() }
}
