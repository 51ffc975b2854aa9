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
        let before = kept().await;
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

        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let refused = ada.try_query(SIMULATION, variables).await.unwrap();
        assert_eq!(refused.error_codes(), ["FORBIDDEN"]);
    }
}
