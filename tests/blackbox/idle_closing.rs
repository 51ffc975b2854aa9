//! What is due later: a session whose customer stays silent is closed, and what comes after that.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{Desk, Reader, customer_writes, errors_of, reply, sandbox, sessions, until_session, until_written};

const HOUR: i64 = 60 * 60;
/// The farthest that a clock is moved at once: 366 days.
const FARTHEST: i64 = 366 * 24 * HOUR;

const ADVANCE: &str = "mutation Advance($input: SandboxClockAdvanceInput!) {
    sandboxClockAdvance(input: $input) { userErrors { code message } }
}";

on_both_engines! {
    async fn a_session_whose_customer_is_silent_for_a_day_is_closed_and_a_message_reopens_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = answered_session(&desk.admin, &sandbox).await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;

        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let closed = reader.until("SessionUpdated", |event| event["session"]["status"] == "CLOSED").await;
        assert_eq!(closed["session"]["id"], *session);
        assert_eq!(closed["session"]["closeReason"], "NO_RESPONSE");

        advance(&desk.admin, &sandbox, 23 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "one more thing").await;
        let reopened = reader.until("SessionUpdated", |event| event["session"]["status"] == "UNREAD").await;
        assert_eq!(reopened["session"]["id"], *session);
        assert_eq!(reopened["session"]["closeReason"], Value::Null);
    }

    async fn a_clock_is_ahead_by_a_hundred_years_at_most(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for _ in 0..99 {
            advance(&desk.admin, &sandbox, FARTHEST).await;
        }
        let variables = |seconds| json!({ "input": { "projectId": sandbox, "seconds": seconds } });
        advance(&desk.admin, &sandbox, FARTHEST - 60).await;
        let data = desk.admin.query(ADVANCE, variables(61)).await;
        assert_eq!(errors_of(&data["sandboxClockAdvance"]), ["TOO_FAR_AHEAD"]);
        advance(&desk.admin, &sandbox, 60).await;

        // The desk is at work a hundred years ahead.
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 8).await;
        reply(&desk.admin, &session, "hello").await;
    }

    async fn a_message_long_after_the_closing_opens_another_session(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = answered_session(&desk.admin, &sandbox).await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        reader.until("SessionUpdated", |event| event["session"]["status"] == "CLOSED").await;

        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "something else").await;
        let opened = reader.until("SessionOpened", |_| true).await;
        assert_ne!(opened["session"]["id"], *session);
        assert_eq!(opened["session"]["number"], 2);
        assert_eq!(sessions(&desk.admin, &sandbox).await.len(), 2);
    }

    async fn a_session_in_which_the_customer_has_the_last_word_stays_open(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let silent = answered_session(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 8, "anybody there?").await;
        let waiting = until_session(&desk.admin, &sandbox, 8).await;
        reply(&desk.admin, &waiting, "yes").await;
        customer_writes(&desk.admin, &sandbox, 8, "good").await;
        until_written(&desk.admin, &sandbox, 8, 2).await;

        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        advance(&desk.admin, &sandbox, 48 * HOUR).await;
        let closed = reader.until("SessionUpdated", |event| event["session"]["status"] == "CLOSED").await;
        assert_eq!(closed["session"]["id"], *silent);
        // The next job in the queue has been looked at by the time that a later message has its event.
        customer_writes(&desk.admin, &sandbox, 8, "still there?").await;
        reader.until("MessageAdded", |event| event["message"]["text"] == "still there?").await;
        let sessions = sessions(&desk.admin, &sandbox).await;
        let open = sessions.iter().find(|session| session["id"] == *waiting).unwrap();
        assert_ne!(open["status"], "CLOSED");
    }
}

/// A session in which an agent had the last word.
async fn answered_session(client: &Client, sandbox: &str) -> String {
    customer_writes(client, sandbox, 7, "hello").await;
    let session = until_session(client, sandbox, 7).await;
    reply(client, &session, "how can we help?").await;
    session
}

/// Moves the clock of a sandbox.
async fn advance(client: &Client, sandbox: &str, seconds: i64) {
    let data = client.query(ADVANCE, json!({ "input": { "projectId": sandbox, "seconds": seconds } })).await;
    assert_eq!(errors_of(&data["sandboxClockAdvance"]), [""; 0], "{data}");
}
