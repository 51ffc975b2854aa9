//! The inbox of an agent: what is unread, what changed meanwhile, and what was sent before.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{
    Desk, customer_writes, errors_of, messages, reply, sandbox, send, session_of, sessions, texts, try_send,
    until_session, until_written,
};

on_both_engines! {
    async fn each_agent_has_an_unread_count_of_their_own(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let colleague = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        for number in 0..3 {
            customer_writes(&desk.admin, &sandbox, 7, &format!("message {number}")).await;
        }
        until_written(&desk.admin, &sandbox, 7, 3).await;
        let session = until_session(&colleague, &sandbox, 7).await;

        assert_eq!(unread(&desk.admin, &sandbox).await, 3);
        let document = "mutation View($input: SessionMarkViewedInput!) {
            sessionMarkViewed(input: $input) { session { unreadCount status } userErrors { code } }
        }";
        let viewed = desk.admin.query(document, json!({ "input": { "sessionId": session } })).await;
        assert_eq!(viewed["sessionMarkViewed"]["session"], json!({ "unreadCount": 0, "status": "UNREAD" }));
        assert_eq!(unread(&desk.admin, &sandbox).await, 0);
        assert_eq!(unread(&colleague, &sandbox).await, 3);

        reply(&colleague, &session, "an answer is a look, too").await;
        assert_eq!(unread(&colleague, &sandbox).await, 0);
        customer_writes(&desk.admin, &sandbox, 7, "one more").await;
        until_written(&desk.admin, &sandbox, 7, 4).await;
        assert_eq!((unread(&desk.admin, &sandbox).await, unread(&colleague, &sandbox).await), (1, 1));
    }

    async fn a_change_of_something_that_has_changed_meanwhile_is_refused_and_shows_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let seen = session_of(&desk.admin, &sandbox, 7).await.unwrap()["version"].clone();
        reply(&desk.admin, &session, "hello!").await;
        let now = session_of(&desk.admin, &sandbox, 7).await.unwrap()["version"].clone();

        let refused = close(&desk.admin, &session, &seen).await;
        assert_eq!(errors_of(&refused), ["VERSION_CONFLICT"]);
        assert_eq!(refused["session"], json!({ "status": "PROCESSING", "version": now }));
        let closed = close(&desk.admin, &session, &now).await;
        assert_eq!(errors_of(&closed), [""; 0]);
        assert_eq!(closed["session"]["status"], "CLOSED");
        assert_eq!(errors_of(&close(&desk.admin, &session, &Value::Null).await), ["ALREADY_CLOSED"]);
        let refused = try_send(&desk.admin, json!({ "sessionId": session, "text": "too late" })).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["SESSION_CLOSED"]);
    }

    async fn the_same_request_under_the_same_key_is_one_message(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let input = json!({ "sessionId": session, "text": "once", "idempotencyKey": "key-1" });

        // At the same time, and afterwards.
        let (one, other) = tokio::join!(send(&desk.admin, input.clone()), send(&desk.admin, input.clone()));
        let third = send(&desk.admin, input).await;
        assert_eq!((&one["id"], &one["id"]), (&other["id"], &third["id"]));
        assert_eq!(texts(&messages(&desk.admin, &session).await, "OUTBOUND"), ["once"]);

        let other_text = json!({ "sessionId": session, "text": "twice", "idempotencyKey": "key-1" });
        let refused = try_send(&desk.admin, other_text).await.unwrap();
        assert_eq!(errors_of(&refused.data["messageSend"]), ["IDEMPOTENCY_KEY_REUSED"]);
        for key in ["", &"k".repeat(256)] {
            let malformed = json!({ "sessionId": session, "text": "once", "idempotencyKey": key });
            let refused = try_send(&desk.admin, malformed).await.unwrap();
            assert_eq!(errors_of(&refused.data["messageSend"]), ["IDEMPOTENCY_KEY_MALFORMED"]);
        }
        // Without a key each request is a message of its own.
        reply(&desk.admin, &session, "once").await;
        assert_eq!(texts(&messages(&desk.admin, &session).await, "OUTBOUND"), ["once", "once"]);
    }
}

/// How many messages are unread for this agent in the only session.
async fn unread(client: &Client, project: &str) -> i64 {
    sessions(client, project).await[0]["unreadCount"].as_i64().expect("a count is a number")
}

async fn close(client: &Client, session: &str, expected_version: &Value) -> Value {
    let document = "mutation Close($input: SessionCloseInput!) {
        sessionClose(input: $input) { session { status version } userErrors { code } }
    }";
    let input = json!({ "sessionId": session, "expectedVersion": expected_version });
    client.query(document, json!({ "input": input })).await["sessionClose"].take()
}
