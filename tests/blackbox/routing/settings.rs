//! What a project says about routing.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::scene::{enable, online, until_shared_out};
use crate::stage::{Desk, customer_writes, errors_of, mutate, sandbox, try_mutate};

const ROUTING: &str = "routing {
    enabled strategy offlineAgents capacity rerouteAfterSeconds version
    queueMessage { language text } scope { allAgents }
}";

on_both_engines! {
    async fn settings_are_changed_one_by_one_and_by_their_version(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let document = format!("query Routing($id: ID!) {{ project(id: $id) {{ {ROUTING} }} }}");
        let usual = desk.admin.query(&document, json!({ "id": sandbox })).await["project"]["routing"].take();
        let expected = json!({ "enabled": false, "strategy": "ONLINE_FIRST", "offlineAgents": "SKIPPED",
            "capacity": null, "rerouteAfterSeconds": 300, "version": 0, "queueMessage": null,
            "scope": { "allAgents": true } });
        assert_eq!(usual, expected);
        let input = json!({ "projectId": sandbox, "strategy": "LEAST_LOADED", "capacity": 5, "expectedVersion": 0 });
        let changed = mutate(&desk.admin, "routingSettingsUpdate", input.clone(), ROUTING).await["routing"].take();
        let mut expected = expected;
        (expected["strategy"], expected["capacity"]) = (json!("LEAST_LOADED"), json!(5));
        expected["version"] = json!(1);
        assert_eq!(changed, expected);
        let refused = try_mutate(&desk.admin, "routingSettingsUpdate", input, ROUTING).await;
        assert_eq!((errors_of(&refused), &refused["routing"]), (vec!["VERSION_CONFLICT"], &expected));
        let input = json!({ "projectId": sandbox, "capacity": null, "rerouteAfterSeconds": null });
        let changed = mutate(&desk.admin, "routingSettingsUpdate", input, ROUTING).await["routing"].take();
        assert_eq!((&changed["capacity"], &changed["rerouteAfterSeconds"]), (&Value::Null, &Value::Null));
        for (input, code) in [
            (json!({ "capacity": -1 }), "CAPACITY_OUT_OF_RANGE"),
            (json!({ "capacity": 10_001 }), "CAPACITY_OUT_OF_RANGE"),
            (json!({ "rerouteAfterSeconds": 9 }), "SECONDS_OUT_OF_RANGE"),
            (json!({ "rerouteAfterSeconds": 9_007_199_254_740_991_i64 }), "SECONDS_OUT_OF_RANGE"),
            (json!({ "queueMessage": [{ "language": "de", "text": "x" }] }), "FALLBACK_MISSING"),
            (json!({ "queueMessage": [{ "text": " " }] }), "TEXT_INVALID"),
            (json!({ "scope": { "agentIds": [], "allAgents": true } }), "SCOPE_INVALID"),
        ] {
            let mut input = input;
            input["projectId"] = json!(sandbox);
            let refused = try_mutate(&desk.admin, "routingSettingsUpdate", input.clone(), ROUTING).await;
            assert_eq!(errors_of(&refused), [code], "{input}");
        }
    }

    async fn nobody_gets_more_than_they_may_have(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "supervisor").await;
        let adas = ada.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        enable(&desk.admin, &sandbox, json!({ "capacity": 2 })).await;
        let input = json!({ "projectId": sandbox, "agentId": adas, "capacity": 3 });
        let agent = "projectAgent { capacity load presence role agent { email } teams { id } }";
        let changed = mutate(&bob, "agentCapacityUpdate", input, agent).await["projectAgent"].take();
        let expected = json!({ "capacity": 3, "load": 0, "presence": "OFFLINE", "role": "AGENT",
            "agent": { "email": "ada@desk.test" }, "teams": [] });
        assert_eq!(changed, expected);
        let _consoles = [online(&ada, &sandbox).await, online(&bob, &sandbox).await];
        for customer in 1..=8 {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
        }
        let shares = until_shared_out(&desk.admin, &sandbox, 5).await;
        assert_eq!((shares["ada@desk.test"], shares["bob@desk.test"]), (3, 2));
        let document = "query Agents($id: ID!) {
            project(id: $id) { agents { agent { email } presence load capacity } }
        }";
        let agents = ada.query(document, json!({ "id": sandbox })).await["project"]["agents"].take();
        let at_work = |email: &str, most: u32| {
            json!({ "agent": { "email": email }, "presence": "ONLINE", "load": most, "capacity": most })
        };
        assert_eq!(agents, json!([at_work("ada@desk.test", 3), at_work("bob@desk.test", 2)]));
        for (agent, capacity, code) in [
            (&adas, json!(10_001), "CAPACITY_OUT_OF_RANGE"),
            (&desk.admin.query("{ viewer { id } }", Value::Null).await["viewer"]["id"], json!(1), "NO_SUCH_AGENT"),
        ] {
            let input = json!({ "projectId": sandbox, "agentId": agent, "capacity": capacity });
            let refused = try_mutate(&desk.admin, "agentCapacityUpdate", input, "projectAgent { load }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
    }
}
