//! Rules that choose who gets certain sessions.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use super::scene::{enable, join, look_on, team, until_assigned, until_in_place};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, id_of, mutate, online, sandbox, sessions, try_mutate, until_session,
};

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
        let ordered = "project { routing { rules { id } } } routingRules { id }";
        let ordered = mutate(&desk.admin, "routingRuleReorder", order, ordered).await;
        assert_eq!(ordered["project"]["routing"]["rules"], ordered["routingRules"]);
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

    async fn a_rule_brings_a_session_to_its_team(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        join(&desk, "bob@desk.test", "Experts").await;
        enable(&desk.admin, &sandbox, json!({ "capacity": 1 })).await;
        let input = json!({ "projectId": sandbox, "name": "German", "conditions": [{ "languages": ["de"] }],
            "scope": { "teamId": experts } });
        mutate(&desk.admin, "routingRuleCreate", input, RULE).await;
        let _console = online(&bob, &sandbox).await;
        assert_eq!(get(&desk, &sandbox, 7, "de").await, "bob@desk.test");
        write(&desk, &sandbox, 8, "de").await;
        let given = until_session(&desk.admin, &sandbox, 7).await;
        let queued = until_session(&desk.admin, &sandbox, 8).await;
        until_in_place(&desk.admin, &queued, 1).await;
        let document = "query Seen($id: ID!) {
            session(id: $id) { team { name } routingGrounds { scopeSource queueReason } }
        }";
        for (session, reason) in [(&given, Value::Null), (&queued, json!("EVERYBODY_BUSY"))] {
            let ruled = || async {
                let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
                let expected = json!({ "team": { "name": "Experts" },
                    "routingGrounds": { "scopeSource": "RULE", "queueReason": reason } });
                if seen == expected { Ok(()) } else { Err(seen) }
            };
            eventually(PATIENCE, ruled).await;
        }
        assert_eq!(sessions(&ada, &sandbox).await, Vec::<Value>::new(), "they are none of hers");
        assert_eq!(sessions(&bob, &sandbox).await.len(), 2);
    }

    async fn each_condition_goes_by_what_is_known_of_a_session_and_its_customer(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let experts = team(&desk.admin, &sandbox, "Experts").await;
        let page = link(&desk.admin, &sandbox, json!({ "name": "Page" })).await;
        let to_experts = link(&desk.admin, &sandbox, json!({ "name": "Experts", "teamId": experts })).await;
        let [urgent, regular] = [tag(&desk.admin, &sandbox, "Urgent").await, tag(&desk.admin, &sandbox, "Regular").await];

        // A rule for each condition, and for each rule an agent of its own.
        let total = |bound: &str, number: i64| {
            let mut attribute = json!({ "name": "total" });
            attribute[bound] = json!(number);
            json!({ "attribute": attribute })
        };
        let (mut consoles, mut rules) = (Vec::new(), Vec::new());
        for (name, conditions) in [
            ("link", json!([{ "diversionLinkIds": [page["id"]] }])),
            ("urgent", json!([{ "tagIds": [urgent] }])),
            ("regular", json!([{ "tagIds": [regular] }])),
            ("total", json!([total("atLeast", 100), total("atMost", 200)])),
            ("plan", json!([{ "plans": ["pro"] }])),
        ] {
            let agent = desk.add_agent(&format!("{name}@desk.test"), "Sandbox", "agent").await;
            consoles.push(online(&agent, &sandbox).await);
            let input = json!({ "projectId": sandbox, "name": name, "conditions": conditions,
                "scope": { "agentIds": [id_of(&agent).await] } });
            let made = mutate(&desk.admin, "routingRuleCreate", input, "routingRule { id }").await;
            rules.push(made["routingRule"]["id"].clone());
        }
        let in_order = json!({ "projectId": sandbox, "name": "experts", "conditions": [{ "teamIds": [experts] }],
            "strategy": "LEAST_LOADED" });
        let made = mutate(&desk.admin, "routingRuleCreate", in_order, "routingRule { id }").await;
        rules.push(made["routingRule"]["id"].clone());
        let rest = desk.add_agent("rest@desk.test", "Sandbox", "agent").await;
        consoles.push(online(&rest, &sandbox).await);
        let rests = id_of(&rest).await;
        mutate(&desk.admin, "teamMemberAdd", json!({ "teamId": experts, "agentId": rests }), "team { id }").await;

        // What is known is known before anybody is looked for.
        let plan = |plan: &str| json!({ "name": "plan", "text": plan });
        let bought = |number: i64| json!({ "name": "total", "number": number });
        let customers = [
            (1, Some(&page), None, None, json!([]), "link"),
            (2, None, Some(&urgent), None, json!([]), "urgent"),
            (3, None, None, Some(&regular), json!([]), "regular"),
            (4, None, None, None, json!([bought(150)]), "total"),
            (5, None, None, None, json!([bought(99)]), "rest"),
            (6, None, None, None, json!([bought(201)]), "rest"),
            (7, None, None, None, json!([plan("PRO")]), "plan"),
            (8, None, None, None, json!([plan("free")]), "rest"),
            (9, Some(&to_experts), None, None, json!([]), "rest"),
            (10, None, None, None, json!([]), "rest"),
            // Two rules are for this one.
            (11, None, None, Some(&regular), json!([plan("pro")]), "regular"),
        ];
        let mut expected = Vec::new();
        for (customer, link, of_session, of_customer, attributes, agent) in customers {
            let said = link.map_or_else(|| "hello".to_owned(), |link| format!("/start {}", link["code"].as_str().unwrap()));
            customer_writes(&desk.admin, &sandbox, customer, &said).await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            if let Some(tag) = of_session {
                let input = json!({ "sessionId": session, "tagIds": [tag] });
                mutate(&desk.admin, "sessionTagsAdd", input, "session { id }").await;
            }
            if let Some(tag) = of_customer {
                let document = "query Customer($id: ID!) { session(id: $id) { customer { id } } }";
                let whose = desk.admin.query(document, json!({ "id": session })).await["session"]["customer"].take();
                let input = json!({ "customerId": whose["id"], "tagIds": [tag] });
                mutate(&desk.admin, "customerTagsAdd", input, "customer { id }").await;
            }
            let told = json!([{ "telegramUserId": customer.to_string(), "attributes": attributes }]);
            let input = json!({ "projectId": sandbox, "customers": told });
            let pushed = mutate(&desk.admin, "customerAttributesSet", input, "results { userErrors { code } }").await;
            assert_eq!(errors_of(&pushed["results"][0]), [""; 0], "{pushed}");
            expected.push((session, format!("{agent}@desk.test")));
        }

        enable(&desk.admin, &sandbox, json!({ "scope": { "agentIds": [rests] } })).await;
        for ((session, agent), customer) in expected.iter().zip(1..) {
            assert_eq!(until_assigned(&desk.admin, session).await, *agent, "customer {customer}");
        }
        let document = "query Grounds($id: ID!) { session(id: $id) {
            routingGrounds { scopeSource strategySource strategyRule { name } }
        } }";
        for (place, grounds) in [
            (8, json!({ "scopeSource": "SESSION", "strategySource": "RULE", "strategyRule": { "name": "experts" } })),
            (9, json!({ "scopeSource": "DEFAULT", "strategySource": "DEFAULT", "strategyRule": null })),
        ] {
            let seen = desk.admin.query(document, json!({ "id": expected[place].0 })).await;
            assert_eq!(seen["session"]["routingGrounds"], grounds);
        }

        // In another order the other one of two decides.
        rules.reverse();
        let order = json!({ "projectId": sandbox, "routingRuleIds": rules });
        mutate(&desk.admin, "routingRuleReorder", order, "routingRules { id }").await;
        let of_two = &expected[10].0;
        let back = json!({ "sessionId": of_two, "agentId": null });
        mutate(&desk.admin, "sessionAssign", back, "session { id }").await;
        assert_eq!(until_assigned(&desk.admin, of_two).await, "plan@desk.test");
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

    async fn a_rule_that_names_who_is_gone_is_changed_in_all_else(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let gone = team(&desk.admin, &sandbox, "Gone").await;
        let conditions = json!([{ "teamIds": [gone] }]);
        let input = json!({ "projectId": sandbox, "name": "Rule", "strategy": "ROUND_ROBIN", "conditions": conditions });
        let rule = mutate(&desk.admin, "routingRuleCreate", input, RULE).await["routingRule"]["id"].take();
        mutate(&desk.admin, "teamDelete", json!({ "teamId": gone }), "deletedTeamId").await;
        let off = json!({ "routingRuleId": rule, "name": "Put away", "active": false });
        let off = mutate(&desk.admin, "routingRuleUpdate", off, RULE).await["routingRule"].take();
        assert_eq!((&off["name"], &off["active"]), (&json!("Put away"), &json!(false)));
        for again in [json!({ "conditions": conditions }), json!({ "active": true })] {
            let mut input = again;
            input["routingRuleId"] = rule.clone();
            let again = try_mutate(&desk.admin, "routingRuleUpdate", input, RULE).await;
            assert_eq!(errors_of(&again), ["CONDITION_UNKNOWN"]);
        }
        let nothing = json!({ "routingRuleId": rule, "strategy": null });
        assert_eq!(errors_of(&try_mutate(&desk.admin, "routingRuleUpdate", nothing, RULE).await), ["EMPTY_RULE"]);
    }

    async fn rules_that_say_nothing_or_name_strangers_are_refused(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        look_on(&desk.admin, &sandbox).await;
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
            (
                json!({ "name": "x", "strategy": in_turn, "conditions": [{ "languages": ["xx-yy-zz-bad!!"] }] }),
                "CONDITION_INVALID",
            ),
            // It would be like no language that Telegram tells.
            (
                json!({ "name": "x", "strategy": in_turn, "conditions": [{ "languages": ["pt_BR"] }] }),
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
        // It says which condition it is, and what is wrong with that.
        for (second, reason) in [
            (json!({}), "one field"),
            (json!({ "attribute": { "name": "orders", "atLeast": 9, "atMost": 3 } }), "`atMost`"),
            (json!({ "languages": ["German!"] }), "not a language"),
            (json!({ "plans": [] }), "values"),
            (json!({ "teamIds": [strangers] }), "of this project"),
            (json!({ "tagIds": [strangers] }), "not the id"),
        ] {
            let input = json!({ "projectId": sandbox, "name": "x", "strategy": in_turn,
                "conditions": [{ "languages": ["pt-BR"] }, second] });
            let refused = try_mutate(&desk.admin, "routingRuleCreate", input, "userErrors { path }").await;
            let error = &refused["userErrors"][0];
            assert_eq!(error["path"], json!(["input", "conditions", "1"]), "{refused}");
            assert!(error["message"].as_str().unwrap().contains(reason), "{refused}");
        }
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

/// A tag of the project, and its id.
async fn tag(client: &Client, project: &str, name: &str) -> Value {
    let input = json!({ "projectId": project, "name": name, "color": "#d93025" });
    mutate(client, "tagCreate", input, "tag { id }").await["tag"]["id"].take()
}

/// A diversion link of the project, with its id and its code.
async fn link(client: &Client, project: &str, more: Value) -> Value {
    let mut input = more;
    input["projectId"] = json!(project);
    mutate(client, "diversionLinkCreate", input, "diversionLink { id code }").await["diversionLink"].take()
}

/// Who gets the session of a customer with this language.
async fn get(desk: &Desk, sandbox: &str, customer: i64, language: &str) -> String {
    write(desk, sandbox, customer, language).await;
    let session = until_session(&desk.admin, sandbox, customer).await;
    until_assigned(&desk.admin, &session).await
}

/// A customer with this language writes.
async fn write(desk: &Desk, sandbox: &str, customer: i64, language: &str) {
    let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "text": "hello",
        "languageCode": language });
    mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
}

async fn names(client: &Client, project: &str) -> Value {
    let document = "query Rules($id: ID!) { project(id: $id) { routing { rules { name } } } }";
    client.query(document, json!({ "id": project })).await["project"]["routing"]["rules"].take()
}
