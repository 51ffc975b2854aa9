//! What a project says about routing.

use serde_json::{Value, json};
use tests::on_both_engines;
use tests::server::ADMIN_EMAIL;

use super::scene::{enable, look_on, until_assigned, until_in_place, until_shared_out};
use crate::stage::{
    Desk, Telegram, customer_writes, errors_of, id_of, mutate, online, project_called, sandbox, try_mutate,
    until_session,
};

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
        let placed = format!("{ROUTING} project {{ id }}");
        let refused = try_mutate(&desk.admin, "routingSettingsUpdate", input, &placed).await;
        assert_eq!((errors_of(&refused), &refused["routing"]), (vec!["VERSION_CONFLICT"], &expected));
        assert_eq!(refused["project"]["id"], json!(sandbox), "of what is shown the project is shown");
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
            (json!({ "queueMessage": [{ "text": "You are {position}" }] }), "UNKNOWN_PLACEHOLDER"),
            (json!({ "queueMessage": [{ "text": "You are {place" }] }), "UNKNOWN_PLACEHOLDER"),
            (json!({ "scope": { "agentIds": [], "allAgents": true } }), "SCOPE_INVALID"),
        ] {
            let mut input = input;
            input["projectId"] = json!(sandbox);
            let refused = try_mutate(&desk.admin, "routingSettingsUpdate", input.clone(), &placed).await;
            assert_eq!((errors_of(&refused), &refused["project"]), (vec![code], &Value::Null), "{input}");
        }
    }

    async fn nobody_gets_more_than_they_may_have(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "supervisor").await;
        let adas = ada.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        enable(&desk.admin, &sandbox, json!({ "capacity": 2 })).await;
        let input = json!({ "projectId": sandbox, "agentId": adas, "capacity": 3 });
        let agent = "projectAgent { capacity load presence role agent { email } teams { id } } project { id }";
        let mut changed = mutate(&bob, "agentCapacityUpdate", input, agent).await;
        assert_eq!(changed["project"]["id"], json!(sandbox));
        let changed = changed["projectAgent"].take();
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
            project(id: $id) { agents(first: 10) { nodes { agent { email } presence load capacity } } }
        }";
        let agents = ada.query(document, json!({ "id": sandbox })).await["project"]["agents"]["nodes"].take();
        let at_work = |email: &str, most: u32| {
            json!({ "agent": { "email": email }, "presence": "ONLINE", "load": most, "capacity": most })
        };
        assert_eq!(agents, json!([at_work("ada@desk.test", 3), at_work("bob@desk.test", 2)]));
        let page = "query Page($id: ID!, $after: String) { project(id: $id) { agents(first: 1, after: $after) {
            nodes { agent { email } } totalCount pageInfo { hasNextPage endCursor }
        } } }";
        let first = ada.query(page, json!({ "id": sandbox })).await["project"]["agents"].take();
        assert_eq!((&first["totalCount"], &first["pageInfo"]["hasNextPage"]), (&json!(2), &json!(true)));
        let after = &first["pageInfo"]["endCursor"];
        let second = ada.query(page, json!({ "id": sandbox, "after": after })).await["project"]["agents"].take();
        assert_eq!(second["nodes"], json!([{ "agent": { "email": "bob@desk.test" } }]));
        assert_eq!(second["pageInfo"]["hasNextPage"], false);
        for (agent, capacity, code) in [
            (&adas, json!(10_001), "CAPACITY_OUT_OF_RANGE"),
            (&desk.admin.query("{ viewer { id } }", Value::Null).await["viewer"]["id"], json!(1), "NO_SUCH_AGENT"),
        ] {
            let input = json!({ "projectId": sandbox, "agentId": agent, "capacity": capacity });
            let refused = try_mutate(&desk.admin, "agentCapacityUpdate", input, "projectAgent { load }").await;
            assert_eq!(errors_of(&refused), [code]);
        }
    }

    async fn who_is_offline_gets_sessions_where_they_may_and_is_passed_over_for_who_is_online(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "offlineAgents": "ELIGIBLE", "strategy": "ONLINE_FIRST" })).await;
        // Nobody is there, and nobody waits.
        assert_eq!(next(&desk, &sandbox, 1).await, "ada@desk.test");
        assert_eq!(next(&desk, &sandbox, 2).await, "bob@desk.test");

        let _console = online(&bob, &sandbox).await;
        enable(&desk.admin, &sandbox, json!({ "strategy": "ROUND_ROBIN" })).await;
        assert_eq!(next(&desk, &sandbox, 3).await, "ada@desk.test", "it is her turn, wherever she is");
        assert_eq!(next(&desk, &sandbox, 4).await, "bob@desk.test");
        enable(&desk.admin, &sandbox, json!({ "strategy": "ONLINE_FIRST" })).await;
        for customer in [5, 6] {
            assert_eq!(next(&desk, &sandbox, customer).await, "bob@desk.test", "it is her turn, but he is there");
        }

        // Who is there and has no room is none that comes first.
        let four = json!({ "projectId": sandbox, "agentId": id_of(&bob).await, "capacity": 4 });
        mutate(&desk.admin, "agentCapacityUpdate", four, "projectAgent { load capacity }").await;
        assert_eq!(next(&desk, &sandbox, 7).await, "ada@desk.test");
        enable(&desk.admin, &sandbox, json!({ "offlineAgents": "SKIPPED" })).await;
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        until_in_place(&desk.admin, &until_session(&desk.admin, &sandbox, 8).await, 1).await;
    }

    async fn whoever_has_the_least_to_do_gets_the_next_session(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let [adas, bobs] = [id_of(&ada).await, id_of(&bob).await];
        let _consoles = [online(&ada, &sandbox).await, online(&bob, &sandbox).await];
        let mut hers = Vec::new();
        for (customer, agent) in [(1, &adas), (2, &adas), (3, &adas), (4, &bobs)] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let to_agent = json!({ "sessionId": session, "agentId": agent });
            mutate(&desk.admin, "sessionAssign", to_agent, "session { id }").await;
            if *agent == adas {
                hers.push(session);
            }
        }

        // She has three and he has one. In turn she would be the first.
        enable(&desk.admin, &sandbox, json!({ "strategy": "LEAST_LOADED" })).await;
        for customer in [5, 6] {
            assert_eq!(next(&desk, &sandbox, customer).await, "bob@desk.test");
        }
        assert_eq!(next(&desk, &sandbox, 7).await, "ada@desk.test", "of equals it is her turn");
        assert_eq!(next(&desk, &sandbox, 8).await, "bob@desk.test");

        // What is over is nothing to do, and neither is what waits for somebody else.
        mutate(&ada, "sessionClose", json!({ "sessionId": hers[0] }), "session { id }").await;
        let promise = json!({ "sessionId": hers[1], "status": "FOLLOW_UP", "followUp": { "awaited": "THIRD_PARTY" } });
        mutate(&ada, "sessionStatusUpdate", promise, "session { status }").await;
        for customer in [9, 10] {
            assert_eq!(next(&desk, &sandbox, customer).await, "ada@desk.test", "he has more to do");
        }
    }

    async fn whoever_sets_up_the_desk_or_makes_a_project_gets_its_sessions(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let made = json!({ "name": "Made", "sandbox": true });
        mutate(&desk.admin, "projectCreate", made, "project { id }").await;
        let document = "query Agents($id: ID!) { project(id: $id) { agents(first: 5) { nodes { agent { email } role } } } }";
        for name in ["Sandbox", "Made", "Telegram"] {
            let project = project_called(&desk.admin, name).await;
            let agents = desk.admin.query(document, json!({ "id": project })).await["project"]["agents"]["nodes"].take();
            assert_eq!(agents, json!([{ "agent": { "email": ADMIN_EMAIL }, "role": "ADMIN" }]), "{name}");
        }
        let sandbox = sandbox(&desk.admin).await;
        let only_me = json!({ "scope": { "agentIds": [id_of(&desk.admin).await] } });
        enable(&desk.admin, &sandbox, only_me).await;
        let _console = online(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, ADMIN_EMAIL);
    }
}

/// Who gets the session of a customer who writes now.
async fn next(desk: &Desk, sandbox: &str, customer: i64) -> String {
    customer_writes(&desk.admin, sandbox, customer, "hello").await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    until_assigned(&desk.admin, &session).await
}
