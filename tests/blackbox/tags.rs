//! Tags: those that every project begins with, and what becomes of tags that people change, merge and put away.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::customers_data::customer_of;
use crate::notes::{give, refusal, told_of};
use crate::stage::{Desk, customer_writes, errors_of, event_cursor, mutate, reply, sandbox, try_mutate, until_session};

const TAGS: &str = "query Tags($id: ID!, $all: Boolean!) {
    project(id: $id) { tags(includeArchived: $all) { id name color preset archivedAt mergedIntoId version } }
}";

on_both_engines! {
    async fn every_project_begins_with_the_presets_which_keep_their_meaning_under_another_name(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let presets: Vec<(String, String)> = tags(&desk.admin, &sandbox, false)
            .await
            .iter()
            .map(|tag| (text(&tag["preset"]), text(&tag["name"])))
            .collect();
        let expected = [
            ("COMPLAINT", "Complaint"),
            ("EMERGENCY", "Emergency"),
            ("NEW_USER", "New user"),
            ("REFUND", "Refund"),
            ("SENSITIVE", "Sensitive"),
            ("VIP", "VIP"),
        ];
        assert_eq!(presets, expected.map(|(preset, name)| (preset.to_owned(), name.to_owned())));
        let input = json!({ "name": "New", "sandbox": true });
        let project = mutate(&desk.admin, "projectCreate", input, "project { id }").await["project"]["id"].take();
        assert_eq!(tags(&desk.admin, project.as_str().unwrap(), false).await.len(), 6);

        let vip = called(&desk.admin, &sandbox, "VIP").await;
        let input = json!({ "tagId": vip, "name": " Stammkunde ", "color": "#ABCDEF", "expectedVersion": 1 });
        let renamed = mutate(&desk.admin, "tagUpdate", input.clone(), "tag { name color preset version }").await;
        let expected = json!({ "name": "Stammkunde", "color": "#abcdef", "preset": "VIP", "version": 2 });
        assert_eq!(renamed["tag"], expected);
        let conflict = try_mutate(&desk.admin, "tagUpdate", input, "tag { version }").await;
        assert_eq!((errors_of(&conflict), &conflict["tag"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));
        let supervisor = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        for (client, input, code) in [
            (&supervisor, json!({ "tagId": vip, "name": "Refund" }), "NAME_TAKEN"),
            (&supervisor, json!({ "tagId": vip, "name": " " }), "NAME_EMPTY"),
            (&supervisor, json!({ "tagId": vip, "color": "red" }), "COLOR_MALFORMED"),
            (&agent, json!({ "tagId": vip, "name": "Mine" }), "NOT_SUPERVISOR"),
        ] {
            assert_eq!(refusal(client, "tagUpdate", input).await, code);
        }
    }

    async fn merging_tags_leaves_each_session_customer_and_link_with_one(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let (from, into) = (called(&desk.admin, &sandbox, "Refund").await, called(&desk.admin, &sandbox, "VIP").await);
        let mut sessions = Vec::new();
        let version = "query Version($id: ID!) { session(id: $id) { version } }";
        for (customer, given) in [(7, vec![&from]), (8, vec![&from, &into]), (9, vec![&into])] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            let input = json!({ "sessionId": session, "tagIds": given });
            mutate(&desk.admin, "sessionTagsAdd", input, "session { id }").await;
            let id = customer_of(&desk.admin, &session).await["id"].take();
            let input = json!({ "customerId": id, "tagIds": given });
            mutate(&desk.admin, "customerTagsAdd", input, "customer { id }").await;
            sessions.push(session);
        }
        let input = json!({ "projectId": sandbox, "name": "Page", "tagIds": [from, into] });
        mutate(&desk.admin, "diversionLinkCreate", input, "diversionLink { id }").await;
        let document = "subscription Told($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on SessionUpdated { cause session { id tags { name } } }
        } }";
        desk.until_told().await;
        let after = event_cursor(&desk.admin, &sandbox).await;
        let mut told = desk.admin.subscribe(document, json!({ "id": sandbox, "after": after })).await;

        let merge = json!({ "fromId": from, "intoId": into });
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        assert_eq!(refusal(&agent, "tagMerge", merge.clone()).await, "NOT_SUPERVISOR");
        assert_eq!(refusal(&desk.admin, "tagMerge", json!({ "fromId": from, "intoId": from })).await, "SAME_TAG");
        let input = json!({ "name": "New", "sandbox": true });
        let project = mutate(&desk.admin, "projectCreate", input, "project { id }").await["project"]["id"].take();
        let foreign = called(&desk.admin, project.as_str().unwrap(), "VIP").await;
        let input = json!({ "fromId": from, "intoId": foreign });
        assert_eq!(refusal(&desk.admin, "tagMerge", input).await, "TAG_NOT_FOUND");
        let before = desk.admin.query(version, json!({ "id": sessions[0] })).await["session"]["version"].take();
        let merged = mutate(&desk.admin, "tagMerge", merge, "tag { name }").await;
        let after = desk.admin.query(version, json!({ "id": sessions[0] })).await["session"]["version"].take();
        assert_eq!(after.as_i64(), before.as_i64().map(|before| before + 1), "caches take the news");
        assert_eq!(merged["tag"]["name"], "VIP");

        for session in &sessions {
            let document = "query Tags($id: ID!) { session(id: $id) { tags { name } customer { tags { name } } } }";
            let shown = desk.admin.query(document, json!({ "id": session })).await["session"].take();
            let one = json!([{ "name": "VIP" }]);
            assert_eq!((&shown["tags"], &shown["customer"]["tags"]), (&one, &one));
        }
        let document = "query Links($id: ID!) { project(id: $id) { diversionLinks(first: 1) { nodes { tags { name } } } } }";
        let links = desk.admin.query(document, json!({ "id": sandbox })).await["project"]["diversionLinks"].take();
        assert_eq!(links["nodes"][0]["tags"], json!([{ "name": "VIP" }]));
        for session in &sessions[..2] {
            let event = told_of(&mut told, "TAGGING").await;
            assert_eq!(event["session"]["id"], *session);
            assert_eq!(event["session"]["tags"], json!([{ "name": "VIP" }]));
        }

        // The merged one is put away, and can be taken out again.
        assert!(tags(&desk.admin, &sandbox, false).await.iter().all(|tag| tag["id"] != *from));
        let all = tags(&desk.admin, &sandbox, true).await;
        let old = all.iter().find(|tag| tag["id"] == *from).unwrap();
        assert!(old["archivedAt"].is_string() && old["mergedIntoId"] == *into, "{old}");
        let input = json!({ "sessionId": sessions[0], "tagIds": [from] });
        assert_eq!(refusal(&desk.admin, "sessionTagsAdd", input.clone()).await, "TAG_ARCHIVED");
        let merge = json!({ "fromId": into, "intoId": from });
        assert_eq!(refusal(&desk.admin, "tagMerge", merge).await, "TAG_ARCHIVED");
        let restored = mutate(&desk.admin, "tagRestore", json!({ "tagId": from }), "tag { archivedAt mergedIntoId }").await;
        assert_eq!(restored["tag"], json!({ "archivedAt": null, "mergedIntoId": null }));
        mutate(&desk.admin, "sessionTagsAdd", input, "session { id }").await;
    }

    async fn a_tag_that_is_put_away_stays_where_it_is_and_is_given_to_nobody(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let vip = called(&desk.admin, &sandbox, "VIP").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let customer = customer_of(&desk.admin, &session).await["id"].take();
        let input = json!({ "customerId": customer, "tagIds": [vip] });
        let given = mutate(&agent, "customerTagsAdd", input.clone(), "customer { tags { name } }").await;
        assert_eq!(given["customer"]["tags"], json!([{ "name": "VIP" }]));
        assert_eq!(refusal(&agent, "tagArchive", json!({ "tagId": vip })).await, "NOT_SUPERVISOR");
        let named = |name: &str| json!({ "projectId": sandbox, "name": name, "tagIds": [vip] });
        let link = mutate(&desk.admin, "diversionLinkCreate", named("Page"), "diversionLink { id }").await;
        mutate(&desk.admin, "tagArchive", json!({ "tagId": vip }), "tag { archivedAt }").await;
        assert_eq!(refusal(&desk.admin, "diversionLinkCreate", named("Other")).await, "TAG_NOT_FOUND");
        let front = json!({ "diversionLinkId": link["diversionLink"]["id"], "name": "Front page" });
        let renamed = mutate(&desk.admin, "diversionLinkUpdate", front, "diversionLink { name tags { name } }").await;
        assert_eq!(renamed["diversionLink"], json!({ "name": "Front page", "tags": [{ "name": "VIP" }] }));

        let given = mutate(&agent, "customerTagsRemove", json!({ "customerId": customer, "tagIds": [] }), "customer { tags { name } }").await;
        assert_eq!(given["customer"]["tags"], json!([{ "name": "VIP" }]));
        let given = mutate(&agent, "customerTagsRemove", input.clone(), "customer { tags { name } }").await;
        assert_eq!(given["customer"]["tags"], json!([]));
        assert_eq!(refusal(&agent, "customerTagsAdd", input).await, "TAG_ARCHIVED");
    }

    async fn a_merge_is_told_in_the_sessions_of_customers_who_have_the_tag(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let (from, into) = (called(&desk.admin, &sandbox, "Refund").await, called(&desk.admin, &sandbox, "VIP").await);
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_of(&desk.admin, &session).await["id"].take();
        let input = json!({ "customerId": customer, "tagIds": [from] });
        mutate(&desk.admin, "customerTagsAdd", input, "customer { id }").await;
        let document = "subscription Events($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on SessionUpdated { cause session { customer { tags { name } } } }
        } }";
        let after = event_cursor(&desk.admin, &sandbox).await;
        let mut events = desk.admin.subscribe(document, json!({ "id": sandbox, "after": after })).await;
        mutate(&desk.admin, "tagMerge", json!({ "fromId": from, "intoId": into }), "tag { id }").await;
        assert_eq!(told_of(&mut events, "TAGGING").await["session"]["customer"]["tags"], json!([{ "name": "VIP" }]));
    }

    async fn the_tags_of_a_customer_change_no_session_that_is_over_and_nothing_of_who_is_erased(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let vip = called(&desk.admin, &sandbox, "VIP").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let customer = customer_of(&desk.admin, &session).await;
        let closed = mutate(&desk.admin, "sessionClose", json!({ "sessionId": session }), "session { version }").await;
        let input = json!({ "customerId": customer["id"], "tagIds": [vip] });
        mutate(&desk.admin, "customerTagsAdd", input.clone(), "customer { id }").await;
        let document = "query Version($id: ID!) { session(id: $id) { version customer { tags { name } } } }";
        let seen = desk.admin.query(document, json!({ "id": session })).await["session"].take();
        assert_eq!(seen["version"], closed["session"]["version"]);
        assert_eq!(seen["customer"]["tags"], json!([{ "name": "VIP" }]));

        let erase = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", erase, "customer { erasedAt }").await;
        for mutation in ["customerTagsAdd", "customerTagsRemove"] {
            assert_eq!(refusal(&desk.admin, mutation, input.clone()).await, "CUSTOMER_ERASED", "{mutation}");
        }
    }

    async fn who_handed_a_customer_over_neither_sees_nor_changes_their_tags(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let customer = customer_of(&ada, &session).await["id"].take();
        let vip = called(&desk.admin, &sandbox, "VIP").await;
        let input = json!({ "customerId": customer, "tagIds": [vip] });
        mutate(&ada, "customerTagsAdd", input.clone(), "customer { id }").await;
        let document = "query Tags($id: ID!) { session(id: $id) { customer { tags { name } } } }";
        for (client, tags) in [(&ada, json!([{ "name": "VIP" }])), (&desk.admin, json!([{ "name": "VIP" }]))] {
            let shown = client.query(document, json!({ "id": session })).await["session"]["customer"]["tags"].take();
            assert_eq!(shown, tags);
        }
        give(&ada, &session, &bob).await;
        for (client, tags) in [(&ada, json!([])), (&bob, json!([{ "name": "VIP" }]))] {
            let shown = client.query(document, json!({ "id": session })).await["session"]["customer"]["tags"].take();
            assert_eq!(shown, tags);
        }
        for mutation in ["customerTagsAdd", "customerTagsRemove"] {
            assert_eq!(refusal(&ada, mutation, input.clone()).await, "CUSTOMER_NOT_FOUND", "{mutation}");
        }
    }
}

async fn tags(client: &Client, project: &str, all: bool) -> Vec<Value> {
    let mut data = client.query(TAGS, json!({ "id": project, "all": all })).await;
    serde_json::from_value(data["project"]["tags"].take()).unwrap()
}

/// The id of the tag with this name.
async fn called(client: &Client, project: &str, name: &str) -> String {
    let tags = tags(client, project, true).await;
    text(&tags.iter().find(|tag| tag["name"] == name).unwrap()["id"])
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
