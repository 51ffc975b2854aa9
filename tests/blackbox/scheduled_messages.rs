//! Messages that are written now and sent later.

use serde_json::{Value, json};
use tests::{Client, Engine, Sql, eventually, on_both_engines};

use crate::notes::{give, refusal};
use crate::session_life::{HOUR, advance, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, id_of, message_with_text, messages, mutate, reply, sandbox, texts,
    try_mutate, until_session, until_written,
};

const SCHEDULED: &str = "id text state reason sendAt version message { text author { email } } author { email }";

on_both_engines! {
    async fn a_message_goes_out_at_the_time_that_it_was_written_for(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let send_at = in_future(&ada, &sandbox, 2 * HOUR).await;
        let input = json!({ "sessionId": session, "text": "Did it work?", "sendAt": send_at, "idempotencyKey": "k",
            "entities": [{ "type": "bold", "offset": 0, "length": 3 }] });
        let waiting = schedule(&ada, input.clone()).await;
        assert_eq!((&waiting["state"], &waiting["message"]), (&json!("WAITING"), &Value::Null));
        assert_eq!(schedule(&ada, input.clone()).await["id"], waiting["id"], "the same request again");
        let cancelled = schedule(&ada, json!({ "sessionId": session, "text": "Never", "sendAt": send_at })).await;
        let input = json!({ "scheduledMessageId": cancelled["id"] });
        let taken_back = mutate(&ada, "scheduledMessageCancel", input.clone(), "scheduledMessage { state settledBy { email } }");
        let expected = json!({ "state": "CANCELLED", "settledBy": { "email": "ada@desk.test" } });
        assert_eq!(taken_back.await["scheduledMessage"], expected);
        assert_eq!(refusal(&ada, "scheduledMessageCancel", input).await, "NOT_WAITING");
        let document = "query Assignee($id: ID!) { session(id: $id) { assignee { email } } }";
        let assignee = ada.query(document, json!({ "id": session })).await["session"]["assignee"].take();
        assert_eq!(assignee["email"], "ada@desk.test", "who promises to write has the session");

        let send_at = in_future(&ada, &sandbox, 3 * HOUR).await;
        let input = json!({ "scheduledMessageId": waiting["id"], "text": "Does it work now?", "sendAt": send_at,
            "expectedVersion": 1 });
        let changed = mutate(&ada, "scheduledMessageUpdate", input.clone(), "scheduledMessage { text version }").await;
        assert_eq!(changed["scheduledMessage"], json!({ "text": "Does it work now?", "version": 2 }));
        let conflict = try_mutate(&ada, "scheduledMessageUpdate", input, "scheduledMessage { version }").await;
        assert_eq!((errors_of(&conflict), &conflict["scheduledMessage"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));

        let sooner = schedule(&ada, json!({ "sessionId": session, "text": "Soon",
            "sendAt": in_future(&ada, &sandbox, HOUR).await })).await;
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        until_state(&ada, &session, &sooner, "SENT").await;
        assert_eq!(message_with_text(&ada, &session, "Does it work now?").await, None, "it is not time yet");
        advance(&desk.admin, &sandbox, HOUR).await;
        let sent = until_state(&ada, &session, &waiting, "SENT").await;
        assert_eq!(sent["message"]["text"], "Does it work now?");
        assert_eq!(sent["message"]["author"]["email"], "ada@desk.test");
        let written = messages(&ada, &session).await;
        assert_eq!(texts(&written, "OUTBOUND"), ["Soon", "Does it work now?"], "each once");
        let audit = Sql::connect(&desk.database).await.unwrap();
        let count = audit
            .number("SELECT count(*) FROM audit_log WHERE action = 'SCHEDULED' AND agent_id IS NULL")
            .await
            .unwrap();
        assert_eq!(count, 2);
    }

    async fn a_message_stays_here_when_its_writer_does_not_answer_any_more_or_the_customer_has(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let send_at = in_future(&ada, &sandbox, HOUR).await;
        let mut cases = Vec::new();
        for customer in 7..12 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&ada, &sandbox, customer).await;
            reply(&ada, &session, "good day").await;
            let cancel_on_reply = customer != 11;
            let input = json!({ "sessionId": session, "text": "Later", "sendAt": send_at,
                "cancelOnReply": cancel_on_reply });
            cases.push((session, schedule(&ada, input).await));
        }
        let [transferred, closed, replied, unassigned, in_spite] = cases.try_into().unwrap();
        give(&ada, &transferred.0, &bob).await;
        reply(&bob, &transferred.0, "I have it now").await;
        mutate(&ada, "sessionClose", json!({ "sessionId": closed.0 }), "session { id }").await;
        for (customer, case) in [(9, &replied), (11, &in_spite)] {
            customer_writes(&desk.admin, &sandbox, customer, "it works").await;
            until_written(&desk.admin, &sandbox, customer, 2).await;
            assert_eq!(of(&ada, &case.0, &case.1).await.unwrap()["state"], "WAITING");
        }
        mutate(&ada, "sessionAssign", json!({ "sessionId": unassigned.0, "agentId": null }), "session { id }").await;

        for given_up in [&transferred, &closed, &unassigned] {
            let settled = of(&desk.admin, &given_up.0, &given_up.1).await.unwrap();
            assert_eq!(settled["state"], "REFUSED", "nobody could send it any more: {settled}");
        }
        let audited = "SELECT count(*) FROM audit_log WHERE action = 'SCHEDULED' AND agent_id IS NULL \
            AND details LIKE '%\"REFUSED\"%'";
        assert_eq!(Sql::connect(&desk.database).await.unwrap().number(audited).await.unwrap(), 3);

        advance(&desk.admin, &sandbox, HOUR).await;
        for ((session, scheduled), state, reason) in [
            (&transferred, "REFUSED", Some("NOT_ACTIVE_REPLIER")),
            (&closed, "REFUSED", Some("SESSION_CLOSED")),
            (&replied, "REFUSED", Some("CUSTOMER_REPLIED")),
            (&unassigned, "REFUSED", Some("NOT_ACTIVE_REPLIER")),
            (&in_spite, "SENT", None),
        ] {
            // Everybody who sees the session sees what became of it, and so does its writer who has left.
            let settled = until_state(&ada, session, scheduled, state).await;
            assert_eq!(settled["reason"].as_str(), reason);
            assert_eq!(of(&desk.admin, session, scheduled).await.unwrap()["reason"].as_str(), reason);
            let is_sent = message_with_text(&desk.admin, session, "Later").await.is_some();
            assert_eq!(is_sent, state == "SENT");
        }
    }

    async fn who_changes_a_message_has_read_what_the_customer_wrote_until_then(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let send_at = in_future(&ada, &sandbox, HOUR).await;
        let mut cases = Vec::new();
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&ada, &sandbox, customer).await;
            let input = json!({ "sessionId": session, "text": "Later", "sendAt": send_at });
            let scheduled = schedule(&ada, input).await;
            customer_writes(&desk.admin, &sandbox, customer, "one more thing").await;
            until_written(&desk.admin, &sandbox, customer, 2).await;
            let input = json!({ "scheduledMessageId": scheduled["id"], "text": "Later, and one more thing" });
            mutate(&ada, "scheduledMessageUpdate", input, "scheduledMessage { id }").await;
            cases.push((session, scheduled));
        }
        customer_writes(&desk.admin, &sandbox, 8, "and another").await;
        until_written(&desk.admin, &sandbox, 8, 3).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        until_state(&ada, &cases[0].0, &cases[0].1, "SENT").await;
        assert_eq!(until_state(&ada, &cases[1].0, &cases[1].1, "REFUSED").await["reason"], "CUSTOMER_REPLIED");
    }

    async fn a_silent_customer_is_waited_for_until_what_they_are_to_be_told_is_said(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut sessions = Vec::new();
        for customer in 7..10 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&ada, &sandbox, customer).await;
            reply(&ada, &session, "it will be there in two days").await;
            sessions.push(session);
        }
        let [told, taken_back, silent] = sessions.try_into().unwrap();
        let send_at = in_future(&ada, &sandbox, 48 * HOUR).await;
        let scheduled = schedule(&ada, json!({ "sessionId": told, "text": "Is it there?", "sendAt": send_at })).await;
        let input = json!({ "sessionId": taken_back, "text": "Is it there?", "sendAt": send_at });
        let cancelled = schedule(&ada, input).await;

        advance(&desk.admin, &sandbox, 25 * HOUR).await;
        until_status(&ada, &silent, json!({ "status": "CLOSED", "closeReason": "NO_RESPONSE" })).await;
        let input = json!({ "scheduledMessageId": cancelled["id"] });
        mutate(&ada, "scheduledMessageCancel", input, "scheduledMessage { id }").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        until_state(&ada, &told, &scheduled, "SENT").await;
        until_status(&ada, &taken_back, json!({ "status": "CLOSED", "closeReason": "NO_RESPONSE" })).await;
        until_status(&ada, &told, json!({ "status": "PROCESSING", "closeReason": null })).await;

        // From then on the silence is another one.
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        until_status(&ada, &told, json!({ "status": "CLOSED", "closeReason": "NO_RESPONSE" })).await;
    }

    async fn who_left_learns_nothing_of_what_is_scheduled_later(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let send_at = in_future(&ada, &sandbox, HOUR).await;
        let own = schedule(&ada, json!({ "sessionId": session, "text": "Own", "sendAt": send_at })).await;
        give(&ada, &session, &bob).await;
        let secret = schedule(&bob, json!({ "sessionId": session, "text": "A secret", "sendAt": send_at })).await;
        assert_eq!(of(&ada, &session, &secret).await, None);
        let node = "query Node($id: ID!) { node(id: $id) { id } }";
        assert_eq!(ada.query(node, json!({ "id": secret["id"] })).await["node"], Value::Null);
        assert_eq!(ada.query(node, json!({ "id": own["id"] })).await["node"]["id"], own["id"]);
        for (mutation, more) in [("scheduledMessageUpdate", json!({ "text": "x" })), ("scheduledMessageCancel", json!({}))] {
            let mut input = json!({ "scheduledMessageId": own["id"] });
            for (name, value) in more.as_object().unwrap() {
                input[name] = value.clone();
            }
            assert_eq!(refusal(&ada, mutation, input).await, "SCHEDULED_MESSAGE_NOT_FOUND", "{mutation}");
        }
        let input = json!({ "scheduledMessageId": own["id"], "text": "x" });
        assert_eq!(refusal(&bob, "scheduledMessageUpdate", input).await, "NOT_AUTHOR");
        let input = json!({ "scheduledMessageId": own["id"] });
        assert_eq!(refusal(&bob, "scheduledMessageCancel", input).await, "NOT_WAITING", "it ended with the session");

        // A third agent who left before it changed does not see what it says now.
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "agent").await;
        let part = json!({ "sessionId": session, "agentId": id_of(&eve).await });
        for mutation in ["sessionParticipantAdd", "sessionParticipantRemove"] {
            mutate(&bob, mutation, part.clone(), "session { id }").await;
        }
        assert_eq!(of(&eve, &session, &secret).await.unwrap()["text"], "A secret", "as it was when she left");
        let input = json!({ "scheduledMessageId": secret["id"], "text": "Another secret" });
        mutate(&bob, "scheduledMessageUpdate", input, "scheduledMessage { id }").await;
        assert_eq!(of(&eve, &session, &secret).await, None);
        assert_eq!(eve.query(node, json!({ "id": secret["id"] })).await["node"], Value::Null);
        give(&bob, &session, &ada).await;
        let shown = of(&ada, &session, &secret).await.unwrap();
        assert_eq!(shown["text"], "Another secret", "with full context");
    }

    async fn what_could_not_be_sent_now_is_not_taken_for_later(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let send_at = in_future(&ada, &sandbox, HOUR).await;
        let usual = json!({ "sessionId": session, "text": "Later", "sendAt": send_at });
        for (change, code) in [
            (json!({ "text": " " }), "TEXT_EMPTY"),
            (json!({ "text": "x".repeat(50_000) }), "TEXT_TOO_LONG"),
            (json!({ "entities": [{ "type": "bold", "offset": 0, "length": 99 }] }), "ENTITIES_INVALID"),
            (json!({ "sendAt": in_future(&ada, &sandbox, -1).await }), "SEND_AT_PAST"),
            (json!({ "sendAt": in_future(&ada, &sandbox, 367 * 24 * HOUR).await }), "SEND_AT_TOO_FAR"),
        ] {
            let mut input = usual.clone();
            for (name, value) in change.as_object().unwrap() {
                input[name] = value.clone();
            }
            assert_eq!(refusal(&ada, "messageSchedule", input).await, code);
        }
        for _ in 0..20 {
            schedule(&ada, usual.clone()).await;
        }
        assert_eq!(refusal(&ada, "messageSchedule", usual.clone()).await, "TOO_MANY_SCHEDULED_MESSAGES");
        assert_eq!(refusal(&desk.admin, "messageSchedule", usual.clone()).await, "NOT_ACTIVE_REPLIER");
        mutate(&ada, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        assert_eq!(refusal(&ada, "messageSchedule", usual).await, "SESSION_CLOSED");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_for_later_goes_out_once_with_two_processes() {
    const FIRST: i64 = 7;
    const MESSAGES: i64 = 30;
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(Engine::Postgres).await;
    let _other = desk.another_process().await;
    let sandbox = sandbox(&desk.admin).await;
    let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
    let send_at = in_future(&ada, &sandbox, HOUR).await;
    let mut waiting = Vec::new();
    for customer in FIRST..FIRST + MESSAGES {
        customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        let session = until_session(&ada, &sandbox, customer).await;
        let scheduled = schedule(&ada, json!({ "sessionId": session, "text": "Later", "sendAt": send_at })).await;
        waiting.push((session, scheduled));
    }

    advance(&desk.admin, &sandbox, HOUR).await;
    let sql = Sql::connect(&desk.database).await.unwrap();
    let all_are_done = || async {
        let left = sql.number("SELECT count(*) FROM jobs WHERE kind = 'scheduled_message'").await.unwrap();
        if left == 0 { Ok(()) } else { Err(left) }
    };
    eventually(PATIENCE, all_are_done).await;
    for (session, scheduled) in &waiting {
        assert_eq!(of(&ada, session, scheduled).await.unwrap()["state"], "SENT");
        assert_eq!(texts(&messages(&ada, session).await, "OUTBOUND"), ["Later"]);
    }
    for told in [
        "audit_log WHERE action = 'SCHEDULED' AND agent_id IS NULL",
        "events WHERE cause = 'SCHEDULED' AND kind = 'MESSAGE_ADDED'",
    ] {
        assert_eq!(sql.number(&format!("SELECT count(*) FROM {told}")).await.unwrap(), MESSAGES, "{told}");
    }
}

async fn schedule(client: &Client, input: Value) -> Value {
    let selection = format!("scheduledMessage {{ {SCHEDULED} }}");
    mutate(client, "messageSchedule", input, &selection).await["scheduledMessage"].take()
}

/// The message for later as it is now, if the client sees it in its session.
async fn of(client: &Client, session: &str, scheduled: &Value) -> Option<Value> {
    let document =
        format!("query Scheduled($id: ID!) {{ session(id: $id) {{ scheduledMessages {{ {SCHEDULED} }} }} }}");
    let shown = client.query(&document, json!({ "id": session })).await["session"]["scheduledMessages"].take();
    shown.as_array().unwrap().iter().find(|one| one["id"] == scheduled["id"]).cloned()
}

/// Waits until a session stands so.
async fn until_status(client: &Client, session: &str, wanted: Value) {
    let document = "query Status($id: ID!) { session(id: $id) { status closeReason } }";
    let stands = || async {
        let seen = client.query(document, json!({ "id": session })).await["session"].take();
        if seen == wanted { Ok(()) } else { Err(seen) }
    };
    eventually(PATIENCE, stands).await;
}

async fn until_state(client: &Client, session: &str, scheduled: &Value, state: &str) -> Value {
    let is_there = || async {
        match of(client, session, scheduled).await {
            Some(found) if found["state"] == state => Ok(found),
            other => Err(other),
        }
    };
    eventually(PATIENCE, is_there).await
}
