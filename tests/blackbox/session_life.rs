//! The life of a session: what it waits for, what becomes of it, and when it ends.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Sql, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, mutate, reply, sandbox, sessions, try_mutate,
    until_session,
};

pub const MINUTE: i64 = 60;
pub const HOUR: i64 = 60 * MINUTE;

/// What is looked at of a session.
const LIFE: &str = "id status closeReason priority waitingSince assignedAt
    followUp { awaited until note } resolution { at summary by { email } }";

on_both_engines! {
    async fn an_answer_ends_the_wait_for_the_customer_and_leaves_a_promise_standing(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (promised, asked) = (answered(&desk, &sandbox, 7).await, answered(&desk, &sandbox, 8).await);
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let until = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
        let promise = follow(&desk.admin, &promised, &json!({ "awaited": "PROMISED_TIME", "until": until })).await;
        follow(&desk.admin, &asked, &json!({ "awaited": "CUSTOMER", "until": until })).await;
        let send_at = in_future(&desk.admin, &sandbox, HOUR).await;
        let later = json!({ "sessionId": promised, "text": "We are at it", "sendAt": send_at });
        mutate(&desk.admin, "messageSchedule", later, "scheduledMessage { id }").await;

        for session in [&promised, &asked] {
            reply(&desk.admin, session, "I shall be back at ten").await;
        }
        let on_it = look(&desk.admin, &asked).await;
        assert_eq!((&on_it["status"], &on_it["followUp"]), (&json!("PROCESSING"), &Value::Null));
        let waits = look(&desk.admin, &promised).await;
        assert_eq!((&waits["status"], &waits["followUp"]), (&json!("FOLLOW_UP"), &promise["followUp"]));
        advance(&desk.admin, &sandbox, HOUR).await;
        let waits = events.until(&promised, "SCHEDULED").await;
        assert_eq!((&waits["status"], &waits["followUp"]), (&json!("FOLLOW_UP"), &promise["followUp"]));
        advance(&desk.admin, &sandbox, HOUR).await;
        let due = events.until(&promised, "FOLLOW_UP_DUE").await;
        assert!(due["status"] == "UNREAD" && due["waitingSince"].is_string(), "{due}");
        assert_eq!(look(&desk.admin, &asked).await["status"], "PROCESSING");
    }

    async fn a_promise_brings_the_session_back_when_it_is_due_and_is_owed_until_it_is_kept(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (promised, sooner) = (answered(&desk, &sandbox, 7).await, answered(&desk, &sandbox, 8).await);
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;

        let until = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
        let follow_up = json!({ "awaited": "PROMISED_TIME", "until": until, "note": " the bank answers " });
        let waiting = follow(&desk.admin, &promised, &follow_up).await;
        assert_eq!((&waiting["status"], &waiting["waitingSince"]), (&json!("FOLLOW_UP"), &Value::Null));
        let told = json!({ "awaited": "PROMISED_TIME", "until": until, "note": "the bank answers" });
        assert_eq!(waiting["followUp"], told);
        let event = events.until(&promised, "STATUS_CHANGE").await;
        assert_eq!((&event["status"], &event["followUp"]), (&json!("FOLLOW_UP"), &told));
        let until = in_future(&desk.admin, &sandbox, HOUR).await;
        follow(&desk.admin, &sooner, &json!({ "awaited": "PROMISED_TIME", "until": until })).await;

        advance(&desk.admin, &sandbox, HOUR + 30 * MINUTE).await;
        events.until(&sooner, "FOLLOW_UP_DUE").await;
        assert_eq!(look(&desk.admin, &promised).await["status"], "FOLLOW_UP", "it is not time yet");
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        let due = events.until(&promised, "FOLLOW_UP_DUE").await;
        assert_eq!((&due["status"], &due["followUp"]), (&json!("UNREAD"), &Value::Null));
        assert!(due["waitingSince"].is_string(), "the customer counts on it: {due}");

        // Nobody closes it because the customer is silent: it is the desk that owes something.
        reply(&desk.admin, &sooner, "Here you are").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        events.until(&sooner, "NO_RESPONSE").await;
        assert_eq!(look(&desk.admin, &promised).await["status"], "UNREAD");
        reply(&desk.admin, &promised, "Here you are").await;
        assert_eq!(look(&desk.admin, &promised).await["waitingSince"], Value::Null);
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let closed = events.until(&promised, "NO_RESPONSE").await;
        assert_eq!((&closed["status"], &closed["closeReason"]), (&json!("CLOSED"), &json!("NO_RESPONSE")));
    }

    async fn what_waits_for_somebody_else_is_not_closed_by_silence_and_then_the_time_begins_anew(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (third, customer, until_later) = (
            answered(&desk, &sandbox, 7).await,
            answered(&desk, &sandbox, 8).await,
            answered(&desk, &sandbox, 9).await,
        );
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        follow(&desk.admin, &third, &json!({ "awaited": "THIRD_PARTY" })).await;
        follow(&desk.admin, &customer, &json!({ "awaited": "CUSTOMER" })).await;
        let until = in_future(&desk.admin, &sandbox, 48 * HOUR).await;
        follow(&desk.admin, &until_later, &json!({ "awaited": "CUSTOMER", "until": until })).await;

        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        events.until(&customer, "NO_RESPONSE").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let due = events.until(&until_later, "FOLLOW_UP_DUE").await;
        assert_eq!((&due["status"], &due["waitingSince"]), (&json!("UNREAD"), &Value::Null));
        assert_eq!(look(&desk.admin, &third).await["status"], "FOLLOW_UP");

        set_status(&desk.admin, &third, "PROCESSING").await;
        let in_between = answered(&desk, &sandbox, 10).await;
        let until = in_future(&desk.admin, &sandbox, HOUR).await;
        follow(&desk.admin, &in_between, &json!({ "awaited": "PROMISED_TIME", "until": until })).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        events.until(&in_between, "FOLLOW_UP_DUE").await;
        for (session, status) in [(&third, "PROCESSING"), (&until_later, "UNREAD")] {
            assert_eq!(look(&desk.admin, session).await["status"], status, "the customer has the whole time again");
        }
        advance(&desk.admin, &sandbox, 23 * HOUR).await;
        events.until(&until_later, "NO_RESPONSE").await;
        events.until(&third, "NO_RESPONSE").await;
        for (cause, count) in [("NO_RESPONSE", 3), ("FOLLOW_UP_DUE", 2)] {
            assert_eq!(audited_without_agent(&desk, cause).await, count, "{cause}");
        }
    }

    async fn a_message_of_the_customer_ends_the_waiting(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let session = answered(&desk, &sandbox, 7).await;
        follow(&desk.admin, &session, &json!({ "awaited": "THIRD_PARTY", "note": "the bank" })).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "It works again").await;
        let back = events.until(&session, "CUSTOMER_MESSAGE").await;
        assert_eq!((&back["status"], &back["followUp"]), (&json!("UNREAD"), &Value::Null));
        assert!(back["waitingSince"].is_string());
    }

    async fn a_resolved_session_closes_after_half_an_hour_unless_something_comes_back(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (stays, back, reopened) = (
            answered(&desk, &sandbox, 7).await,
            answered(&desk, &sandbox, 8).await,
            answered(&desk, &sandbox, 9).await,
        );
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let resolved = resolve(&desk.admin, &stays, " Sent again ").await;
        assert_eq!(resolved["status"], "PROCESSING");
        assert_eq!(resolved["resolution"]["summary"], "Sent again");
        assert!(resolved["resolution"]["by"]["email"].is_string() && resolved["resolution"]["at"].is_string());
        events.until(&stays, "RESOLVED").await;
        let input = json!({ "sessionId": stays });
        let again = try_mutate(&desk.admin, "sessionResolve", input, "session { id }").await;
        assert_eq!(errors_of(&again), ["ALREADY_RESOLVED"]);

        resolve(&desk.admin, &back, "").await;
        customer_writes(&desk.admin, &sandbox, 8, "Still broken").await;
        let unresolved = events.until(&back, "CUSTOMER_MESSAGE").await;
        assert_eq!((&unresolved["status"], &unresolved["resolution"]), (&json!("UNREAD"), &Value::Null));
        resolve(&desk.admin, &reopened, "").await;
        let taken_back = set_status(&desk.admin, &reopened, "PROCESSING").await;
        assert_eq!(taken_back["resolution"], Value::Null);

        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        let closed = events.until(&stays, "RESOLVED_CLOSE").await;
        assert_eq!((&closed["status"], &closed["closeReason"]), (&json!("CLOSED"), &json!("RESOLVED")));
        assert_eq!(closed["resolution"]["summary"], "Sent again", "it stays in the history");
        // The jobs of the others were due before a later one, whose event is here.
        resolve(&desk.admin, &back, "").await;
        advance(&desk.admin, &sandbox, 30 * MINUTE).await;
        events.until(&back, "RESOLVED_CLOSE").await;
        assert_eq!(audited_without_agent(&desk, "RESOLVED_CLOSE").await, 2);
        assert_eq!(look(&desk.admin, &reopened).await["status"], "PROCESSING");

        customer_writes(&desk.admin, &sandbox, 7, "Thanks! One more thing").await;
        let open = events.until(&stays, "CUSTOMER_MESSAGE").await;
        assert_eq!((&open["status"], &open["resolution"]), (&json!("UNREAD"), &Value::Null));
    }

    async fn an_agent_reopens_what_is_closed_unless_its_customer_has_a_newer_session(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let session = answered(&desk, &sandbox, 7).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &session).await), ["NOT_CLOSED"]);
        close(&desk.admin, &session).await;
        let reopened = reopen(&desk.admin, &session).await;
        assert_eq!(errors_of(&reopened), [""; 0]);
        assert_ne!(reopened["session"]["status"], "CLOSED");
        assert_eq!(reopened["session"]["closeReason"], Value::Null);

        close(&desk.admin, &session).await;
        let newer = begins_anew(&desk, &sandbox, 7, &session).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &session).await), ["NEWER_SESSION_OPEN"]);
        assert_eq!(look(&desk.admin, &session).await["status"], "CLOSED");
        close(&desk.admin, &newer).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &session).await), [""; 0], "the newer one is over");
    }

    async fn silence_counts_anew_in_a_session_that_was_opened_again(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (reopened, silent) = (answered(&desk, &sandbox, 7).await, answered(&desk, &sandbox, 8).await);
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        advance(&desk.admin, &sandbox, 23 * HOUR).await;
        close(&desk.admin, &reopened).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &reopened).await), [""; 0]);

        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        // Its look would have been due before this one.
        events.until(&silent, "NO_RESPONSE").await;
        assert_eq!(look(&desk.admin, &reopened).await["status"], "UNREAD");
        advance(&desk.admin, &sandbox, 22 * HOUR).await;
        events.until(&reopened, "NO_RESPONSE").await;

        // The look is over; there is another one when the session is opened again.
        assert_eq!(errors_of(&reopen(&desk.admin, &reopened).await), [""; 0]);
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        events.until(&reopened, "NO_RESPONSE").await;
    }

    async fn a_customer_goes_on_in_an_older_session_that_was_opened_again(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        customer_writes(&desk.admin, &sandbox, 7, "Hello").await;
        let older = until_session(&desk.admin, &sandbox, 7).await;
        close(&desk.admin, &older).await;
        let newer = begins_anew(&desk, &sandbox, 7, &older).await;
        close(&desk.admin, &newer).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &older).await), [""; 0], "the newer one is over");

        customer_writes(&desk.admin, &sandbox, 7, "It is back").await;
        let goes_on = || async {
            let found = sessions(&desk.admin, &sandbox).await;
            let text = found.iter().find(|one| one["id"] == older).map(|one| one["lastMessage"]["text"].clone());
            (text == Some(json!("It is back"))).then_some(()).ok_or(text)
        };
        eventually(PATIENCE, goes_on).await;
        assert_eq!(errors_of(&reopen(&desk.admin, &newer).await), ["NEWER_SESSION_OPEN"]);
    }

    async fn a_project_says_how_long_its_sessions_live(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let (silent, resolved, later) = (
            answered(&desk, &sandbox, 7).await,
            answered(&desk, &sandbox, 8).await,
            answered(&desk, &sandbox, 9).await,
        );
        let until = in_future(&desk.admin, &sandbox, 2 * HOUR).await;
        follow(&desk.admin, &later, &json!({ "awaited": "PROMISED_TIME", "until": until })).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        resolve(&desk.admin, &resolved, "").await;
        let life = "project { version sessionLife {
            reopenWindowSeconds noResponseAfterSeconds closeAfterResolveSeconds } }";
        let input = json!({ "projectId": sandbox, "noResponseAfterSeconds": 48 * HOUR,
            "closeAfterResolveSeconds": 25 * HOUR });
        let changed = mutate(&desk.admin, "projectSessionLifeUpdate", input, life).await;
        let expected = json!({ "reopenWindowSeconds": 24 * HOUR, "noResponseAfterSeconds": 48 * HOUR,
            "closeAfterResolveSeconds": 25 * HOUR });
        assert_eq!(changed["project"]["sessionLife"], expected);

        // What had been to happen sooner happens later.
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        events.until(&later, "FOLLOW_UP_DUE").await;
        assert_eq!(look(&desk.admin, &resolved).await["status"], "PROCESSING");
        advance(&desk.admin, &sandbox, HOUR).await;
        events.until(&resolved, "RESOLVED_CLOSE").await;
        assert_eq!(look(&desk.admin, &silent).await["status"], "PROCESSING");
        advance(&desk.admin, &sandbox, 23 * HOUR).await;
        events.until(&silent, "NO_RESPONSE").await;

        let input = json!({ "projectId": sandbox, "reopenWindowSeconds": HOUR });
        mutate(&desk.admin, "projectSessionLifeUpdate", input, life).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello again").await;
        let another = || async {
            let sessions = sessions(&desk.admin, &sandbox).await;
            if sessions.len() == 4 { Ok(()) } else { Err(sessions) }
        };
        eventually(PATIENCE, another).await;
        assert_eq!(look(&desk.admin, &silent).await["status"], "CLOSED");

        for (seconds, version, code) in [
            (json!(-1), Value::Null, "SECONDS_OUT_OF_RANGE"),
            (json!(366 * 24 * HOUR + 1), Value::Null, "SECONDS_OUT_OF_RANGE"),
            (json!(5), changed["project"]["version"].clone(), "VERSION_CONFLICT"),
        ] {
            let input = json!({ "projectId": sandbox, "closeAfterResolveSeconds": seconds, "expectedVersion": version });
            let refused = try_mutate(&desk.admin, "projectSessionLifeUpdate", input, life).await;
            assert_eq!(errors_of(&refused), [code]);
        }
    }

    async fn what_cannot_be_is_refused_and_changes_nothing(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let session = answered(&desk, &sandbox, 7).await;
        let before = look(&desk.admin, &session).await;
        let past = in_future(&desk.admin, &sandbox, -MINUTE).await;
        for (status, follow_up, code) in [
            ("FOLLOW_UP", Value::Null, "FOLLOW_UP_REQUIRED"),
            ("PROCESSING", json!({ "awaited": "CUSTOMER" }), "FOLLOW_UP_NOT_EXPECTED"),
            ("FOLLOW_UP", json!({ "awaited": "PROMISED_TIME" }), "UNTIL_REQUIRED"),
            ("FOLLOW_UP", json!({ "awaited": "CUSTOMER", "until": past }), "UNTIL_PAST"),
            ("FOLLOW_UP", json!({ "awaited": "CUSTOMER", "note": "x".repeat(501) }), "NOTE_TOO_LONG"),
        ] {
            let input = json!({ "sessionId": session, "status": status, "followUp": follow_up });
            let refused = try_mutate(&desk.admin, "sessionStatusUpdate", input, "session { id }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
        let long = json!({ "sessionId": session, "summary": "x".repeat(2001) });
        assert_eq!(errors_of(&try_mutate(&desk.admin, "sessionResolve", long, "session { id }").await), ["SUMMARY_TOO_LONG"]);
        assert_eq!(look(&desk.admin, &session).await, before);

        close(&desk.admin, &session).await;
        for (mutation, more, code) in [
            ("sessionStatusUpdate", json!({ "status": "UNREAD" }), "SESSION_CLOSED"),
            ("sessionResolve", json!({}), "ALREADY_CLOSED"),
            ("sessionPriorityUpdate", json!({ "priority": "URGENT" }), "SESSION_CLOSED"),
        ] {
            let mut input = more;
            input["sessionId"] = json!(session);
            assert_eq!(errors_of(&try_mutate(&desk.admin, mutation, input, "session { id }").await), [code]);
        }
    }

    async fn a_session_gets_another_priority(engine: Engine) {
        let (desk, sandbox) = start(engine).await;
        let session = answered(&desk, &sandbox, 7).await;
        let mut events = Updates::from_now(&desk.admin, &sandbox).await;
        let input = json!({ "sessionId": session, "priority": "URGENT" });
        let urgent = mutate(&desk.admin, "sessionPriorityUpdate", input, "session { priority version }").await;
        assert_eq!(urgent["session"]["priority"], "URGENT");
        assert_eq!(events.until(&session, "PRIORITY").await["priority"], "URGENT");
        let seen = urgent["session"]["version"].as_i64().unwrap() - 1;
        let input = json!({ "sessionId": session, "priority": "LOW", "expectedVersion": seen });
        let refused = try_mutate(&desk.admin, "sessionPriorityUpdate", input, "session { priority }").await;
        assert_eq!((errors_of(&refused), &refused["session"]["priority"]), (vec!["VERSION_CONFLICT"], &json!("URGENT")));
    }
}

async fn start(engine: tests::Engine) -> (Desk, String) {
    let desk = Desk::start(engine).await;
    let sandbox = sandbox(&desk.admin).await;
    (desk, sandbox)
}

/// A session of a customer in which an agent had the last word.
async fn answered(desk: &Desk, sandbox: &str, customer: i64) -> String {
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    reply(&desk.admin, &session, "how can we help?").await;
    session
}

/// Has a customer write when their session cannot go on any more. Answers the next one.
async fn begins_anew(desk: &Desk, sandbox: &str, customer: i64, before: &str) -> String {
    advance(&desk.admin, sandbox, 25 * HOUR).await;
    customer_writes(&desk.admin, sandbox, customer, "Something else").await;
    let another = || async {
        let found = sessions(&desk.admin, sandbox).await;
        let another =
            found.iter().find(|one| one["id"] != before).and_then(|one| one["id"].as_str().map(str::to_owned));
        another.ok_or(found.len())
    };
    eventually(PATIENCE, another).await
}

/// How often the audit log says that the desk itself did this to a session.
async fn audited_without_agent(desk: &Desk, action: &str) -> i64 {
    let entries = format!(
        "SELECT count(*) FROM audit_log WHERE action = '{action}' AND object_kind = 'SESSION' AND agent_id IS NULL \
         AND project_id IS NOT NULL AND details LIKE '%status%'"
    );
    Sql::connect(&desk.database).await.unwrap().number(&entries).await.unwrap()
}

/// The session as it is.
async fn look(client: &Client, session: &str) -> Value {
    let document = format!("query Look($id: ID!) {{ session(id: $id) {{ {LIFE} }} }}");
    client.query(&document, json!({ "id": session })).await["session"].take()
}

async fn follow(client: &Client, session: &str, follow_up: &Value) -> Value {
    let input = json!({ "sessionId": session, "status": "FOLLOW_UP", "followUp": follow_up });
    mutate(client, "sessionStatusUpdate", input, &format!("session {{ {LIFE} }}")).await["session"].take()
}

async fn set_status(client: &Client, session: &str, status: &str) -> Value {
    let input = json!({ "sessionId": session, "status": status });
    mutate(client, "sessionStatusUpdate", input, &format!("session {{ {LIFE} }}")).await["session"].take()
}

async fn close(client: &Client, session: &str) {
    mutate(client, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
}

async fn reopen(client: &Client, session: &str) -> Value {
    let input = json!({ "sessionId": session });
    try_mutate(client, "sessionReopen", input, "session { status closeReason }").await
}

async fn resolve(client: &Client, session: &str, summary: &str) -> Value {
    let input = json!({ "sessionId": session, "summary": summary });
    mutate(client, "sessionResolve", input, &format!("session {{ {LIFE} }}")).await["session"].take()
}

/// A time so many seconds from now on the project's clock.
pub async fn in_future(client: &Client, project: &str, seconds: i64) -> String {
    let document = "query Now($id: ID!) { project(id: $id) { now } }";
    let now = client.query(document, json!({ "id": project })).await["project"]["now"].take();
    let now: chrono::DateTime<chrono::Utc> = now.as_str().unwrap().parse().unwrap();
    (now + chrono::Duration::seconds(seconds)).to_rfc3339_opts(chrono::SecondsFormat::Micros, true)
}

/// Moves the clock of a sandbox.
pub async fn advance(client: &Client, sandbox: &str, seconds: i64) {
    let input = json!({ "projectId": sandbox, "seconds": seconds });
    mutate(client, "sandboxClockAdvance", input, "project { now }").await;
}

/// The changes of sessions with their causes.
pub struct Updates(Subscription);

impl Updates {
    /// The changes that come from now on, as this client is told of them.
    pub async fn from_now(client: &Client, project: &str) -> Self {
        let document = format!(
            "subscription Updates($projectId: ID!, $after: String) {{
                sessionEvents(projectId: $projectId, after: $after) {{
                    ... on SessionUpdated {{ cause session {{ {LIFE} }} }}
                }}
            }}"
        );
        let after = event_cursor(client, project).await;
        Self(client.subscribe(&document, json!({ "projectId": project, "after": after })).await)
    }

    /// The session as it was told to be, once it changed for this cause.
    pub async fn until(&mut self, session: &str, cause: &str) -> Value {
        loop {
            let mut event = self.0.next_within(PATIENCE).await["sessionEvents"].take();
            if event["session"]["id"] == session && event["cause"] == cause {
                return event["session"].take();
            }
        }
    }
}
