//! Sessions in the order in which their customers have waited.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{Desk, customer_writes, mutate, reply, sandbox, until_session};

on_both_engines! {
    async fn who_waits_for_longest_is_first_and_who_does_not_wait_is_last(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut sessions = Vec::new();
        for customer in 1..=5 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            sessions.push(until_session(&desk.admin, &sandbox, customer).await);
        }
        reply(&desk.admin, &sessions[1], "good day").await;
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": sessions[3] }), "session { id }").await;
        // Who writes once more has waited for no shorter time.
        customer_writes(&desk.admin, &sandbox, 1, "is somebody there?").await;

        let open = json!({ "status": { "in": ["UNREAD", "PROCESSING", "FOLLOW_UP"] } });
        for (client, filter, expected) in [
            (&desk.admin, json!({}), vec![1, 3, 5, 2, 4]),
            (&desk.admin, open.clone(), vec![1, 3, 5, 2]),
            // What an agent sees is read from other ranges: the second session is not theirs.
            (&ada, json!({}), vec![1, 3, 5, 4]),
            (&ada, open, vec![1, 3, 5]),
        ] {
            for direction in ["ASC", "DESC"] {
                let mut expected = expected.clone();
                if direction == "DESC" {
                    expected.reverse();
                }
                assert_eq!(paged(client, &sandbox, &filter, direction, ("first", "after")).await, expected, "{filter}");
                let mut from_end = paged(client, &sandbox, &filter, direction, ("last", "before")).await;
                from_end.reverse();
                assert_eq!(from_end, expected, "{filter} {direction} from the end");
            }
        }
    }
}

/// The numbers of the sessions, read in pages of two from one end of the list.
async fn paged(
    client: &Client,
    project: &str,
    filter: &Value,
    direction: &str,
    (size, behind): (&str, &str),
) -> Vec<i64> {
    let document = format!(
        "query Waiting($project: ID!, $filter: SessionFilter, $place: String) {{
            sessions(projectId: $project, filter: $filter, orderBy: {{ field: WAITING_SINCE, direction: {direction} }},
                {size}: 2, {behind}: $place) {{
                edges {{ cursor node {{ number }} }}
            }}
        }}"
    );
    let mut numbers = Vec::new();
    let mut place = Value::Null;
    loop {
        let variables = json!({ "project": project, "filter": filter, "place": place });
        let mut edges = client.query(&document, variables).await["sessions"]["edges"].take();
        let edges = edges.as_array_mut().unwrap();
        if size == "last" {
            edges.reverse();
        }
        let Some(last) = edges.last() else { return numbers };
        place = last["cursor"].clone();
        numbers.extend(edges.iter().map(|edge| edge["node"]["number"].as_i64().unwrap()));
    }
}
