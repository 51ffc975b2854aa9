//! Sessions that wait until somebody is there or has room.

use serde_json::json;
use tests::{eventually, on_both_engines};

use super::scene::{enable, join, look, team, until_assigned, until_in_place};
use crate::stage::{Desk, PATIENCE, customer_writes, messages, mutate, online, sandbox, texts, until_session};

on_both_engines! {
    async fn whoever_waits_is_told_their_place_and_served_in_order_when_somebody_comes(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let message = json!([{ "text": "Place {place}" }, { "language": "de", "text": "Platz {place}" }]);
        enable(&desk.admin, &sandbox, json!({ "capacity": 1, "queueMessage": message })).await;
        let mut waiting = Vec::new();
        for customer in 1..=3 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            until_in_place(&desk.admin, &session, u64::try_from(customer).unwrap()).await;
            waiting.push(session);
        }
        for (place, session) in waiting.iter().enumerate() {
            let told = || async {
                let written = messages(&desk.admin, session).await;
                let told = texts(&written, "OUTBOUND");
                if told == [format!("Place {}", place + 1)] { Ok(()) } else { Err(format!("{written:?}")) }
            };
            eventually(PATIENCE, told).await;
            assert!(look(&desk.admin, session).await["queuedAt"].is_string());
        }
        let input = json!({ "sessionId": waiting[2], "priority": "URGENT" });
        mutate(&desk.admin, "sessionPriorityUpdate", input, "session { id }").await;
        until_in_place(&desk.admin, &waiting[2], 1).await;
        until_in_place(&desk.admin, &waiting[0], 2).await;

        let _console = online(&ada, &sandbox).await;
        for (served, left) in [(2, 1), (0, 0)] {
            assert_eq!(until_assigned(&desk.admin, &waiting[served]).await, "ada@desk.test");
            let seen = look(&desk.admin, &waiting[served]).await;
            assert_eq!((&seen["queuedAt"], &seen["queuePlace"]), (&json!(null), &json!(null)));
            if left > 0 {
                until_in_place(&desk.admin, &waiting[1], 2).await;
            }
            assert!(look(&desk.admin, &waiting[1]).await["assignee"].is_null(), "she has no room for a second one");
            // Who closes one has room for the next.
            mutate(&ada, "sessionClose", json!({ "sessionId": waiting[served] }), "session { id }").await;
        }
        assert_eq!(until_assigned(&desk.admin, &waiting[1]).await, "ada@desk.test");
        assert_eq!(texts(&messages(&desk.admin, &waiting[1]).await, "OUTBOUND").len(), 1, "who waits is told once");
    }

    async fn a_session_of_a_team_waits_for_it_while_others_are_free(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        join(&desk, "bob@desk.test", "Experts").await;
        enable(&desk.admin, &sandbox, json!({})).await;
        let _console = online(&ada, &sandbox).await;

        let input = json!({ "projectId": sandbox, "name": "Page", "teamId": experts });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { code }").await;
        let code = link["diversionLink"]["code"].as_str().unwrap();
        customer_writes(&desk.admin, &sandbox, 7, &format!("/start {code}")).await;
        let theirs = until_session(&desk.admin, &sandbox, 7).await;
        until_in_place(&desk.admin, &theirs, 1).await;
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let anybodys = until_session(&desk.admin, &sandbox, 8).await;
        assert_eq!(until_assigned(&desk.admin, &anybodys).await, "ada@desk.test");
        let seen = look(&desk.admin, &theirs).await;
        assert_eq!((&seen["assignee"], &seen["team"]["name"]), (&json!(null), &json!("Experts")));

        let _his_console = online(&bob, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &theirs).await, "bob@desk.test");
    }

    async fn who_reads_along_is_told_where_a_session_stands_in_line_in_one_look(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "queueMessage": [] })).await;
        for customer in 1..=3 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            until_in_place(&desk.admin, &session, u64::try_from(customer).unwrap()).await;
            assert!(texts(&messages(&desk.admin, &session).await, "OUTBOUND").is_empty(), "nothing is to be said");
        }
        let document = "query Places($id: ID!) {
            sessions(projectId: $id, first: 10, orderBy: { field: CREATED_AT, direction: ASC }) { nodes { queuePlace } }
        }";
        let places = ada.query(document, json!({ "id": sandbox })).await["sessions"]["nodes"].take();
        assert_eq!(places, json!([{ "queuePlace": 1 }, { "queuePlace": 2 }, { "queuePlace": 3 }]));
    }
}
