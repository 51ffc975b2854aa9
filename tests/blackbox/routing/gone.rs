//! Nothing aims at teams and agents who are gone.

use serde_json::{Value, json};
use tests::server::ADMIN_PASSWORD;
use tests::{Client, Sql, eventually, on_both_engines};

use super::scene::{enable, join, look, look_on, team, until_assigned, until_in_place};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, id_of, mutate, online, reply, sandbox, sessions,
    try_mutate, until_session,
};

const ROUTING: &str = "query Routing($id: ID!) { project(id: $id) { routing {
    scope { allAgents agents { email } team { name } } version rules { name active version }
} } }";

const CAUSES: &str = "subscription Causes($id: ID!, $after: String) {
    sessionEvents(projectId: $id, after: $after) { ... on SessionUpdated { cause session { id } } }
}";

/// Why a session comes into other hands here, or waits.
const HANDS: [&str; 4] = ["DEACTIVATION", "ROUTING", "REROUTING", "QUEUED"];

on_both_engines! {
    async fn a_team_that_is_deleted_leaves_its_sessions_to_all(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        join(&desk, "bob@desk.test", "Experts").await;
        enable(&desk.admin, &sandbox, json!({ "scope": { "teamId": experts } })).await;
        let to_experts = json!({ "projectId": sandbox, "name": "Everybody", "scope": { "teamId": experts } });
        let rule = mutate(&desk.admin, "routingRuleCreate", to_experts, "routingRule { id }").await["routingRule"].take();
        let in_turn = json!({ "projectId": sandbox, "name": "In turn", "strategy": "ROUND_ROBIN" });
        mutate(&desk.admin, "routingRuleCreate", in_turn, "routingRule { id }").await;
        let _console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        until_in_place(&desk.admin, &session, 1).await;

        mutate(&desk.admin, "teamDelete", json!({ "teamId": experts }), "deletedTeamId").await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        let routing = desk.admin.query(ROUTING, json!({ "id": sandbox })).await["project"]["routing"].take();
        let expected = json!({
            "scope": { "allAgents": true, "agents": [], "team": null }, "version": 2,
            "rules": [
                { "name": "Everybody", "active": false, "version": 2 },
                { "name": "In turn", "active": true, "version": 1 },
            ],
        });
        assert_eq!(routing, expected);
        let on = json!({ "routingRuleId": rule["id"], "active": true });
        let refused = try_mutate(&desk.admin, "routingRuleUpdate", on, "routingRule { id }").await;
        assert_eq!(errors_of(&refused), ["NO_SUCH_TEAM"]);
        let sql = Sql::connect(&desk.database).await.unwrap();
        for (action, count) in [("routingSettingsUpdate", 2), ("routingRuleUpdate", 1)] {
            let audited = format!("SELECT count(*) FROM audit_log WHERE action = '{action}' AND agent_id IS NOT NULL");
            assert_eq!(sql.number(&audited).await.unwrap(), count, "{action}");
        }
    }

    async fn a_colleague_who_is_there_gets_the_sessions_of_who_is_gone(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let cyd = desk.add_agent("cyd@desk.test", "Sandbox", "agent").await;
        let [adas, bobs] = [id_of(&ada).await, id_of(&bob).await];
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        for member in [&adas, &bobs, &id_of(&cyd).await] {
            let member = json!({ "teamId": experts, "agentId": member });
            mutate(&desk.admin, "teamMemberAdd", member, "team { id }").await;
        }
        let input = json!({ "projectId": sandbox, "name": "Page", "teamId": experts });
        let link = mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { code }").await;
        let code = link["diversionLink"]["code"].as_str().unwrap();
        enable(&desk.admin, &sandbox, json!({})).await;
        let _console = online(&ada, &sandbox).await;
        let mut open = Vec::new();
        for (customer, text) in [(7, "hello"), (8, format!("/start {code}").as_str())] {
            customer_writes(&desk.admin, &sandbox, customer, text).await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
            open.push(session);
        }
        reply(&ada, &open[0], "good day").await;

        // Her account is closed.
        let _his_console = online(&bob, &sandbox).await;
        let after = event_cursor(&desk.admin, &sandbox).await;
        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": adas }), "agent { id }").await;
        for session in &open {
            assert_eq!(until_assigned(&desk.admin, session).await, "bob@desk.test");
        }
        assert_eq!(look(&desk.admin, &open[1]).await["team"]["name"], "Experts");
        let mut events = desk.admin.subscribe(CAUSES, json!({ "id": sandbox, "after": after })).await;
        let mut told: [Vec<Value>; 2] = [vec![], vec![]];
        while told.iter().any(|causes| causes.len() < 2) {
            let mut event = events.next_within(PATIENCE).await["sessionEvents"].take();
            let of = open.iter().position(|session| event["session"]["id"] == **session);
            if let Some(place) = of.filter(|_| HANDS.iter().any(|cause| event["cause"] == **cause)) {
                told[place].push(event["cause"].take());
            }
        }
        assert_eq!(told, [[json!("DEACTIVATION"), json!("ROUTING")], [json!("DEACTIVATION"), json!("ROUTING")]]);

        // He has no role in the project any more.
        let _their_console = online(&cyd, &sandbox).await;
        let input = json!({ "projectId": sandbox, "agentId": bobs });
        mutate(&desk.admin, "projectRoleRemove", input, "agent { id }").await;
        for session in &open {
            assert_eq!(until_assigned(&desk.admin, session).await, "cyd@desk.test");
        }
        let given = "SELECT count(*) FROM audit_log WHERE action = 'ROUTING'";
        assert_eq!(Sql::connect(&desk.database).await.unwrap().number(given).await.unwrap(), 6, "each three times");

        // Who comes back sees what has ended for them as such, and gets nothing of it back.
        mutate(&desk.admin, "agentActivate", json!({ "agentId": adas }), "agent { id }").await;
        let ada = Client::sign_in(desk.server.url(), "ada@desk.test", ADMIN_PASSWORD).await;
        assert_eq!(sessions(&ada, &sandbox).await, Vec::<Value>::new());
        let document = "query Left($id: ID!) { sessionsLeft(projectId: $id, first: 10) { nodes { id } } }";
        let left = ada.query(document, json!({ "id": sandbox })).await["sessionsLeft"]["nodes"].take();
        assert_eq!(left.as_array().unwrap().len(), 2, "{left}");
    }

    async fn a_team_that_a_rule_chose_is_waited_for_no_longer_when_nobody_is_in_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        let advisers = team(&desk.admin, &sandbox, "Advisers").await;
        for team in ["Experts", "Advisers"] {
            join(&desk, "bob@desk.test", team).await;
        }
        enable(&desk.admin, &sandbox, json!({})).await;
        let german = json!({ "projectId": sandbox, "name": "German", "conditions": [{ "languages": ["de"] }],
            "scope": { "teamId": experts } });
        mutate(&desk.admin, "routingRuleCreate", german, "routingRule { id }").await;
        let _console = online(&ada, &sandbox).await;
        let mut waiting = Vec::new();
        for customer in [7, 8, 9] {
            let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "text": "hallo",
                "languageCode": "de" });
            mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let waits_for_experts = || async {
                let found = look(&desk.admin, &session).await;
                if found["team"]["name"] == "Experts" { Ok(()) } else { Err(found) }
            };
            eventually(PATIENCE, waits_for_experts).await;
            waiting.push(session);
        }
        let [ruled, chosen, kept] = &waiting[..] else { panic!("there are three") };
        // A person chooses another team for the one, and the same team for the other, which had come into other hands.
        let to_advisers = json!({ "sessionId": chosen, "toTeamId": advisers, "description": "for you" });
        mutate(&desk.admin, "sessionTransfer", to_advisers, "session { id }").await;
        let to_ada = json!({ "sessionId": kept, "agentId": id_of(&ada).await });
        mutate(&desk.admin, "sessionAssign", to_ada, "session { id }").await;
        let to_experts = json!({ "sessionId": kept, "toTeamId": experts, "description": "for you" });
        mutate(&desk.admin, "sessionTransfer", to_experts, "session { id }").await;

        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": id_of(&bob).await }), "agent { id }").await;
        assert_eq!(until_assigned(&desk.admin, ruled).await, "ada@desk.test");
        assert_eq!(look(&desk.admin, ruled).await["team"], Value::Null);
        let document = "query Grounds($id: ID!) { session(id: $id) { routingGrounds {
            scopeSource scope { allAgents }
        } } }";
        let grounds = desk.admin.query(document, json!({ "id": ruled })).await["session"]["routingGrounds"].take();
        assert_eq!(grounds, json!({ "scopeSource": "DEFAULT", "scope": { "allAgents": true } }));
        // Whoever comes later is served, and these wait.
        customer_writes(&desk.admin, &sandbox, 10, "hello").await;
        assert_eq!(until_assigned(&desk.admin, &until_session(&desk.admin, &sandbox, 10).await).await, "ada@desk.test");
        for (session, team) in [(chosen, "Advisers"), (kept, "Experts")] {
            let found = look(&desk.admin, session).await;
            assert_eq!((&found["assignee"], &found["team"]["name"]), (&Value::Null, &json!(team)));
        }
    }

    async fn agents_who_are_all_deactivated_are_waited_for_no_longer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let bobs = id_of(&bob).await;
        enable(&desk.admin, &sandbox, json!({ "scope": { "agentIds": [bobs] } })).await;
        let german = json!({ "projectId": sandbox, "name": "German", "conditions": [{ "languages": ["de"] }],
            "scope": { "agentIds": [bobs] }, "strategy": "LEAST_LOADED" });
        mutate(&desk.admin, "routingRuleCreate", german, "routingRule { id }").await;
        let _console = online(&ada, &sandbox).await;
        let mut waiting = Vec::new();
        for (customer, language) in [(7, "en"), (8, "de")] {
            let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "text": "hello",
                "languageCode": language });
            mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
            waiting.push(until_session(&desk.admin, &sandbox, customer).await);
        }
        for (session, place) in waiting.iter().zip(1..) {
            until_in_place(&desk.admin, session, place).await;
        }

        mutate(&desk.admin, "agentDeactivate", json!({ "agentId": bobs }), "agent { id }").await;
        let document = "query Grounds($id: ID!) { session(id: $id) { routingGrounds {
            scopeSource scope { allAgents } strategySource
        } } }";
        for (session, strategy_source) in waiting.iter().zip(["DEFAULT", "RULE"]) {
            assert_eq!(until_assigned(&desk.admin, session).await, "ada@desk.test");
            let grounds = desk.admin.query(document, json!({ "id": session })).await["session"]["routingGrounds"].take();
            let expected = json!({ "scopeSource": "DEFAULT", "scope": { "allAgents": true },
                "strategySource": strategy_source });
            assert_eq!(grounds, expected);
        }
        // What was said stays said, for when he is back.
        let mut routing = desk.admin.query(ROUTING, json!({ "id": sandbox })).await["project"]["routing"].take();
        let expected = json!({ "allAgents": false, "agents": [{ "email": "bob@desk.test" }], "team": null });
        assert_eq!((routing["scope"].take(), &routing["version"]), (expected, &Value::from(1)));
        mutate(&desk.admin, "agentActivate", json!({ "agentId": bobs }), "agent { id }").await;
        customer_writes(&desk.admin, &sandbox, 9, "hello").await;
        until_in_place(&desk.admin, &until_session(&desk.admin, &sandbox, 9).await, 1).await;
    }
}
