//! What is created is created once under an idempotency key, and changed by nobody who has not seen it as it is.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::stage::{Desk, Telegram, errors_of, mutate, sandbox, try_mutate};

/// The bot that comes through the API.
const BOT: &str = "2002:BBHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";

/// A mutation that creates something.
struct Creation {
    mutation: &'static str,
    /// The field of the payload with what was created.
    object: &'static str,
    input: Value,
    /// What makes another request of the input.
    other: Value,
}

fn creations(project: &str) -> [Creation; 6] {
    [
        Creation {
            mutation: "projectCreate",
            object: "project",
            input: json!({ "name": "Rehearsal", "sandbox": true }),
            other: json!({ "name": "Another" }),
        },
        Creation {
            mutation: "projectCreate",
            object: "project",
            input: json!({ "name": "Shop", "botToken": BOT }),
            other: json!({ "botToken": BOT.replace("BBH", "CCH") }),
        },
        Creation {
            mutation: "teamCreate",
            object: "team",
            input: json!({ "projectId": project, "name": "Sales", "line": 1 }),
            other: json!({ "line": 2 }),
        },
        Creation {
            mutation: "tagCreate",
            object: "tag",
            input: json!({ "projectId": project, "name": "Gold", "color": "#d93025" }),
            other: json!({ "color": "#000000" }),
        },
        Creation {
            mutation: "cannedReplyCreate",
            object: "cannedReply",
            input: json!({ "projectId": project, "shortcut": "hi", "title": "Hi", "texts": [{ "text": "Hi!" }] }),
            other: json!({ "title": "Hello" }),
        },
        Creation {
            mutation: "diversionLinkCreate",
            object: "diversionLink",
            input: json!({ "projectId": project, "name": "Campaign", "source": "newsletter" }),
            other: json!({ "source": "page" }),
        },
    ]
}

fn with(input: &Value, more: &Value) -> Value {
    let fields = [input, more].into_iter().filter_map(Value::as_object).flatten();
    fields.map(|(name, value)| (name.clone(), value.clone())).collect()
}

/// How many there are of everything that can be created.
async fn counts(client: &Client, project: &str) -> Value {
    let document = "query Counts($id: ID!) {
        projects(first: 1) { totalCount }
        project(id: $id) { teams { id } tags { id } diversionLinks(first: 1) { totalCount } }
    }";
    let data = client.query(document, json!({ "id": project })).await;
    let project = &data["project"];
    let listed = |list: &Value| list.as_array().unwrap().len();
    json!([
        data["projects"]["totalCount"],
        listed(&project["teams"]),
        listed(&project["tags"]),
        project["diversionLinks"]["totalCount"],
    ])
}

/// The time on the project's clock, in the one form that times have, so that the texts compare as the times do.
async fn now(client: &Client, project: &str) -> String {
    let document = "query Now($id: ID!) { project(id: $id) { now } }";
    let data = client.query(document, json!({ "id": project })).await;
    data["project"]["now"].as_str().expect("a time").to_owned()
}

on_both_engines! {
    async fn what_is_made_has_the_time_of_the_projects_clock(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let day = json!({ "projectId": project, "seconds": 90_000 });
        mutate(&desk.admin, "sandboxClockAdvance", day, "project { id }").await;
        let named = |more: Value| with(&json!({ "projectId": project, "name": "New" }), &more);
        let view = json!({ "filter": { "status": { "eq": "UNREAD" } }, "shared": true });
        for (mutation, object, input) in [
            ("teamCreate", "team", named(json!({ "line": 1 }))),
            ("tagCreate", "tag", named(json!({ "color": "#d93025" }))),
            ("diversionLinkCreate", "diversionLink", named(json!({}))),
            ("routingRuleCreate", "routingRule", named(json!({ "strategy": "ROUND_ROBIN" }))),
            ("savedViewCreate", "savedView", named(view)),
        ] {
            let before = now(&desk.admin, &project).await;
            let made = mutate(&desk.admin, mutation, input, &format!("{object} {{ id createdAt }}")).await;
            let after = now(&desk.admin, &project).await;
            let created_at = made[object]["createdAt"].as_str().expect("a time");
            assert!((before.as_str()..=after.as_str()).contains(&created_at), "{mutation}: {before} {made} {after}");
            let document = "query Entries($project: ID!, $object: ID!) {
                auditEntries(projectId: $project, filter: { objectId: $object }, first: 1) { nodes { at } }
            }";
            let entries = desk.admin.query(document, json!({ "project": project, "object": made[object]["id"] })).await;
            let noted_at = entries["auditEntries"]["nodes"][0]["at"].as_str().expect("an entry");
            assert!((created_at..=after.as_str()).contains(&noted_at), "{mutation}: {made} {noted_at} {after}");
        }
    }

    async fn the_same_request_under_the_same_key_creates_one_object(engine: Engine) {
        let telegram = Telegram::start().await;
        telegram.api.add_bot(BOT.parse().unwrap());
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = sandbox(&desk.admin).await;
        let before = counts(&desk.admin, &project).await;
        for (number, Creation { mutation, object, input, other }) in creations(&project).into_iter().enumerate() {
            let selection = format!("{object} {{ id }}");
            let keyed = with(&input, &json!({ "idempotencyKey": format!("key-{number}") }));
            // At the same time, and afterwards.
            let create = || mutate(&desk.admin, mutation, keyed.clone(), &selection);
            let (one, two, three) = tokio::join!(create(), create(), create());
            for created in [two, three, create().await] {
                assert_eq!(created[object]["id"], one[object]["id"], "{mutation}");
            }
            for (more, code) in [
                (other, "IDEMPOTENCY_KEY_REUSED"),
                (json!({ "idempotencyKey": "" }), "IDEMPOTENCY_KEY_MALFORMED"),
                (json!({ "idempotencyKey": "k".repeat(256) }), "IDEMPOTENCY_KEY_MALFORMED"),
            ] {
                let refused = try_mutate(&desk.admin, mutation, with(&keyed, &more), &selection).await;
                assert_eq!((errors_of(&refused), &refused[object]), (vec![code], &Value::Null), "{mutation}");
            }
        }
        let after = counts(&desk.admin, &project).await;
        let made: Vec<_> = (0..4).map(|kind| after[kind].as_i64().unwrap() - before[kind].as_i64().unwrap()).collect();
        assert_eq!(made, [2, 1, 1, 1]);
        // What another mutation made is no answer to this one.
        let input = json!({ "projectId": project, "name": "Support", "line": 1, "idempotencyKey": "key-0" });
        let refused = try_mutate(&desk.admin, "teamCreate", input, "team { id }").await;
        assert_eq!(errors_of(&refused), ["IDEMPOTENCY_KEY_REUSED"]);
        // Without a key each request is one of its own.
        let input = json!({ "projectId": project, "name": "Campaign", "source": "newsletter" });
        mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { id }").await;
        assert_eq!(counts(&desk.admin, &project).await[3].as_i64(), Some(after[3].as_i64().unwrap() + 1));
    }

    async fn a_change_of_what_has_changed_meanwhile_is_refused_and_shown(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let team = json!({ "projectId": project, "name": "Sales", "line": 1 });
        let link = json!({ "projectId": project, "name": "Campaign" });
        for (create, update, object, input) in [
            ("teamCreate", "teamUpdate", "team", team),
            ("diversionLinkCreate", "diversionLinkUpdate", "diversionLink", link),
        ] {
            let selection = format!("{object} {{ id name version }}");
            let created = mutate(&desk.admin, create, input, &selection).await[object].take();
            let change = |name: &str, expected: &Value| {
                let mut input = json!({ "name": name, "expectedVersion": expected });
                input[format!("{object}Id")] = created["id"].clone();
                input
            };
            let first = mutate(&desk.admin, update, change("First", &created["version"]), &selection).await[object].take();
            assert_eq!(first["name"], "First");
            assert!(first["version"].as_i64() > created["version"].as_i64(), "{first}");

            let late = try_mutate(&desk.admin, update, change("Late", &created["version"]), &selection).await;
            assert_eq!((errors_of(&late), &late[object]), (vec!["VERSION_CONFLICT"], &first));
            let again = mutate(&desk.admin, update, change("Second", &first["version"]), &selection).await;
            assert_eq!(again[object]["name"], "Second");
            let regardless = mutate(&desk.admin, update, change("Third", &Value::Null), &selection).await;
            assert_eq!(regardless[object]["name"], "Third");
        }
    }
}
