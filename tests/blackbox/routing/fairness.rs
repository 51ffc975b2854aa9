//! Everybody gets their share, and it is told why.

use serde_json::{Value, json};
use tests::server::Builder;
use tests::{Sql, on_both_engines};

use super::scene::{check_fair, consoles, enable, look_on, until_assigned, until_shared_out};
use crate::stage::{
    Desk, Dice, PATIENCE, customer_writes, event_cursor, mutate, online, reply, sandbox, sessions, until_session,
    until_written,
};

on_both_engines! {
    async fn agents_get_sessions_in_turn_and_a_restart_does_not_begin_anew(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut agents = Vec::new();
        for name in ["ada", "bob", "cyd"] {
            agents.push(desk.add_agent(&format!("{name}@desk.test"), "Sandbox", "agent").await);
        }
        enable(&desk.admin, &sandbox, json!({ "strategy": "ROUND_ROBIN" })).await;
        let mut consoles = Vec::new();
        for agent in &agents {
            consoles.push(online(agent, &sandbox).await);
        }
        for customer in 1..=10 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        }
        let shares = until_shared_out(&desk.admin, &sandbox, 10).await;
        assert!(shares.values().all(|share| [3, 4].contains(share)), "{shares:?}");

        drop(consoles);
        desk.restart().await;
        let mut consoles = Vec::new();
        for agent in &agents {
            consoles.push(online(&desk.client_with_token_of(agent), &sandbox).await);
        }
        for customer in 11..=20 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        }
        let shares = until_shared_out(&desk.admin, &sandbox, 20).await;
        assert!(shares.values().all(|share| [6, 7].contains(share)), "{shares:?}");
    }

    async fn turns_stay_fair_whatever_comes_and_whenever_the_server_stops(engine: Engine) {
        const SESSIONS: usize = 100;
        let mut dice = Dice::new();
        let mut desk = Desk::start_with(engine, Builder::without_rate_limit).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut agents = Vec::new();
        for number in 0..2 + dice.below(4) {
            agents.push(desk.add_agent(&format!("agent{number}@desk.test"), "Sandbox", "agent").await);
        }
        enable(&desk.admin, &sandbox, json!({ "strategy": "ROUND_ROBIN" })).await;
        let mut open = consoles(&desk, &agents, &sandbox).await;
        let mut written = 0;
        while written < SESSIONS {
            let until = SESSIONS.min(written + 1 + usize::try_from(dice.below(20)).unwrap());
            for customer in written + 1..=until {
                customer_writes(&desk.admin, &sandbox, i64::try_from(customer).unwrap(), "hello").await;
            }
            written = until;
            match dice.below(4) {
                // In the middle of giving out, and without a word.
                0 => desk.server.kill(),
                // In the middle as well, but in order.
                1 => {}
                _ => {
                    let shares = until_shared_out(&desk.admin, &sandbox, written).await;
                    check_fair(&shares, agents.len());
                    continue;
                }
            }
            drop(open);
            desk.restart().await;
            open = consoles(&desk, &agents, &sandbox).await;
        }
        let shares = until_shared_out(&desk.admin, &sandbox, SESSIONS).await;
        check_fair(&shares, agents.len());
        let sql = Sql::connect(&desk.database).await.unwrap();
        let given = sql.number("SELECT count(*) FROM audit_log WHERE action = 'ROUTING'").await.unwrap();
        assert_eq!(given, i64::try_from(SESSIONS).unwrap(), "each is given out once");
        drop(open);
    }

    async fn whoever_gets_a_session_and_why_is_an_event_and_an_entry_of_the_audit_log(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({})).await;
        let _console = online(&ada, &sandbox).await;
        let document = "subscription Updates($id: ID!, $after: String) {
            sessionEvents(projectId: $id, after: $after) { ... on SessionUpdated { cause session { assignee { email } } } }
        }";
        let after = event_cursor(&desk.admin, &sandbox).await;
        let mut events = desk.admin.subscribe(document, json!({ "id": sandbox, "after": after })).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let event = loop {
            let mut event = events.next_within(PATIENCE).await["sessionEvents"].take();
            if event["cause"].is_string() {
                break event.take();
            }
        };
        assert_eq!(event, json!({ "cause": "ROUTING", "session": { "assignee": { "email": "ada@desk.test" } } }));
        let audited = "SELECT count(*) FROM audit_log WHERE action = 'ROUTING' AND agent_id IS NULL \
            AND details LIKE '%\"strategy\":\"ONLINE_FIRST\"%'";
        assert_eq!(Sql::connect(&desk.database).await.unwrap().number(audited).await.unwrap(), 1);

        // What an agent answers stays with them, and what they put back goes to somebody else.
        let session = until_session(&desk.admin, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let _his_console = online(&bob, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let his = until_session(&desk.admin, &sandbox, 8).await;
        assert_eq!(until_assigned(&desk.admin, &his).await, "bob@desk.test", "it is his turn, and then hers");
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": null }), "session { id }").await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "bob@desk.test");
    }

    async fn without_being_asked_the_desk_gives_out_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let _console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_written(&desk.admin, &sandbox, 7, 1).await;
        let document = "query Session($id: ID!) { session(id: $id) { queuedAt queuePlace assignee { id } } }";
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let seen = desk.admin.query(document, json!({ "id": session })).await;
        assert_eq!(seen["session"], json!({ "queuedAt": null, "queuePlace": null, "assignee": null }));

        // From then on it does, and begins with what is there.
        enable(&desk.admin, &sandbox, json!({})).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        assert_eq!(sessions(&ada, &sandbox).await.len(), 1);
        let jobs = Sql::connect(&desk.database).await.unwrap();
        assert_eq!(jobs.number("SELECT count(*) FROM jobs WHERE attempts > 0").await.unwrap(), 0);
        assert_ne!(seen, Value::Null);
        assert_eq!(desk.server.output().find("a job failed"), None);
    }
}
