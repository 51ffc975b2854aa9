//! What would have been under another policy.

use tests::{Sql, on_both_engines};

use super::*;
use crate::session_life::in_future;

const SIMULATION: &str = "query Simulation($id: ID!, $policy: SlaPolicyInput!, $from: DateTime!, $to: DateTime!) {
    slaSimulate(projectId: $id, policy: $policy, range: { from: $from, to: $to }) {
        clockCount truncated
        rows { type metric actual { achieved breached compliance } simulated { achieved breached compliance } }
    }
}";

/// What a simulation reads.
const TABLES: [&str; 5] = ["sla_clocks", "sla_clock_events", "sla_policies", "sla_hours", "sla_calendars"];

/// What is counted, in this order.
const COUNTED: [(&str, &str); 4] = [
    ("STANDARD", "FIRST_RESPONSE"),
    ("STANDARD", "RESOLUTION"),
    ("ESCALATED", "FIRST_RESPONSE"),
    ("ESCALATED", "RESOLUTION"),
];
/// Of each, how many promises were kept and how many were not.
type Counts = [[i64; 2]; COUNTED.len()];

/// What was, or what would have been.
fn counts(rows: &Value, which: &str) -> Counts {
    COUNTED.map(|(kind, metric)| {
        let mut rows = rows.as_array().unwrap().iter();
        let row = rows.find(|row| row["type"] == kind && row["metric"] == metric).unwrap();
        ["achieved", "breached"].map(|state| row[which][state].as_i64().unwrap())
    })
}

/// Every value of every row that a simulation could write over, as text.
async fn everything(sql: &Sql) -> Vec<String> {
    let mut everything = Vec::new();
    for table in TABLES {
        everything.push(rows_of(sql, table).await);
    }
    everything
}

/// Every value of every row of a table, as text.
async fn rows_of(sql: &Sql, table: &str) -> String {
    match sql {
        Sql::Sqlite(connection) => {
            let text = |query: &str| connection.query_row(query, [], |row| row.get::<_, String>(0)).unwrap();
            let columns = format!(
                "SELECT group_concat('quote(\"' || name || '\")', ' || '','' || ') FROM pragma_table_info('{table}')"
            );
            let row = text(&columns);
            text(&format!(
                "SELECT coalesce(group_concat(line, char(10)), '') FROM (SELECT {row} AS line FROM {table} ORDER BY 1)"
            ))
        }
        Sql::Postgres(client) => {
            let query = format!(
                "SELECT coalesce(string_agg(line::text, chr(10) ORDER BY line::text), '') FROM {table} AS line"
            );
            client.query_one(query.as_str(), &[]).await.unwrap().get::<_, String>(0)
        }
    }
}

on_both_engines! {
    async fn a_simulation_tells_what_would_have_been_and_writes_nothing(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let supervisor = desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
        let quick = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &quick, "good day").await;
        until_state(&desk.admin, &quick, "FIRST_RESPONSE", "ACHIEVED").await;
        let slow = session_of_new_customer(&desk, &sandbox, 8).await;
        advance(&desk.admin, &sandbox, 8 * MINUTE).await;
        until_state(&desk.admin, &slow, "FIRST_RESPONSE", "BREACHING").await;
        reply(&desk.admin, &slow, "good day").await;
        until_state(&desk.admin, &slow, "FIRST_RESPONSE", "BREACHED").await;

        for session in [&quick, &slow] {
            until_settled(&desk.admin, session, "good day").await;
        }
        let sql = Sql::connect(&desk.database).await.unwrap();
        let kept = || async {
            let mut counts = Vec::new();
            for table in ["sla_clocks", "sla_clock_events", "sla_policies", "sla_hours", "events", "audit_log"] {
                counts.push(sql.number(&format!("SELECT count(*) FROM {table}")).await.unwrap());
            }
            counts
        };
        let (before, everything_before) = (kept().await, everything(&sql).await);
        let policy = json!({ "types": { "standard": { "firstResponseSeconds": 10 * MINUTE } } });
        let (from, to) =
            (in_future(&desk.admin, &sandbox, -24 * HOUR).await, in_future(&desk.admin, &sandbox, HOUR).await);
        let variables = json!({ "id": sandbox, "policy": policy, "from": from, "to": to });
        let told = supervisor.query(SIMULATION, variables.clone()).await["slaSimulate"].take();
        assert_eq!((&told["clockCount"], &told["truncated"]), (&json!(4), &json!(false)));
        let rows = told["rows"].as_array().unwrap();
        let first = rows.iter().find(|row| row["metric"] == "FIRST_RESPONSE").unwrap();
        assert_eq!(first["actual"], json!({ "achieved": 1, "breached": 1, "compliance": 0.5 }));
        assert_eq!(first["simulated"], json!({ "achieved": 2, "breached": 0, "compliance": 1.0 }));
        assert_eq!(kept().await, before);
        assert_eq!(everything(&sql).await, everything_before);

        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let refused = ada.try_query(SIMULATION, variables).await.unwrap();
        assert_eq!(refused.error_codes(), ["FORBIDDEN"]);
    }

    async fn each_part_of_a_policy_counts_for_what_it_says_and_for_nothing_else(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let (_, hours) = later_today(&desk.admin, &sandbox).await;
        let calendar = make_calendar(&desk.admin, &sandbox, hours).await;
        // One is answered at once and then waits for its customer, one is answered late, and of two there are tickets.
        let waits = session_of_new_customer(&desk, &sandbox, 7).await;
        reply(&desk.admin, &waits, "which one?").await;
        stands(&desk.admin, &waits, "FOLLOW_UP", json!({ "awaited": "CUSTOMER" })).await;
        let mut others = vec![session_of_new_customer(&desk, &sandbox, 8).await];
        for (customer, priority) in [(9, "HIGH"), (10, "LOW")] {
            let session = session_of_new_customer(&desk, &sandbox, customer).await;
            let ticket = json!({ "sessionId": session, "type": "ESCALATED", "priority": priority,
                "description": "It is broken" });
            mutate(&desk.admin, "ticketCreate", ticket, "ticket { id }").await;
            others.push(session);
        }
        advance(&desk.admin, &sandbox, 8 * MINUTE).await;
        for session in &others {
            reply(&desk.admin, session, "good day").await;
        }
        advance(&desk.admin, &sandbox, 32 * MINUTE).await;
        for session in others.iter().chain([&waits]) {
            mutate(&desk.admin, "sessionResolve", json!({ "sessionId": session }), "session { id }").await;
        }

        let sql = Sql::connect(&desk.database).await.unwrap();
        let before = everything(&sql).await;
        let (from, to) =
            (in_future(&desk.admin, &sandbox, -24 * HOUR).await, in_future(&desk.admin, &sandbox, HOUR).await);
        let quick = json!({ "resolutionSeconds": 20 * MINUTE });
        let actual: Counts = [[1, 1], [1, 1], [2, 0], [2, 0]];
        let policies: [(Value, Counts); 7] = [
            (json!({}), actual),
            (json!({ "pauseWhileWaiting": false }), [[1, 1], [0, 2], [2, 0], [2, 0]]),
            // By the calendar nobody was to work yet.
            (json!({ "calendarId": calendar }), [[2, 0], [2, 0], [2, 0], [2, 0]]),
            (json!({ "types": { "standard": { "resolutionSeconds": HOUR } } }), [[1, 1], [2, 0], [2, 0], [2, 0]]),
            (json!({ "types": { "escalated": quick } }), [[1, 1], [1, 1], [2, 0], [0, 2]]),
            (json!({ "priorities": { "high": { "targets": quick } } }), [[1, 1], [1, 1], [2, 0], [1, 1]]),
            (json!({ "priorities": { "urgent": { "targets": quick } } }), actual),
        ];
        for (policy, expected) in policies {
            let variables = json!({ "id": sandbox, "policy": policy, "from": from, "to": to });
            let told = desk.admin.query(SIMULATION, variables).await["slaSimulate"].take();
            // The clocks of the sessions that the tickets took over are among them, and count for neither.
            assert_eq!(told["clockCount"], 12, "{told}");
            assert_eq!(counts(&told["rows"], "actual"), actual, "{policy}");
            assert_eq!(counts(&told["rows"], "simulated"), expected, "{policy}");
            assert_eq!(everything(&sql).await, before, "{policy}");
        }
    }
}
