//! The clocks of tickets: the stricter of the times of their type and of their priority.

use tests::on_both_engines;

use super::*;

const TICKET_CLOCKS: &str = "query Clocks($id: ID!) {
    node(id: $id) { ... on Ticket {
        status resolution sla { metric type state startedAt dueAt pausedAt targetSeconds }
    } }
}";
/// What is promised about something that has been answered once.
const ANSWER_AND_RESOLUTION: [&str; 2] = ["NEXT_RESPONSE", "RESOLUTION"];
/// The longest time that can be promised.
const LONGEST: i64 = 90 * 24 * HOUR;

/// Opens a ticket in the session of a new customer.
async fn ticket_of_new_customer(desk: &Desk, sandbox: &str, customer: i64, kind: &str, priority: &str) -> String {
    let session = session_of_new_customer(desk, sandbox, customer).await;
    ticket_in(desk, &session, kind, priority).await
}

async fn ticket_in(desk: &Desk, session: &str, kind: &str, priority: &str) -> String {
    let input = json!({ "sessionId": session, "type": kind, "priority": priority, "description": "It is broken" });
    let made = mutate(&desk.admin, "ticketCreate", input, "ticket { id }").await;
    made["ticket"]["id"].as_str().unwrap().to_owned()
}

/// The clock of a promise about a ticket, once it stands so.
async fn until_ticket(client: &Client, ticket: &str, metric: &str, state: &str) -> Value {
    let stands = || async {
        let mut data = client.query(TICKET_CLOCKS, json!({ "id": ticket })).await;
        let clocks = data["node"]["sla"].take();
        let found =
            clocks.as_array().unwrap().iter().find(|clock| clock["metric"] == metric && clock["state"] == state);
        found.cloned().ok_or_else(|| clocks.clone())
    };
    eventually(PATIENCE, stands).await
}

/// A ticket as it stands.
async fn look(client: &Client, ticket: &str) -> Value {
    client.query(TICKET_CLOCKS, json!({ "id": ticket })).await["node"].take()
}

/// Where the clocks of some promises stand; null where there is none.
fn states(clocks: &Value, metrics: &[&str]) -> Vec<Value> {
    let clocks = clocks.as_array().expect("clocks are a list");
    let of = |metric: &&str| clocks.iter().find(|clock| clock["metric"] == **metric);
    metrics.iter().map(|metric| of(metric).map_or(Value::Null, |clock| clock["state"].clone())).collect()
}

async fn update(desk: &Desk, ticket: &str, mut input: Value) {
    input["ticketId"] = json!(ticket);
    mutate(&desk.admin, "ticketUpdate", input, "ticket { id }").await;
}

/// A promise is kept until its last minute and is late after it.
async fn runs_out(desk: &Desk, sandbox: &str, ticket: &str, metric: &str, target: i64) {
    let state = if target == 0 { "BREACHING" } else { "PENDING" };
    let clock = until_ticket(&desk.admin, ticket, metric, state).await;
    assert_eq!(clock["targetSeconds"], target, "{metric}");
    assert_eq!(seconds(&clock["startedAt"], &clock["dueAt"]), target, "{metric}");
    advance(&desk.admin, sandbox, target + MINUTE).await;
    until_ticket(&desk.admin, ticket, metric, "BREACHING").await;
}

on_both_engines! {
    async fn each_type_has_its_times(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for (customer, (kind, response, resolution)) in (1..).zip([
            ("STANDARD", 5 * MINUTE, 30 * MINUTE),
            ("ESCALATED", 15 * MINUTE, HOUR),
            ("COMPLAINT", 0, 2 * HOUR),
        ]) {
            for (customer, metric, target) in
                [(customer, "FIRST_RESPONSE", response), (100 + customer, "RESOLUTION", resolution)]
            {
                let ticket = ticket_of_new_customer(&desk, &sandbox, customer, kind, "LOW").await;
                runs_out(&desk, &sandbox, &ticket, metric, target).await;
            }
        }
    }

    async fn each_priority_has_its_times_where_they_are_the_stricter_ones(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let lenient = json!({ "firstResponseSeconds": LONGEST, "resolutionSeconds": LONGEST });
        set_policy(&desk.admin, &sandbox, json!({ "types": { "standard": lenient } })).await;
        for (customer, (priority, response, resolution)) in (1..).zip([
            ("URGENT", 15 * MINUTE, 2 * HOUR),
            ("HIGH", 30 * MINUTE, 4 * HOUR),
            ("MEDIUM", 2 * HOUR, 24 * HOUR),
            ("LOW", 4 * HOUR, 48 * HOUR),
        ]) {
            for (customer, metric, target) in
                [(customer, "FIRST_RESPONSE", response), (100 + customer, "RESOLUTION", resolution)]
            {
                let ticket = ticket_of_new_customer(&desk, &sandbox, customer, "STANDARD", priority).await;
                runs_out(&desk, &sandbox, &ticket, metric, target).await;
            }
        }
    }

    async fn each_priority_has_its_time_for_further_answers_where_it_is_the_stricter_one(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        // Further answers are not promised as soon as the first one, so that neither can stand in for the other.
        let next = |seconds: i64| json!({ "targets": { "nextResponseSeconds": seconds } });
        let lenient = json!({ "firstResponseSeconds": LONGEST, "nextResponseSeconds": LONGEST });
        let strict = json!({ "firstResponseSeconds": HOUR, "nextResponseSeconds": 7 * MINUTE });
        let policy = json!({
            "types": { "escalated": lenient, "complaint": strict },
            "priorities": {
                "urgent": next(10 * MINUTE), "high": next(20 * MINUTE),
                "medium": next(90 * MINUTE), "low": next(3 * HOUR),
            },
        });
        set_policy(&desk.admin, &sandbox, policy).await;
        for (customer, (kind, priority, target)) in (1..).zip([
            ("ESCALATED", "URGENT", 10 * MINUTE),
            ("ESCALATED", "HIGH", 20 * MINUTE),
            ("ESCALATED", "MEDIUM", 90 * MINUTE),
            ("ESCALATED", "LOW", 3 * HOUR),
            ("COMPLAINT", "URGENT", 7 * MINUTE),
        ]) {
            let session = session_of_new_customer(&desk, &sandbox, customer).await;
            let ticket = ticket_in(&desk, &session, kind, priority).await;
            reply(&desk.admin, &session, "which one?").await;
            until_ticket(&desk.admin, &ticket, "FIRST_RESPONSE", "ACHIEVED").await;
            customer_writes(&desk.admin, &sandbox, customer, "the blue one").await;
            runs_out(&desk, &sandbox, &ticket, "NEXT_RESPONSE", target).await;
        }
    }

    async fn what_is_escalated_goes_by_the_times_of_the_ticket(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let ticket = ticket_in(&desk, &session, "ESCALATED", "MEDIUM").await;
        until_state(&desk.admin, &session, "FIRST_RESPONSE", "CANCELLED").await;
        until_state(&desk.admin, &session, "RESOLUTION", "CANCELLED").await;

        // It gets more pressing, waits, is answered and is done.
        let urgent = json!({ "ticketId": ticket, "priority": "URGENT" });
        set_policy(&desk.admin, &sandbox, json!({ "types": { "escalated": { "resolutionSeconds": LONGEST } } })).await;
        mutate(&desk.admin, "ticketUpdate", urgent, "ticket { id }").await;
        let hurried = || async {
            let clock = until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
            if seconds(&clock["startedAt"], &clock["dueAt"]) == 2 * HOUR { Ok(()) } else { Err(clock) }
        };
        eventually(PATIENCE, hurried).await;
        // An answer that is owed does not wait for anybody.
        update(&desk, &ticket, json!({ "status": "WAITING" })).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        until_ticket(&desk.admin, &ticket, "FIRST_RESPONSE", "PENDING").await;
        reply(&desk.admin, &session, "we are on it").await;
        until_ticket(&desk.admin, &ticket, "FIRST_RESPONSE", "ACHIEVED").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        update(&desk, &ticket, json!({ "status": "IN_PROGRESS" })).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
        let done = json!({ "ticketId": ticket, "resolution": "A part was replaced" });
        mutate(&desk.admin, "ticketResolve", done, "ticket { id }").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "ACHIEVED").await;
    }

    async fn a_ticket_stands_still_and_goes_on_with_the_conversation_and_ends_with_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let sql = tests::Sql::connect(&desk.database).await.unwrap();
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let ticket = ticket_in(&desk, &session, "ESCALATED", "MEDIUM").await;
        // What is promised stays the same: it was the stricter time of its type already.
        update(&desk, &ticket, json!({ "priority": "URGENT" })).await;
        let anew = "SELECT count(*) FROM sla_clock_events WHERE change = 'POLICY_CHANGED'";
        assert_eq!(sql.number(anew).await.unwrap(), 0);
        reply(&desk.admin, &session, "which one?").await;
        customer_writes(&desk.admin, &sandbox, 7, "/status").await;
        let told = || async {
            let messages = crate::stage::messages(&desk.admin, &session).await;
            let is_told = |message: &Value| message["text"].as_str().unwrap().contains("Expect a solution within");
            if messages.iter().any(is_told) { Ok(()) } else { Err(messages) }
        };
        eventually(PATIENCE, told).await;

        update(&desk, &ticket, json!({ "status": "WAITING" })).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "the blue one").await;
        let next = until_ticket(&desk.admin, &ticket, "NEXT_RESPONSE", "PENDING").await;
        assert_eq!((&next["type"], &next["targetSeconds"]), (&json!("ESCALATED"), &json!(15 * MINUTE)));
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
        assert_eq!(look(&desk.admin, &ticket).await["status"], "IN_PROGRESS", "whoever answered has it");
        let own = Value::Array(clocks(&desk.admin, &session).await);
        assert_eq!(states(&own, &ANSWER_AND_RESOLUTION), [Value::Null, json!("CANCELLED")]);

        // A third party is no customer; the whole conversation may wait for one.
        update(&desk, &ticket, json!({ "status": "ON_HOLD" })).await;
        assert_eq!(states(&look(&desk.admin, &ticket).await["sla"], &["RESOLUTION"]), ["PENDING"]);
        reply(&desk.admin, &session, "is it this one?").await;
        until_ticket(&desk.admin, &ticket, "NEXT_RESPONSE", "ACHIEVED").await;
        stands(&desk.admin, &session, "FOLLOW_UP", json!({ "awaited": "CUSTOMER" })).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        advance(&desk.admin, &sandbox, 2 * HOUR).await;
        customer_writes(&desk.admin, &sandbox, 7, "yes").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
        until_ticket(&desk.admin, &ticket, "NEXT_RESPONSE", "PENDING").await;

        let resolve = json!({ "sessionId": session, "summary": "A part was replaced" });
        mutate(&desk.admin, "sessionResolve", resolve, "session { id }").await;
        let resolved = look(&desk.admin, &ticket).await;
        assert_eq!((&resolved["status"], &resolved["resolution"]), (&json!("RESOLVED"), &json!("A part was replaced")));
        assert_eq!(states(&resolved["sla"], &ANSWER_AND_RESOLUTION), ["CANCELLED", "ACHIEVED"]);
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        // What comes later is told of when everything before was looked at.
        let late = session_of_new_customer(&desk, &sandbox, 8).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        until_state(&desk.admin, &late, "RESOLUTION", "BREACHING").await;
        only_the_last_session_ran_out(&sql).await;
    }

    async fn who_waits_goes_on_waiting_when_a_ticket_comes_or_goes(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let waits = until_state(&desk.admin, &session, "FIRST_RESPONSE", "PENDING").await;
        let ticket = ticket_in(&desk, &session, "ESCALATED", "MEDIUM").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello?").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        let done = json!({ "ticketId": ticket, "resolution": "A part was replaced" });
        mutate(&desk.admin, "ticketResolve", done, "ticket { id }").await;
        let ended = look(&desk.admin, &ticket).await["sla"].take();
        assert_eq!(states(&ended, &["FIRST_RESPONSE", "RESOLUTION"]), ["CANCELLED", "ACHIEVED"]);
        let next = until_state(&desk.admin, &session, "NEXT_RESPONSE", "PENDING").await;
        assert!(seconds(&waits["startedAt"], &next["startedAt"]).abs() < MINUTE, "{waits} {next}");
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
        reply(&desk.admin, &session, "here I am").await;
        until_state(&desk.admin, &session, "NEXT_RESPONSE", "ACHIEVED").await;

        // Nobody waits for an answer about what an agent notes for themselves, unless it becomes more than that.
        let note = ticket_in(&desk, &session, "STANDARD", "MEDIUM").await;
        let promised = look(&desk.admin, &note).await["sla"].take();
        assert_eq!(states(&promised, &["FIRST_RESPONSE", "RESOLUTION"]), [Value::Null, json!("PENDING")]);
        customer_writes(&desk.admin, &sandbox, 7, "well?").await;
        until_state(&desk.admin, &session, "NEXT_RESPONSE", "PENDING").await;
        update(&desk, &note, json!({ "type": "ESCALATED" })).await;
        until_ticket(&desk.admin, &note, "NEXT_RESPONSE", "PENDING").await;
        let own = Value::Array(clocks(&desk.admin, &session).await);
        assert_eq!(states(&own, &ANSWER_AND_RESOLUTION), ["CANCELLED", "CANCELLED"]);
    }

    async fn a_ticket_is_answered_in_a_later_session_of_its_customer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let targets = json!({ "firstResponseSeconds": LONGEST, "resolutionSeconds": LONGEST });
        let lenient = json!({ "types": { "escalated": targets }, "priorities": { "low": { "targets": targets } } });
        set_policy(&desk.admin, &sandbox, lenient).await;
        let session = session_of_new_customer(&desk, &sandbox, 7).await;
        let ticket = ticket_in(&desk, &session, "ESCALATED", "LOW").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        update(&desk, &ticket, json!({ "status": "WAITING", "assigneeId": id_of(&bob).await })).await;
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        advance(&desk.admin, &sandbox, 25 * HOUR).await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        customer_writes(&desk.admin, &sandbox, 7, "here I am again").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
        assert_eq!(look(&desk.admin, &ticket).await["status"], "IN_PROGRESS");
        let later = until_session(&desk.admin, &sandbox, 7).await;
        assert_ne!(later, session);
        reply(&bob, &later, "your ticket is in good hands").await;
        until_ticket(&desk.admin, &ticket, "FIRST_RESPONSE", "ACHIEVED").await;
    }
}
