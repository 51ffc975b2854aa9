//! Sessions that wait until somebody is there or has room.

use serde_json::json;
use tests::{Client, eventually, on_both_engines};

use super::scene::{enable, join, look, team, until_assigned, until_in_place};
use crate::stage::{
    Desk, PATIENCE, customer_writes, id_of, messages, mutate, online, reply, sandbox, texts, until_session,
};

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

    async fn who_waits_when_routing_begins_stands_in_line_and_is_told_so(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let mut waiting = Vec::new();
        for customer in [1, 2] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            waiting.push(until_session(&desk.admin, &sandbox, customer).await);
        }
        enable(&desk.admin, &sandbox, json!({ "queueMessage": [{ "text": "Place {place}" }] })).await;
        for (session, (place, words)) in waiting.iter().zip([(1, "Place 1"), (2, "Place 2")]) {
            until_told(&desk.admin, session, words).await;
            until_in_place(&desk.admin, session, place).await;
            assert!(look(&desk.admin, session).await["queuedAt"].is_string());
        }
        let document = "query Queued($id: ID!) {
            sessions(projectId: $id, filter: { queued: true }, first: 5) { totalCount }
        }";
        assert_eq!(desk.admin.query(document, json!({ "id": sandbox })).await["sessions"]["totalCount"], 2);
    }

    async fn whoever_waits_is_told_so_in_their_language(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let message = json!([{ "text": "Place {place}" }, { "language": "de", "text": "Platz {place}" }]);
        enable(&desk.admin, &sandbox, json!({ "queueMessage": message })).await;
        for (customer, language, words) in [(1, "de-AT", "Platz 1"), (2, "fr", "Place 2"), (3, "de", "Platz 3")] {
            let session = writes_in(&desk.admin, &sandbox, customer, language).await;
            until_told(&desk.admin, &session, words).await;
        }

        // Where a project has no words of its own, the desk says whether nobody is there or nobody has room.
        let project = json!({ "name": "Other", "sandbox": true });
        let project = mutate(&desk.admin, "projectCreate", project, "project { id }").await["project"]["id"].take();
        let other = project.as_str().unwrap();
        enable(&desk.admin, other, json!({ "capacity": 1 })).await;
        for (customer, language, words) in [
            (1, "de", "Im Moment ist kein Mitarbeiter da. \
                Sie sind Nummer 1 in der Reihe, und ein Mitarbeiter antwortet Ihnen hier."),
            (2, "zh-hans", "目前没有客服在线。您排在第 2 位，客服会在这里回复您。"),
            (3, "sv", "No agent is available right now. You are number 3 in line, and an agent answers you here."),
        ] {
            let session = writes_in(&desk.admin, other, customer, language).await;
            until_told(&desk.admin, &session, words).await;
        }
        let ada = desk.add_agent("ada@desk.test", "Other", "agent").await;
        let _console = online(&ada, other).await;
        assert_eq!(until_assigned(&desk.admin, &until_session(&desk.admin, other, 1).await).await, "ada@desk.test");
        let session = writes_in(&desk.admin, other, 4, "de").await;
        let busy = "Alle unsere Mitarbeiter sind bei anderen Kunden. \
            Sie sind Nummer 3 in der Reihe, und ein Mitarbeiter antwortet Ihnen hier.";
        until_told(&desk.admin, &session, busy).await;
    }

    async fn who_waits_for_no_answer_is_told_that_they_are_in_line_once_they_do(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "queueMessage": [{ "text": "Place {place}" }] })).await;
        let console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let answered = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &answered).await, "ada@desk.test");
        reply(&ada, &answered, "good day").await;
        drop(console);
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": id_of(&ada).await }), "agent { id }").await;
        until_in_place(&desk.admin, &answered, 1).await;
        assert!(look(&desk.admin, &answered).await["queuedAt"].is_string());
        // Whoever writes after that is told after that.
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        until_told(&desk.admin, &until_session(&desk.admin, &sandbox, 8).await, "Place 2").await;
        assert_eq!(texts(&messages(&desk.admin, &answered).await, "OUTBOUND"), ["good day"]);

        customer_writes(&desk.admin, &sandbox, 7, "are you there?").await;
        let told = || async {
            let written = messages(&desk.admin, &answered).await;
            if texts(&written, "OUTBOUND") == ["good day", "Place 2"] { Ok(()) } else { Err(written) }
        };
        eventually(PATIENCE, told).await;
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

/// A simulated customer writes whose Telegram speaks a language, and has a session.
async fn writes_in(client: &Client, project: &str, customer: i64, language: &str) -> String {
    let input = json!({
        "projectId": project, "telegramUserId": customer.to_string(), "languageCode": language, "text": "hello",
    });
    mutate(client, "sandboxCustomerSend", input, "").await;
    until_session(client, project, customer).await
}

/// Waits until the customer of a session was told this, and checks that they were told nothing else.
async fn until_told(client: &Client, session: &str, words: &str) {
    let told = || async {
        let written = messages(client, session).await;
        let texts: Vec<String> = texts(&written, "OUTBOUND").into_iter().map(str::to_owned).collect();
        if texts.is_empty() { Err(written) } else { Ok(texts) }
    };
    assert_eq!(eventually(PATIENCE, told).await, [words]);
}
