//! Service levels: what is promised, what is told when it runs out, and what a clock says about itself.

mod clocks;
mod events;
mod falling_due;
mod notices;
mod policies;
mod simulation;
mod tickets;

use domain::Time;
use serde_json::{Value, json};
use tests::{Client, Sql, eventually};

use crate::session_life::{HOUR, MINUTE, advance};
use crate::stage::{
    Desk, PATIENCE, customer_writes, event_cursor, id_of, mutate, reply, sandbox, try_mutate, until_session,
    until_settled, until_written,
};

const CLOCKS: &str = "query Clocks($id: ID!) {
    session(id: $id) {
        sla { id metric type state startedAt dueAt pausedAt endedAt targetSeconds policyVersion
            explain { from to counted reason } }
    }
}";

/// The clocks of a session.
async fn clocks(client: &Client, session: &str) -> Vec<Value> {
    let mut data = client.query(CLOCKS, json!({ "id": session })).await;
    let Value::Array(clocks) = data["session"]["sla"].take() else { panic!("clocks are a list: {data}") };
    clocks
}

/// The clock of a promise, once it stands so.
async fn until_state(client: &Client, session: &str, metric: &str, state: &str) -> Value {
    let stands = || async {
        let clocks = clocks(client, session).await;
        let found = clocks.iter().find(|clock| clock["metric"] == metric && clock["state"] == state);
        found.cloned().ok_or(clocks)
    };
    eventually(PATIENCE, stands).await
}

/// The clock of a promise, once it is one of this type.
async fn until_type(client: &Client, session: &str, metric: &str, of: &str) -> Value {
    let is_so = || async {
        let clocks = clocks(client, session).await;
        let found = clocks.iter().find(|clock| clock["metric"] == metric && clock["type"] == of);
        found.cloned().ok_or(clocks)
    };
    eventually(PATIENCE, is_so).await
}

/// An agent sets what a session waits for, or where it stands.
async fn stands(client: &Client, session: &str, status: &str, follow_up: Value) {
    let input = json!({ "sessionId": session, "status": status, "followUp": follow_up });
    mutate(client, "sessionStatusUpdate", input, "session { id }").await;
}

/// The session of a customer who has just written.
async fn session_of_new_customer(desk: &Desk, sandbox: &str, customer: i64) -> String {
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    until_session(&desk.admin, sandbox, customer).await
}

fn time(value: &Value) -> Time {
    value.as_str().expect("a time is a text").parse().expect("a time can be read")
}

/// A calendar by which nobody works before a moment that is hours away, with that moment.
async fn later_today(client: &Client, project: &str) -> (Time, Value) {
    let data = client.query("query Now($id: ID!) { project(id: $id) { now } }", json!({ "id": project })).await;
    let hours_away = time(&data["project"]["now"]) + chrono::Duration::hours(3);
    let opens = Time::from_timestamp(hours_away.timestamp() / HOUR * HOUR, 0).unwrap();
    let weekdays = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
    let weekday = weekdays[opens.format("%u").to_string().parse::<usize>().unwrap() - 1];
    let opening = json!({ "weekday": weekday, "opens": opens.format("%H:00").to_string(), "closes": "24:00" });
    let other = weekdays.iter().find(|other| **other != weekday).unwrap();
    let whole = json!({ "weekday": other, "opens": "00:00", "closes": "01:00" });
    (opens, json!({ "timeZone": "UTC", "openingTimes": [opening, whole] }))
}

/// Makes a calendar of these hours.
async fn make_calendar(client: &Client, project: &str, hours: Value) -> Value {
    let input = json!({ "projectId": project, "name": "Office", "hours": hours });
    mutate(client, "slaCalendarCreate", input, "slaCalendar { id }").await["slaCalendar"]["id"].take()
}

/// How many seconds lie between two times.
fn seconds(from: &Value, to: &Value) -> i64 {
    (time(to) - time(from)).num_seconds()
}

async fn set_policy(client: &Client, project: &str, policy: Value) -> Value {
    let input = json!({ "projectId": project, "policy": policy });
    mutate(client, "slaPolicyUpdate", input, "slaPolicy { version }").await["slaPolicy"].take()
}

/// Waits until those concerned were told that the time of both clocks of the newest session ran out, and sees that they
/// were told of no others.
async fn only_the_last_session_ran_out(sql: &Sql) {
    let told = "SELECT count(*) FROM sla_clock_events WHERE change = 'BREACHED'";
    let of_last =
        format!("{told} AND clock_id IN (SELECT id FROM sla_clocks WHERE session_id = (SELECT max(id) FROM sessions))");
    let all_told = || async {
        let count = sql.number(&of_last).await.unwrap();
        if count == 2 { Ok(()) } else { Err(count) }
    };
    eventually(PATIENCE, all_told).await;
    assert_eq!(sql.number(told).await.unwrap(), 2);
}
