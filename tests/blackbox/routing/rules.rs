//! Rules that choose who gets certain sessions.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use super::scene::{enable, join, online, team, until_assigned};
use crate::stage::{Desk, errors_of, mutate, sandbox, try_mutate, until_session};

const RULE: &str = "routingRule {
    id name active version strategy scope { allAgents agents { email } team { name } }
    conditions { languages plans tags { name } teams { name } diversionLinks { name }
        attribute { name texts numbers flag atLeast atMost } }
}";

on_both_engines! {
    async fn rules_are_asked_in_their_order_and_say_who_gets_a_session(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let adas = ada.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        join(&desk, "bob@desk.test", "Experts").await;
        enable(&desk.admin, &sandbox, json!({ "scope": { "agentIds": [adas] } })).await;
        let _consoles = [online(&ada, &sandbox).await, online(&bob, &sandbox).await];

        let input = json!({ "projectId": sandbox, "name": "German", "conditions": [{ "languages": ["de"] }],
            "scope": { "teamId": experts } });
        let german = mutate(&desk.admin, "routingRuleCreate", input, RULE).await["routingRule"].take();
        assert_eq!(german["scope"], json!({ "allAgents": false, "agents": [], "team": { "name": "Experts" } }));
        assert_eq!(german["conditions"][0]["languages"], json!(["de"]));
        assert_eq!(get(&desk, &sandbox, 7, "de-AT").await, "bob@desk.test");
        assert_eq!(get(&desk, &sandbox, 8, "en").await, "ada@desk.test");

        let input = json!({ "projectId": sandbox, "name": "Everybody", "scope": { "agentIds": [adas] } });
        let everybody = mutate(&desk.admin, "routingRuleCreate", input, RULE).await["routingRule"].take();
        let order = json!({ "projectId": sandbox, "routingRuleIds": [everybody["id"], german["id"]] });
        mutate(&desk.admin, "routingRuleReorder", order, "routingRules { id }").await;
        assert_eq!(get(&desk, &sandbox, 9, "de").await, "ada@desk.test");
        let off = json!({ "routingRuleId": everybody["id"], "active": false, "expectedVersion": 1 });
        let changed = mutate(&desk.admin, "routingRuleUpdate", off.clone(), RULE).await;
        assert_eq!((&changed["routingRule"]["active"], &changed["routingRule"]["version"]), (&json!(false), &json!(2)));
        assert_eq!(get(&desk, &sandbox, 10, "de").await, "bob@desk.test");
        let again = try_mutate(&desk.admin, "routingRuleUpdate", off, RULE).await;
        assert_eq!((errors_of(&again), &again["routingRule"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));

        let input = json!({ "routingRuleId": german["id"] });
        let removed = mutate(&desk.admin, "routingRuleRemove", input, "removedRoutingRuleId").await;
        assert_eq!(removed["removedRoutingRuleId"], german["id"]);
        assert_eq!(names(&desk.admin, &sandbox).await, json!([{ "name": "Everybody" }]));
        assert_eq!(get(&desk, &sandbox, 11, "de").await, "ada@desk.test");
    }

    async fn conditions_come_back_as_they_were_given(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for (given, field, expected) in [
            (json!({ "plans": ["pro", "team"] }), "plans", json!(["pro", "team"])),
            (
                json!({ "attribute": { "name": "total", "atLeast": 250.5 } }),
                "attribute",
                json!({ "name": "total", "texts": null, "numbers": null, "flag": null, "atLeast": 250.5,
                    "atMost": null }),
            ),
            (
                json!({ "attribute": { "name": "app", "texts": ["ios"], "numbers": [3.0], "flag": true } }),
                "attribute",
                json!({ "name": "app", "texts": ["ios"], "numbers": [3.0], "flag": true, "atLeast": null,
                    "atMost": null }),
            ),
        ] {
            let input = json!({ "projectId": sandbox, "name": "Rule", "strategy": "LEAST_LOADED", "conditions": [given] });
            let made = mutate(&desk.admin, "routingRuleCreate", input, RULE).await["routingRule"].take();
            assert_eq!((&made["conditions"][0][field], &made["strategy"]), (&expected, &json!("LEAST_LOADED")));
            assert_eq!(made["scope"], Value::Null);
        }
    }

    async fn rules_that_say_nothing_or_name_strangers_are_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let admin = desk.admin.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        let document = "mutation Other { projectCreate(input: { name: \"Other\", sandbox: true }) { project { id } } }";
        let other = desk.admin.query(document, Value::Null).await["projectCreate"]["project"]["id"].take();
        let strangers = team(&desk.admin, other.as_str().unwrap(), "Strangers").await;
        let in_turn = json!("ROUND_ROBIN");
        for (input, code) in [
            (json!({ "name": "Nothing" }), "EMPTY_RULE"),
            (json!({ "name": " ", "strategy": in_turn }), "NAME_EMPTY"),
            (json!({ "name": "x", "scope": { "teamId": strangers } }), "NO_SUCH_TEAM"),
            (json!({ "name": "x", "scope": { "agentIds": [admin] } }), "NO_SUCH_AGENT"),
            (json!({ "name": "x", "scope": { "agentIds": [] } }), "NO_SUCH_AGENT"),
            (json!({ "name": "x", "scope": { "allAgents": true, "teamId": strangers } }), "SCOPE_INVALID"),
            (json!({ "name": "x", "scope": {} }), "SCOPE_INVALID"),
            (json!({ "name": "x", "strategy": in_turn, "conditions": [{}] }), "CONDITION_INVALID"),
            (json!({ "name": "x", "strategy": in_turn, "conditions": [{ "plans": [] }] }), "CONDITION_INVALID"),
            (
                json!({ "name": "x", "strategy": in_turn, "conditions": [{ "plans": ["a"], "languages": ["b"] }] }),
                "CONDITION_INVALID",
            ),
            (json!({ "name": "x", "strategy": in_turn, "conditions": [{ "teamIds": [strangers] }] }), "CONDITION_UNKNOWN"),
            (json!({ "name": "x", "strategy": in_turn, "conditions": [{ "tagIds": [strangers] }] }), "INVALID_ID"),
        ] {
            let mut input = input;
            input["projectId"] = json!(sandbox);
            let refused = try_mutate(&desk.admin, "routingRuleCreate", input.clone(), RULE).await;
            assert_eq!(errors_of(&refused), [code], "{input}");
        }
        assert_eq!(names(&desk.admin, &sandbox).await, json!([]));
        for number in 0..50 {
            let input = json!({ "projectId": sandbox, "name": format!("{number}"), "strategy": in_turn,
                "idempotencyKey": format!("key {number}") });
            for _ in 0..2 {
                mutate(&desk.admin, "routingRuleCreate", input.clone(), "routingRule { id }").await;
            }
        }
        let input = json!({ "projectId": sandbox, "name": "x", "strategy": in_turn });
        assert_eq!(errors_of(&try_mutate(&desk.admin, "routingRuleCreate", input, RULE).await), ["TOO_MANY"]);
        let none = json!({ "projectId": sandbox, "routingRuleIds": [] });
        let refused = try_mutate(&desk.admin, "routingRuleReorder", none, "routingRules { id }").await;
        assert_eq!(errors_of(&refused), ["NOT_ALL_RULES"]);
    }
}

/// Who gets the session of a customer with this language.
async fn get(desk: &Desk, sandbox: &str, customer: i64, language: &str) -> String {
    let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "text": "hello",
        "languageCode": language });
    mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    until_assigned(&desk.admin, &session).await
}

async fn names(client: &Client, project: &str) -> Value {
    let document = "query Rules($id: ID!) { project(id: $id) { routing { rules { name } } } }";
    client.query(document, json!({ "id": project })).await["project"]["routing"]["rules"].take()
}
