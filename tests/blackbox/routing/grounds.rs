//! Why a session was given to whom.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use super::scene::{enable, join, look_on, team, until_assigned, until_in_place};
use crate::stage::{Desk, customer_writes, id_of, mutate, online, sandbox, until_session};

const GROUNDS: &str = "query Grounds($id: ID!) { session(id: $id) { assignee { email } routingGrounds {
    agent { email } queueReason scope { allAgents agents { email } team { name } } scopeSource scopeRule { name }
    strategy strategySource strategyRule { name } available offline busy decidedAt
} } }";

async fn grounds(client: &Client, session: &str) -> Value {
    let mut grounds = client.query(GROUNDS, json!({ "id": session })).await["session"]["routingGrounds"].take();
    if let Some(fields) = grounds.as_object_mut() {
        assert!(fields.remove("decidedAt").is_some_and(|at| at.is_string()));
    }
    grounds
}

on_both_engines! {
    async fn whoever_has_a_session_reads_why_and_whoever_left_it_does_not(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        // What agents take is nothing that the desk decided.
        customer_writes(&desk.admin, &sandbox, 1, "hello").await;
        let taken = until_session(&desk.admin, &sandbox, 1).await;
        mutate(&ada, "sessionAssign", json!({ "sessionId": taken, "agentId": id_of(&ada).await }), "session { id }").await;
        assert_eq!(grounds(&ada, &taken).await, Value::Null);

        enable(&desk.admin, &sandbox, json!({ "strategy": "LEAST_LOADED" })).await;
        let rule = json!({ "projectId": sandbox, "name": "All in turn", "strategy": "ROUND_ROBIN" });
        mutate(&desk.admin, "routingRuleCreate", rule, "routingRule { id }").await;
        let console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        let why = json!({
            "agent": { "email": "ada@desk.test" }, "queueReason": null,
            "scope": { "allAgents": true, "agents": [], "team": null }, "scopeSource": "DEFAULT", "scopeRule": null,
            "strategy": "ROUND_ROBIN", "strategySource": "RULE", "strategyRule": { "name": "All in turn" },
            "available": 1, "offline": 1, "busy": 0,
        });
        for client in [&ada, &desk.admin] {
            assert_eq!(grounds(client, &session).await, why);
        }
        assert_eq!(grounds(&bob, &session).await, Value::Null, "it is none of his");

        // From her it goes to a team, where nobody is there. What the desk decides of it is for them.
        let hand = json!({ "sessionId": session, "toTeamId": experts, "description": "for you" });
        mutate(&ada, "sessionTransfer", hand, "session { id }").await;
        until_in_place(&desk.admin, &session, 1).await;
        join(&desk, "bob@desk.test", "Experts").await;
        let sees = || async {
            let seen = grounds(&bob, &session).await;
            if seen["queueReason"] == "NOBODY_ONLINE" { Ok(seen) } else { Err(seen) }
        };
        let seen = tests::eventually(crate::stage::PATIENCE, sees).await;
        assert_eq!((&seen["scopeSource"], &seen["scope"]["team"]["name"]), (&json!("SESSION"), &json!("Experts")));
        assert_eq!((&seen["agent"], &seen["available"], &seen["offline"]), (&Value::Null, &json!(0), &json!(1)));
        let left = ada.query(GROUNDS, json!({ "id": session })).await["session"].take();
        assert_eq!((left.is_object(), &left["routingGrounds"]), (true, &Value::Null), "she has left it");
        drop(console);
    }
}
