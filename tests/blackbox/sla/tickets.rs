//! The clocks of tickets: the stricter of the times of their type and of their priority.

use tests::on_both_engines;

use super::*;

const TICKET_CLOCKS: &str = "query Clocks($id: ID!) {
    node(id: $id) { ... on Ticket { sla { metric type state startedAt dueAt pausedAt targetSeconds } } }
}";
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
        let waits = json!({ "ticketId": ticket, "status": "WAITING" });
        mutate(&desk.admin, "ticketUpdate", waits, "ticket { id }").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PAUSED").await;
        advance(&desk.admin, &sandbox, 24 * HOUR).await;
        let goes_on = json!({ "ticketId": ticket, "status": "IN_PROGRESS" });
        mutate(&desk.admin, "ticketUpdate", goes_on, "ticket { id }").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "PENDING").await;
        reply(&desk.admin, &session, "we are on it").await;
        until_ticket(&desk.admin, &ticket, "FIRST_RESPONSE", "ACHIEVED").await;
        let done = json!({ "ticketId": ticket, "resolution": "A part was replaced" });
        mutate(&desk.admin, "ticketResolve", done, "ticket { id }").await;
        until_ticket(&desk.admin, &ticket, "RESOLUTION", "ACHIEVED").await;
    }
}
