//! Who is there, and who is writing.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, client_at, customer_writes, errors_of, event_cursor, id_of, mutate, project_called,
    sandbox, try_mutate, until_session,
};

const PRESENCE: &str =
    "subscription Presence($id: ID!) { presence(projectId: $id) { agent { email } state since project { id } } }";
const TYPING: &str =
    "subscription Typing($id: ID!) { typing(sessionId: $id) { agent { email } typing session { id } } }";
const EVENTS: &str = "subscription Events($id: ID!, $after: String) {
    sessionEvents(projectId: $id, after: $after) { __typename }
}";

on_both_engines! {
    async fn agents_are_there_while_they_follow_the_project_and_a_minute_longer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut presence = desk.admin.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        let after = event_cursor(&ada, &sandbox).await;
        let console = ada.subscribe(EVENTS, json!({ "id": sandbox, "after": after })).await;
        until(&mut presence, "ada@desk.test", "ONLINE").await;
        // Another one makes no difference, and neither does the end of one of two.
        let second = ada.subscribe(EVENTS, json!({ "id": sandbox, "after": after })).await;
        drop(console);
        drop(second);
        let sql = Sql::connect(&desk.database).await.unwrap();
        until_ended(&sql).await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "ONLINE", "whoever reloads their console is not gone");

        let asked = "query There($agent: ID!, $here: ID!, $there: ID!) {
            node(id: $agent) { ... on Agent { here: presence(projectId: $here) there: presence(projectId: $there) } }
        }";
        let elsewhere = json!({ "name": "Elsewhere", "sandbox": true });
        let elsewhere = mutate(&desk.admin, "projectCreate", elsewhere, "project { id }").await["project"]["id"].take();
        let variables = json!({ "agent": id_of(&ada).await, "here": sandbox, "there": elsewhere });
        let expected = json!({ "here": "ONLINE", "there": "OFFLINE" });
        assert_eq!(desk.admin.query(asked, variables.clone()).await["node"], expected);
        let expected = json!({ "here": "ONLINE", "there": null });
        assert_eq!(ada.query(asked, variables.clone()).await["node"], expected, "she does not work there");

        // A minute passes for her.
        minute_passes(&sql).await;
        until(&mut presence, "ada@desk.test", "OFFLINE").await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "OFFLINE");
        assert_eq!(ada.query(asked, variables).await["node"]["here"], "OFFLINE");
    }

    async fn who_is_deactivated_is_gone_at_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let adas = id_of(&ada).await;
        let mut presence = desk.admin.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        let _console = ada.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        until(&mut presence, "ada@desk.test", "ONLINE").await;
        // Before the minute has passed after which somebody counts as gone.
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": adas }), "agent { active }").await;
        until(&mut presence, "ada@desk.test", "OFFLINE").await;
    }

    async fn who_came_by_a_process_that_was_killed_is_gone_a_minute_later(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut presence = ada.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        until(&mut presence, "ada@desk.test", "ONLINE").await;
        desk.server.kill();
        // However long the new process takes to begin, its clock stands where the other one ended.
        let sql = Sql::connect(&desk.database).await.unwrap();
        sql.execute(&format!("UPDATE presence SET last_seen = last_seen + {HOUR} WHERE {ADAS}")).await.unwrap();
        desk.restart().await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "ONLINE");
        sql.execute(&format!("UPDATE presence SET last_seen = last_seen - {HOUR} WHERE {ADAS}")).await.unwrap();
        minute_passes(&sql).await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "OFFLINE");
    }

    async fn a_program_with_an_api_token_is_nobody_who_could_answer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let input = json!({ "name": "Program", "scopes": ["PROJECTS_READ", "SESSIONS_READ", "AGENTS_READ"] });
        let made = mutate(&ada, "apiTokenCreate", input, "secret").await;
        let program = ada.with_token(made["secret"].as_str().unwrap());
        let mut presence = program.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        let _console = desk.admin.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        let first = presence.next_within(PATIENCE).await["presence"].take();
        assert_eq!(first["project"]["id"], json!(sandbox), "{first}");
        assert_ne!(first["agent"]["email"], "ada@desk.test", "{first}");
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "OFFLINE");
    }

    async fn colleagues_and_the_customer_see_that_an_agent_is_writing(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let mut shown = desk.admin.subscribe(TYPING, json!({ "id": session })).await;
        let mut hers = ada.subscribe(TYPING, json!({ "id": session })).await;
        let writes = json!({ "sessionId": session });
        let sql = Sql::connect(&desk.database).await.unwrap();
        mutate(&ada, "typingSet", writes.clone(), "").await;
        hold(&sql).await;
        for _ in 0..2 {
            mutate(&ada, "typingSet", writes.clone(), "").await;
        }
        hold(&sql).await;
        let ada_writes =
            |typing: bool| json!({ "agent": { "email": "ada@desk.test" }, "typing": typing, "session": { "id": session } });
        assert_eq!(shown.next_within(PATIENCE).await["typing"], ada_writes(true));
        telegram.until(|ledger| ledger.calls("sendChatAction") == 1).await;
        mutate(&ada, "typingSet", json!({ "sessionId": session, "typing": false }), "").await;
        assert_eq!(shown.next_within(PATIENCE).await["typing"], ada_writes(false));
        mutate(&bob, "typingSet", writes.clone(), "").await;
        hold(&sql).await;
        let bob_writes = json!({ "agent": { "email": "bob@desk.test" }, "typing": true, "session": { "id": session } });
        assert_eq!(hers.next_within(PATIENCE).await["typing"], bob_writes, "nobody is told of themselves");
        telegram.until(|ledger| ledger.calls("sendChatAction") == 2).await;
        let actions = sql.number("SELECT count(*) FROM outbox WHERE method = 'sendChatAction'").await.unwrap();
        assert_eq!(actions, 2, "three times within a moment are one for Telegram");

        // For whom the session does not go on there is nothing to see or to say.
        let adas = ada.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": adas }), "session { id }").await;
        let refused = try_mutate(&bob, "typingSet", writes.clone(), "").await;
        assert_eq!(errors_of(&refused), ["SESSION_NOT_FOUND"]);
        assert!(bob.try_subscribe(TYPING, json!({ "id": session })).await.is_err() || ends(&bob, &session).await);
        mutate(&desk.admin, "sessionClose", writes.clone(), "session { id }").await;
        assert_eq!(errors_of(&try_mutate(&ada, "typingSet", writes, "").await), ["SESSION_CLOSED"]);
    }

    async fn the_customer_does_not_see_that_somebody_writes_who_only_reads_along(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        telegram.customer_writes(7, "hello").await;
        let session = until_session(&desk.admin, &project, 7).await;
        for (mutation, agent) in [("sessionAssign", &ada), ("sessionParticipantAdd", &bob)] {
            let input = json!({ "sessionId": session, "agentId": id_of(agent).await });
            mutate(&ada, mutation, input, "session { id }").await;
        }
        let mut hers = ada.subscribe(TYPING, json!({ "id": session })).await;
        let mut his = bob.subscribe(TYPING, json!({ "id": session })).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        let actions = "SELECT count(*) FROM outbox WHERE method = 'sendChatAction'";
        let writes = |email: &str| {
            json!({ "agent": { "email": email }, "typing": true, "session": { "id": session } })
        };

        mutate(&bob, "typingSet", json!({ "sessionId": session }), "").await;
        hold(&sql).await;
        assert_eq!(hers.next_within(PATIENCE).await["typing"], writes("bob@desk.test"));
        assert_eq!(sql.number(actions).await.unwrap(), 0, "nothing of it is for the customer");

        mutate(&ada, "typingSet", json!({ "sessionId": session }), "").await;
        hold(&sql).await;
        assert_eq!(his.next_within(PATIENCE).await["typing"], writes("ada@desk.test"));
        telegram.until(|ledger| ledger.calls("sendChatAction") == 1).await;
        assert_eq!(sql.number(actions).await.unwrap(), 1, "the one is hers who answers");
    }

    async fn whoever_loses_a_session_is_not_told_that_somebody_writes_in_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        mutate(&ada, "typingSet", json!({ "sessionId": session }), "").await;
        let mut hers = ada.subscribe(TYPING, json!({ "id": session })).await;
        let bobs = bob.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        mutate(&bob, "sessionAssign", json!({ "sessionId": session, "agentId": bobs }), "session { id }").await;
        let mut shown = desk.admin.subscribe(TYPING, json!({ "id": session })).await;
        for typing in [true, false] {
            mutate(&bob, "typingSet", json!({ "sessionId": session, "typing": typing }), "").await;
            while shown.next_within(PATIENCE).await["typing"]
                != json!({ "agent": { "email": "bob@desk.test" }, "typing": typing, "session": { "id": session } })
            {}
        }
        // Not even by the end of the subscription: it goes on when she has the session again.
        let adas = ada.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        let back = json!({ "sessionId": session, "agentId": adas });
        mutate(&desk.admin, "sessionAssign", back, "session { id }").await;
        mutate(&desk.admin, "typingSet", json!({ "sessionId": session }), "").await;
        let told = hers.next_within(PATIENCE).await["typing"].take();
        assert_eq!((&told["typing"], told["agent"]["email"] == "bob@desk.test"), (&json!(true), false), "{told}");

        // Of a session that she left there is nothing to follow.
        let input = json!({ "sessionId": session, "toAgentId": bobs, "description": "about the order" });
        mutate(&ada, "sessionTransfer", input, "session { id }").await;
        assert!(ada.try_subscribe(TYPING, json!({ "id": session })).await.is_err() || ends(&ada, &session).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_at_one_process_is_seen_writing_at_another() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let sandbox = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    customer_writes(&desk.admin, &sandbox, 7, "hello").await;
    let session = until_session(&desk.admin, &sandbox, 7).await;
    let mut shown = client_at(&other, &desk.admin).subscribe(TYPING, json!({ "id": session })).await;
    let sql = Sql::connect(&desk.database).await.unwrap();
    for typing in [true, false] {
        mutate(&ada, "typingSet", json!({ "sessionId": session, "typing": typing }), "").await;
        if typing {
            hold(&sql).await;
        }
        let told = shown.next_within(PATIENCE).await["typing"].take();
        let expected = json!({ "agent": { "email": "ada@desk.test" }, "typing": typing, "session": { "id": session } });
        assert_eq!(told, expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_there_by_one_process_is_there_for_another() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.another_process().await;
    let sandbox = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let elsewhere = client_at(&other, &desk.admin);
    let mut presence = elsewhere.subscribe(PRESENCE, json!({ "id": sandbox })).await;
    assert_eq!(state_of_ada(&elsewhere, &sandbox).await, "OFFLINE");
    let after = event_cursor(&ada, &sandbox).await;
    let console = ada.subscribe(EVENTS, json!({ "id": sandbox, "after": after })).await;
    until(&mut presence, "ada@desk.test", "ONLINE").await;
    assert_eq!(state_of_ada(&elsewhere, &sandbox).await, "ONLINE");
    drop(console);
    let sql = Sql::connect(&desk.database).await.unwrap();
    until_ended(&sql).await;
    assert_eq!(state_of_ada(&elsewhere, &sandbox).await, "ONLINE", "whoever reloads their console is not gone");
    minute_passes(&sql).await;
    until(&mut presence, "ada@desk.test", "OFFLINE").await;
    assert_eq!(state_of_ada(&elsewhere, &sandbox).await, "OFFLINE");
}

async fn ends(client: &Client, session: &str) -> bool {
    let mut subscription = client.subscribe(TYPING, json!({ "id": session })).await;
    subscription.next().await.is_none()
}

/// Waits until somebody is told to be in a state.
async fn until(presence: &mut Subscription, email: &str, state: &str) {
    loop {
        let change = presence.next_within(PATIENCE).await["presence"].take();
        assert!(change["since"].is_string(), "{change}");
        if change["agent"]["email"] == email && change["state"] == state {
            return;
        }
    }
}

/// Waits until the desk knows that nobody but the administrator follows anything.
async fn until_ended(sql: &Sql) {
    let ended = || async {
        let live = sql.number(&format!("SELECT count(*) FROM presence WHERE live AND {ADAS}")).await.unwrap();
        if live == 0 { Ok(()) } else { Err(live) }
    };
    eventually(PATIENCE, ended).await;
}

/// Has those who write do so until they say that they do not, and the customer be told no more of those of whom they were
/// told, so that nothing hangs on how quick the machine is.
async fn hold(sql: &Sql) {
    sql.execute(&format!("UPDATE typing SET until = until + {HOUR}, relayed_at = relayed_at + {HOUR}")).await.unwrap();
}

/// In microseconds.
const HOUR: i64 = 3_600_000_000;
const ADAS: &str = "agent_id = (SELECT id FROM agents WHERE email = 'ada@desk.test')";

async fn minute_passes(sql: &Sql) {
    sql.execute(&format!("UPDATE presence SET last_seen = last_seen - 60000000 WHERE {ADAS}")).await.unwrap();
}

async fn state_of_ada(client: &Client, project: &str) -> String {
    let document =
        "query Agents($id: ID!) { project(id: $id) { agents(first: 100) { nodes { agent { email } presence } } } }";
    let agents = client.query(document, json!({ "id": project })).await["project"]["agents"]["nodes"].take();
    let ada = agents.as_array().unwrap().iter().find(|agent| agent["agent"]["email"] == "ada@desk.test");
    ada.unwrap()["presence"].as_str().unwrap().to_owned()
}
