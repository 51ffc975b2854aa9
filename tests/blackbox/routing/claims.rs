//! Whoever claims a waiting session first has it, and nobody else.

use serde_json::{Value, json};
use tests::{Client, Engine, Role, Sql, on_both_engines};

use super::scene::{enable, look, until_assigned};
use crate::stage::{
    Desk, customer_writes, errors_of, id_of, messages, online, sandbox, texts, try_mutate, until_session,
};

const EMAILS: [&str; 2] = ["ada@desk.test", "bob@desk.test"];

/// Whether each of two claims a session by answering in it; otherwise they take it.
const WAYS: [[bool; 2]; 4] = [[false, false], [true, true], [false, true], [true, false]];

on_both_engines! {
    async fn of_two_people_who_claim_a_session_at_once_one_has_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent(EMAILS[0], "Sandbox", "agent").await;
        let bob = desk.add_agent(EMAILS[1], "Sandbox", "agent").await;
        claim_at_once(&desk, [&ada, &bob]).await;
    }

    async fn what_somebody_claims_the_desk_gives_to_nobody_else(engine: Engine) {
        let desk = Desk::start(engine).await;
        let ada = desk.add_agent(EMAILS[0], "Sandbox", "agent").await;
        claim_while_the_desk_gives(&desk, &ada).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_claims_a_session_first_has_it_whatever_process_they_ask() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let other = desk.settings.clone().role(Role::Serve).start().await;
    let ada = desk.add_agent(EMAILS[0], "Sandbox", "agent").await;
    let ada = Client::anonymous(other.url()).with_token(ada.token().unwrap());
    let bob = desk.add_agent(EMAILS[1], "Sandbox", "agent").await;
    claim_at_once(&desk, [&ada, &bob]).await;
    claim_while_the_desk_gives(&desk, &ada).await;
}

/// Has two agents claim one waiting session after another, both at the same moment.
async fn claim_at_once(desk: &Desk, people: [&Client; 2]) {
    let sandbox = sandbox(&desk.admin).await;
    let ids = [id_of(people[0]).await, id_of(people[1]).await];
    for (customer, answers) in (1..=20).zip(WAYS.into_iter().cycle()) {
        customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        let session = until_session(&desk.admin, &sandbox, customer).await;
        let (one, other) = tokio::join!(
            claim(people[0], &ids[0], &session, answers[0]),
            claim(people[1], &ids[1], &session, answers[1])
        );
        let refusals = [one, other];
        let winner = refusals.iter().position(Vec::is_empty).unwrap_or_else(|| panic!("nobody has it: {refusals:?}"));
        assert_eq!(refusals[1 - winner], ["SESSION_NOT_FOUND"], "customer {customer}: it is none of the other's");
        assert_eq!(look(&desk.admin, &session).await["assignee"]["email"], EMAILS[winner]);
        let written = messages(&desk.admin, &session).await;
        assert_eq!(texts(&written, "OUTBOUND").len(), usize::from(answers[winner]), "{written:?}");
    }
}

/// Has an agent who is no candidate claim what waits, while the desk begins to give it out to a colleague.
async fn claim_while_the_desk_gives(desk: &Desk, ada: &Client) {
    let sandbox = sandbox(&desk.admin).await;
    let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
    let _console = online(&cyd, &sandbox).await;
    let mut waiting = Vec::new();
    for customer in 101..=130 {
        customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        waiting.push(until_session(&desk.admin, &sandbox, customer).await);
    }
    let adas = id_of(ada).await;
    let claims = async {
        let mut claims = Vec::new();
        // The desk begins with those who have waited the longest, and she with the others, so that they meet.
        for (session, answers) in waiting.iter().rev().zip([false, true].into_iter().cycle()) {
            claims.push((session, claim(ada, &adas, session, answers).await));
        }
        claims
    };
    let (_, claims) = tokio::join!(enable(&desk.admin, &sandbox, json!({})), claims);
    let mut given = 0;
    for (session, refused) in claims {
        let whose = until_assigned(&desk.admin, session).await;
        if refused.is_empty() {
            assert_eq!(whose, "ada@desk.test");
        } else {
            assert_eq!((refused, whose), (vec!["SESSION_NOT_FOUND".to_owned()], "cyd@desk.test".to_owned()));
            given += 1;
        }
    }
    let routed = "SELECT count(*) FROM audit_log WHERE action = 'ROUTING'";
    let routed = Sql::connect(&desk.database).await.unwrap().number(routed).await.unwrap();
    assert_eq!(routed, given, "each is given out once, and none that she has");
}

/// Claims a session, by answering in it or by taking it, and tells why that was refused.
async fn claim(client: &Client, id: &Value, session: &str, answers: bool) -> Vec<String> {
    let (mutation, input) = if answers {
        ("messageSend", json!({ "sessionId": session, "text": "good day" }))
    } else {
        ("sessionAssign", json!({ "sessionId": session, "agentId": id }))
    };
    let payload = try_mutate(client, mutation, input, "").await;
    errors_of(&payload).into_iter().map(str::to_owned).collect()
}
