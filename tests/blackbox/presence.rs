//! Who is there, and who is writing.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, customer_writes, errors_of, event_cursor, mutate, project_called, sandbox, try_mutate,
    until_session,
};

const PRESENCE: &str = "subscription Presence($id: ID!) { presence(projectId: $id) { agent { email } state since } }";
const TYPING: &str = "subscription Typing($id: ID!) { typing(sessionId: $id) { agent { email } typing } }";
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

        // A minute passes for her.
        minute_passes(&sql).await;
        until(&mut presence, "ada@desk.test", "OFFLINE").await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "OFFLINE");
    }

    async fn who_came_by_a_process_that_was_killed_is_gone_a_minute_later(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut presence = ada.subscribe(PRESENCE, json!({ "id": sandbox })).await;
        until(&mut presence, "ada@desk.test", "ONLINE").await;
        desk.server.kill();
        desk.restart().await;
        assert_eq!(state_of_ada(&desk.admin, &sandbox).await, "ONLINE");
        minute_passes(&Sql::connect(&desk.database).await.unwrap()).await;
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
        for _ in 0..3 {
            mutate(&ada, "typingSet", writes.clone(), "").await;
        }
        let ada_writes = |typing: bool| json!({ "agent": { "email": "ada@desk.test" }, "typing": typing });
        assert_eq!(shown.next_within(PATIENCE).await["typing"], ada_writes(true));
        telegram.until(|ledger| ledger.calls("sendChatAction") == 1).await;
        mutate(&ada, "typingSet", json!({ "sessionId": session, "typing": false }), "").await;
        assert_eq!(shown.next_within(PATIENCE).await["typing"], ada_writes(false));
        mutate(&bob, "typingSet", writes.clone(), "").await;
        let bob_writes = json!({ "agent": { "email": "bob@desk.test" }, "typing": true });
        assert_eq!(hers.next_within(PATIENCE).await["typing"], bob_writes, "nobody is told of themselves");
        telegram.until(|ledger| ledger.calls("sendChatAction") == 2).await;
        let sql = Sql::connect(&desk.database).await.unwrap();
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

    async fn whoever_loses_a_session_is_not_told_who_writes_in_it_next(engine: Engine) {
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
        mutate(&bob, "typingSet", json!({ "sessionId": session }), "").await;
        let ending = hers.ending_within(PATIENCE).await;
        assert!(format!("{ending:?}").contains("NOT_FOUND"), "{ending:?}");
    }
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

const ADAS: &str = "agent_id = (SELECT id FROM agents WHERE email = 'ada@desk.test')";

async fn minute_passes(sql: &Sql) {
    sql.execute(&format!("UPDATE presence SET last_seen = last_seen - 60000000 WHERE {ADAS}")).await.unwrap();
}

async fn state_of_ada(client: &Client, project: &str) -> String {
    let document = "query Agents($id: ID!) { project(id: $id) { agents { agent { email } presence } } }";
    let agents = client.query(document, json!({ "id": project })).await["project"]["agents"].take();
    let ada = agents.as_array().unwrap().iter().find(|agent| agent["agent"]["email"] == "ada@desk.test");
    ada.unwrap()["presence"].as_str().unwrap().to_owned()
}
