//! Who sees what of customers, and what is noted of them.

use std::slice;

use domain::ChatId;
use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Sql, eventually, on_both_engines};

use crate::attributes::{customer_id, push};
use crate::customers_data::export;
use crate::group_migration::{GROUP, SUPERGROUP, writes_in_group};
use crate::secrets_at_rest::{contains, contents};
use crate::stage::{
    Desk, Dice, PATIENCE, Reader, Telegram, customer_writes, errors_of, mutate, project_called, reply, sandbox,
    session_of, sessions, try_mutate, until_session, until_written,
};

const PROFILE: &str = "name isCurrent attributes { name } note timeZone version bannedAt banReason";

/// How much of a customer somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sees {
    Everything,
    /// Who it is.
    Name,
    Nothing,
}

on_both_engines! {
    async fn agents_know_the_customers_of_their_sessions_and_no_others(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let team = json!({ "projectId": sandbox, "name": "Second line", "line": 2 });
        mutate(&desk.admin, "teamCreate", team, "team { id }").await;
        let mut agents = Vec::new();
        for name in ["ada", "bob", "eve"] {
            let client = desk.add_agent(&format!("{name}@desk.test"), "Sandbox", "agent").await;
            let id = client.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
            agents.push((client, id));
        }
        let supervisor = desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
        let customers = [1, 2, 3];
        let mut open = Vec::new();
        for customer in customers {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let id = customer_id(&desk.admin, &sandbox, customer).await;
            push(&desk.admin, &sandbox, json!([{ "customerId": id, "attributes": [{ "name": "plan", "text": "gold" }] }])).await;
            let input = json!({ "customerId": id, "note": "likes tea", "timeZone": "UTC" });
            mutate(&desk.admin, "customerUpdate", input, "customer { id }").await;
            open.push((id, session));
        }
        // Of each customer: who has the session, and who had it before.
        let mut assignee: [Option<usize>; 3] = [None; 3];
        let mut left = [[false; 3]; 3];
        let mut dice = Dice::new();
        for _ in 0..25 {
            let place = usize::try_from(dice.below(3)).unwrap();
            let agent = usize::try_from(dice.below(4)).unwrap();
            let to = agents.get(agent);
            let input = json!({ "sessionId": open[place].1, "agentId": to.map(|(_, id)| id) });
            mutate(&desk.admin, "sessionAssign", input, "session { id }").await;
            let to = to.map(|_| agent);
            if assignee[place] != to {
                if let (Some(before), Some(_)) = (assignee[place], to) {
                    left[place][before] = true;
                }
                if let Some(now) = to {
                    left[place][now] = false;
                }
                assignee[place] = to;
            }
            for (agent, (client, _)) in agents.iter().enumerate() {
                let mut listed = Vec::new();
                for (place, (id, _)) in open.iter().enumerate() {
                    let has_left = left[place][agent];
                    let expected = match assignee[place] {
                        Some(with) if with == agent => Sees::Everything,
                        None if !has_left => Sees::Everything,
                        _ if has_left => Sees::Name,
                        _ => Sees::Nothing,
                    };
                    assert_eq!(sees(client, id).await, expected, "{assignee:?} {left:?}, agent {agent}");
                    let update = try_mutate(client, "customerUpdate", json!({ "customerId": id }), "customer { id }").await;
                    let refusal: &[&str] = if expected == Sees::Everything { &[] } else { &["CUSTOMER_NOT_FOUND"] };
                    assert_eq!(errors_of(&update), refusal);
                    if expected == Sees::Everything {
                        listed.insert(0, id.clone());
                    }
                }
                assert_eq!(ids_of(client, &sandbox, Value::Null).await, listed);
                let by_plan = json!({ "attributes": [{ "name": "plan", "text": { "eq": "gold" } }] });
                assert_eq!(ids_of(client, &sandbox, by_plan).await, listed, "a filter tells of nobody else");
            }
        }
        for (id, _) in &open {
            assert_eq!(sees(&supervisor, id).await, Sees::Everything);
        }
        assert_eq!(ids_of(&supervisor, &sandbox, Value::Null).await.len(), 3);
    }

    async fn what_befalls_a_customer_after_the_session_was_handed_over_does_not_show(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let mut reader = Reader::from_now(&desk.admin, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        // The change that the reply makes is told right behind it, and the story begins after that.
        reader.until("MessageAdded", |event| event["message"]["text"] == "good day").await;
        reader.until("SessionUpdated", |event| event["session"]["id"] == session).await;
        let start = reader.cursor();
        let id = customer_id(&ada, &sandbox, 7).await;
        let note = mutate(&ada, "customerUpdate", json!({ "customerId": id, "note": " likes tea " }), PAYLOAD).await;
        assert_eq!((&note["customer"]["note"], &note["customer"]["version"]), (&json!("likes tea"), &json!(1)));
        let same = mutate(&ada, "customerUpdate", json!({ "customerId": id, "note": "likes tea" }), PAYLOAD).await;
        assert_eq!(same["customer"]["version"], 1);
        let input = json!({ "customerId": id, "note": "x", "expectedVersion": 0 });
        let conflict = try_mutate(&ada, "customerUpdate", input, PAYLOAD).await;
        assert_eq!((errors_of(&conflict), &conflict["customer"]["note"]), (vec!["VERSION_CONFLICT"], &json!("likes tea")));
        let input = json!({ "customerId": id, "note": "x".repeat(2001) });
        assert_eq!(errors_of(&try_mutate(&ada, "customerUpdate", input, PAYLOAD).await), ["NOTE_TOO_LONG"]);

        let events = "subscription Events($projectId: ID!, $after: String) {
            sessionEvents(projectId: $projectId, after: $after) {
                ... on SessionUpdated { cause session { customer { isCurrent note bannedAt } } }
                ... on SessionRemoved { session { customer { note } } }
            }
        }";
        let variables = json!({ "projectId": sandbox, "after": start });
        let mut live = ada.subscribe(events, variables.clone()).await;
        let told = self::told(&mut live).await;
        assert_eq!(told["cause"], "PROFILE");
        assert_eq!(told["session"]["customer"], json!({ "isCurrent": true, "note": "likes tea", "bannedAt": null }));

        let bobs = bob.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
        mutate(&ada, "sessionAssign", json!({ "sessionId": session, "agentId": bobs }), "session { id }").await;
        assert_eq!(self::told(&mut live).await, json!({ "session": null }));
        mutate(&bob, "customerUpdate", json!({ "customerId": id, "note": "a secret" }), PAYLOAD).await;
        mutate(&desk.admin, "customerBan", json!({ "customerId": id, "reason": "classified" }), "customer { id }").await;
        let expected = json!({ "name": "Customer 7", "isCurrent": false, "attributes": [], "note": null, "timeZone": null,
            "version": null, "bannedAt": null, "banReason": null });
        assert_eq!(profile(&ada, &id).await, expected);
        let of_session = "query OfSession($id: ID!) { session(id: $id) { customer { name note bannedAt } } }";
        let of_session = ada.query(of_session, json!({ "id": session })).await["session"]["customer"].take();
        assert_eq!(of_session, json!({ "name": "Customer 7", "note": null, "bannedAt": null }));
        let shown = profile(&bob, &id).await;
        assert_eq!((&shown["note"], &shown["banReason"]), (&json!("a secret"), &json!("classified")));

        // Replayed, what was told then is told without what only those know for whom it goes on.
        let mut replay = ada.subscribe(events, variables).await;
        let told = self::told(&mut replay).await;
        assert_eq!(told["session"]["customer"], json!({ "isCurrent": false, "note": null, "bannedAt": null }));
        assert_eq!(self::told(&mut replay).await, json!({ "session": null }));
    }

    async fn the_audit_log_has_who_changed_what_and_not_what_they_wrote(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        until_session(&desk.admin, &sandbox, 7).await;
        let id = customer_id(&desk.admin, &sandbox, 7).await;
        mutate(&desk.admin, "customerUpdate", json!({ "customerId": id, "note": "likes tea" }), PAYLOAD).await;
        push(&desk.admin, &sandbox, json!([{ "customerId": id, "attributes": [{ "name": "plan", "text": "gold" }] }])).await;
        let input = json!({ "projectId": sandbox, "name": "seats", "type": "NUMBER" });
        mutate(&desk.admin, "attributeDefine", input, "attributeDefinition { name }").await;
        let input = json!({ "projectId": sandbox, "starts": "21:00" });
        mutate(&desk.admin, "projectNightUpdate", input, "project { id }").await;
        let sql = Sql::connect(&desk.database).await.unwrap();
        for (action, kind) in [
            ("customerUpdate", "CUSTOMER"), ("customerAttributesSet", "CUSTOMER"), ("attributeDefine", "PROJECT"),
            ("projectNightUpdate", "PROJECT"),
        ] {
            let entries = format!(
                "SELECT count(*) FROM audit_log WHERE action = '{action}' AND object_kind = '{kind}' \
                 AND agent_id IS NOT NULL AND details NOT LIKE '%tea%' AND details NOT LIKE '%gold%'"
            );
            assert_eq!(sql.number(&entries).await.unwrap(), 1, "{action}");
        }
    }

    async fn nothing_that_was_noted_or_said_of_a_customer_outlasts_them(engine: Engine) {
        const NAME: &str = "Customer 5551234567";
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        for customer in [5_551_234_567, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            until_session(&desk.admin, &sandbox, customer).await;
        }
        let session = until_session(&desk.admin, &sandbox, 5_551_234_567).await;
        let (id, other) = (
            customer_id(&desk.admin, &sandbox, 5_551_234_567).await,
            customer_id(&desk.admin, &sandbox, 8).await,
        );
        let note = format!("{NAME} likes tea");
        let input = json!({ "customerId": id, "note": note, "timeZone": "Antarctica/Troll" });
        mutate(&desk.admin, "customerUpdate", input, PAYLOAD).await;
        let said = json!([
            { "name": "full.name", "text": NAME }, { "name": "phone", "number": 5_551_234_567_i64 },
            { "name": "born", "time": "1990-02-03T00:00:00Z" },
        ]);
        let stays = json!([{ "name": "full.name", "text": "Kim" }]);
        let customers = json!([
            { "customerId": id, "attributes": said }, { "telegramUserId": "8", "attributes": stays },
        ]);
        push(&desk.admin, &sandbox, customers).await;
        let input = json!({ "sessionId": session, "status": "FOLLOW_UP",
            "followUp": { "awaited": "CUSTOMER", "note": format!("{NAME} looks for the bill") } });
        mutate(&desk.admin, "sessionStatusUpdate", input, "session { id }").await;
        let input = json!({ "sessionId": session, "summary": format!("{NAME} found the bill") });
        mutate(&desk.admin, "sessionResolve", input, "session { id }").await;

        let (_, exported) = export(&desk, &desk.admin, id.as_str().unwrap()).await;
        assert_eq!((&exported["customer"]["note"], &exported["customer"]["timeZone"]), (&json!(note), &json!("Antarctica/Troll")));
        let attributes = exported["customer"]["attributes"].as_array().unwrap();
        let born = json!({ "name": "born", "value": "1990-02-03T00:00:00Z", "setAt": attributes[0]["setAt"] });
        assert_eq!((attributes.len(), &attributes[0]), (3, &born));
        assert_eq!(exported["sessions"][0]["resolution"]["summary"], format!("{NAME} found the bill"));

        assert!(contains(&contents(&desk.database).await, "likes tea"), "the search finds it");
        let input = json!({ "customerId": id, "confirmName": NAME });
        mutate(&desk.admin, "customerErase", input, "customer { erasedAt }").await;
        let kept = contents(&desk.database).await;
        for words in [NAME, "5551234567", "likes tea", "Antarctica/Troll", "the bill"] {
            assert!(!contains(&kept, words), "{words} is still there");
        }
        let sql = Sql::connect(&desk.database).await.unwrap();
        for (table, left) in [("customer_attributes", 1), ("customer_profiles", 0)] {
            assert_eq!(sql.number(&format!("SELECT count(*) FROM {table}")).await.unwrap(), left, "{table}");
        }
        assert_eq!(ids_of(&desk.admin, &sandbox, Value::Null).await, slice::from_ref(&other), "who is erased is in no list");
        assert_eq!(profile(&desk.admin, &other).await["attributes"], json!([{ "name": "full.name" }]));

        // And nothing can be noted of them any more.
        for mutation in ["customerBan", "customerUnban"] {
            let refused = try_mutate(&desk.admin, mutation, json!({ "customerId": id }), "customer { id }").await;
            assert_eq!(errors_of(&refused), ["CUSTOMER_ERASED"], "{mutation}");
        }
        let refused = try_mutate(&desk.admin, "customerUpdate", json!({ "customerId": id, "note": "again" }), PAYLOAD).await;
        assert_eq!(errors_of(&refused), ["CUSTOMER_ERASED"]);
        let results = push(&desk.admin, &sandbox, json!([{ "customerId": id, "attributes": stays }])).await;
        assert_eq!(errors_of(&results[0]), ["UNKNOWN_CUSTOMER"]);
    }

    async fn a_group_that_becomes_a_supergroup_has_one_history_and_one_profile(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let writes = async |chat, kind, number| writes_in_group(&telegram, chat, kind, number).await;
        // Two sessions of the group, and one of the supergroup before the desk knows that they are the same.
        writes(GROUP, "group", 500).await;
        let session = until_session(&desk.admin, &project, GROUP).await;
        mutate(&desk.admin, "projectSessionLifeUpdate", json!({ "projectId": project, "reopenWindowSeconds": 0 }), "").await;
        mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { id }").await;
        writes(GROUP, "group", 501).await;
        until_written(&desk.admin, &project, GROUP, 2).await;
        writes(SUPERGROUP, "supergroup", 1).await;
        until_written(&desk.admin, &project, SUPERGROUP, 1).await;
        let (old, new) = (customer_id(&desk.admin, &project, GROUP).await, customer_id(&desk.admin, &project, SUPERGROUP).await);
        let customers = json!([
            { "customerId": old, "attributes": [{ "name": "plan", "text": "gold" }] },
            { "customerId": new, "attributes": [{ "name": "plan", "text": "free" }, { "name": "seats", "number": 3 }] },
        ]);
        push(&desk.admin, &project, customers).await;
        mutate(&desk.admin, "customerUpdate", json!({ "customerId": new, "note": "likes tea" }), PAYLOAD).await;
        let numbers = numbers_of(&desk.admin, &new).await;

        let api = &telegram.api;
        api.migrate_group(telegram.bot(), ChatId(GROUP), ChatId(SUPERGROUP), "The club").await.unwrap();
        let is_one = || async {
            let numbers = numbers_of(&desk.admin, &old).await;
            if numbers == [3, 2, 1] { Ok(()) } else { Err(numbers) }
        };
        eventually(PATIENCE, is_one).await;
        assert_eq!(numbers, [3]);
        let document = "query Merged($id: ID!) { customer(id: $id) { telegramUserId note attributes { name text number } } }";
        let merged = desk.admin.query(document, json!({ "id": old })).await["customer"].take();
        let attributes = json!([
            { "name": "plan", "text": "gold", "number": null }, { "name": "seats", "text": null, "number": 3.0 },
        ]);
        assert_eq!((&merged["note"], &merged["attributes"]), (&json!("likes tea"), &attributes));
        assert_eq!(merged["telegramUserId"], SUPERGROUP.to_string());
        assert_eq!(ids_of(&desk.admin, &project, Value::Null).await, [old], "they are one customer");
        assert_eq!(session_of(&desk.admin, &project, SUPERGROUP).await.unwrap()["number"], 3);
        assert_eq!(sessions(&desk.admin, &project).await.len(), 3);
    }
}

/// What is told next of a session, but for its messages.
async fn told(subscription: &mut Subscription) -> Value {
    loop {
        let event = subscription.next_within(PATIENCE).await["sessionEvents"].take();
        if event != json!({}) {
            return event;
        }
    }
}

const PAYLOAD: &str = "customer { note version }";

async fn profile(client: &Client, customer: &Value) -> Value {
    let document = format!("query Profile($id: ID!) {{ customer(id: $id) {{ {PROFILE} }} }}");
    client.query(&document, json!({ "id": customer })).await["customer"].take()
}

async fn sees(client: &Client, customer: &Value) -> Sees {
    let shown = profile(client, customer).await;
    let node = "query Node($id: ID!) { node(id: $id) { ... on Customer { isCurrent } } }";
    let node = client.query(node, json!({ "id": customer })).await["node"].take();
    assert_eq!(shown["isCurrent"], node["isCurrent"]);
    if shown == Value::Null {
        return Sees::Nothing;
    }
    assert!(shown["name"].is_string());
    let whole = (json!([{ "name": "plan" }]), json!("likes tea"), json!("UTC"), json!(1));
    let name = (json!([]), Value::Null, Value::Null, Value::Null);
    let known = (&shown["attributes"], &shown["note"], &shown["timeZone"], &shown["version"]);
    let expected = if shown["isCurrent"] == true { &whole } else { &name };
    assert_eq!(known, (&expected.0, &expected.1, &expected.2, &expected.3));
    if shown["isCurrent"] == true { Sees::Everything } else { Sees::Name }
}

/// The customers of a list.
async fn ids_of(client: &Client, project: &str, filter: Value) -> Vec<Value> {
    let document = "query Ids($id: ID!, $filter: CustomerFilter) {
        customers(projectId: $id, filter: $filter, first: 100) { nodes { id } totalCount }
    }";
    let found = client.query(document, json!({ "id": project, "filter": filter })).await["customers"].take();
    let ids: Vec<Value> = found["nodes"].as_array().unwrap().iter().map(|customer| customer["id"].clone()).collect();
    assert_eq!(found["totalCount"], ids.len());
    ids
}

/// The numbers of the sessions of a customer, as they are listed.
async fn numbers_of(client: &Client, customer: &Value) -> Vec<i64> {
    let document =
        "query Numbers($id: ID!) { customer(id: $id) { sessions(first: 10) { nodes { number } totalCount } } }";
    let found = client.query(document, json!({ "id": customer })).await["customer"]["sessions"].take();
    let numbers: Vec<i64> =
        found["nodes"].as_array().unwrap().iter().map(|session| session["number"].as_i64().unwrap()).collect();
    assert_eq!(found["totalCount"], numbers.len());
    numbers
}
