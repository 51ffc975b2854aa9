//! Canned replies: texts that agents have ready, with something of the customer's in them.

use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use crate::notes::refusal;
use crate::stage::{
    Desk, customer_writes, errors_of, id_of, mutate, project_called, sandbox, send, try_mutate, until_session,
};

on_both_engines! {
    async fn a_canned_reply_reads_as_the_customer_would_get_it(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let texts = json!([
            { "text": "Hello {customer.name}, here is {agent.name} of {project.name} about #{session.number}. \
                {attribute.plan|Your plan} {{fits}} {customer.username} {customer.username}" },
            { "language": "de", "text": "Hallo {customer.username|du}!" },
        ]);
        let input = json!({ "projectId": sandbox, "shared": true, "shortcut": "/Hello", "title": "Hello", "texts": texts });
        assert_eq!(refusal(&ada, "cannedReplyCreate", input.clone()).await, "NOT_SUPERVISOR");
        let made = mutate(&desk.admin, "cannedReplyCreate", input.clone(), "cannedReply { id shared shortcut owner { id } }").await;
        let id = made["cannedReply"]["id"].as_str().unwrap().to_owned();
        assert_eq!(made["cannedReply"]["shortcut"], "hello");
        assert_eq!(made["cannedReply"]["shared"], true);
        let expected = "Hello Customer 7, here is ada@desk.test of Sandbox about #1. Your plan {fits} \
            {customer.username} {customer.username}";
        let shown = preview(&ada, &id, &session).await;
        assert_eq!(shown, json!({ "text": expected, "language": null, "missing": ["customer.username"] }));
        let said = json!([{ "telegramUserId": "7", "attributes": [{ "name": "plan", "text": "Gold" }] }]);
        let push = json!({ "projectId": sandbox, "customers": said });
        mutate(&desk.admin, "customerAttributesSet", push, "results { userErrors { code } }").await;
        let text = preview(&ada, &id, &session).await["text"].take();
        assert_eq!(text, expected.replace("Your plan", "Gold"));

        send(&ada, json!({ "sessionId": session, "text": "Hello!", "cannedReplyId": id })).await;
        assert_eq!(replies(&ada, &sandbox).await[0]["uses"], 1);

        for (change, code) in [
            (json!({ "texts": [{ "text": "{customer.age}" }] }), "UNKNOWN_PLACEHOLDER"),
            (json!({ "texts": [] }), "TEXT_EMPTY"),
            (json!({ "texts": [{ "language": "de", "text": "Hallo" }] }), "NO_FALLBACK"),
            (json!({ "shortcut": "two words" }), "SHORTCUT_MALFORMED"),
            (json!({ "shortcut": "HELLO" }), "SHORTCUT_TAKEN"),
            (json!({ "title": "" }), "TITLE_EMPTY"),
        ] {
            let mut input = input.clone();
            for (name, value) in change.as_object().unwrap() {
                input[name] = value.clone();
            }
            assert_eq!(refusal(&desk.admin, "cannedReplyCreate", input).await, code);
        }
        let change = json!({ "cannedReplyId": id, "title": "Welcome", "texts": [{ "text": "Hi" }], "expectedVersion": 1 });
        let changed = mutate(&desk.admin, "cannedReplyUpdate", change.clone(), "cannedReply { title version texts { text } }").await;
        assert_eq!(changed["cannedReply"], json!({ "title": "Welcome", "version": 2, "texts": [{ "text": "Hi" }] }));
        let conflict = try_mutate(&desk.admin, "cannedReplyUpdate", change, "cannedReply { version }").await;
        assert_eq!((errors_of(&conflict), &conflict["cannedReply"]["version"]), (vec!["VERSION_CONFLICT"], &json!(2)));
        assert_eq!(refusal(&ada, "cannedReplyDelete", json!({ "cannedReplyId": id })).await, "NOT_SUPERVISOR");
        let gone = "deletedCannedReplyId project { id }";
        let deleted = mutate(&desk.admin, "cannedReplyDelete", json!({ "cannedReplyId": id }), gone).await;
        assert_eq!((&deleted["deletedCannedReplyId"], &deleted["project"]["id"]), (&json!(id), &json!(sandbox)));
        assert_eq!(replies(&ada, &sandbox).await, json!([]));
        let input = json!({ "sessionId": session, "text": "Hello!", "cannedReplyId": id });
        assert_eq!(refusal(&ada, "messageSend", input).await, "CANNED_REPLY_NOT_FOUND");
    }

    async fn a_canned_reply_speaks_the_customers_language(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let texts = json!([
            { "text": "Hello {customer.username|there}!" },
            { "language": "de", "text": "Hallo {customer.username|du}!" },
            { "language": "pt-BR", "text": "Oi!" },
        ]);
        let id = shared(&desk.admin, &sandbox, texts).await;
        for (customer, language, username, expected) in [
            (7, "de", Value::Null, json!({ "text": "Hallo du!", "language": "de", "missing": [] })),
            (8, "de-AT", json!("kimberly"), json!({ "text": "Hallo kimberly!", "language": "de", "missing": [] })),
            (9, "pt-br", Value::Null, json!({ "text": "Oi!", "language": "pt-br", "missing": [] })),
            (10, "pt", Value::Null, json!({ "text": "Hello there!", "language": null, "missing": [] })),
        ] {
            let input = json!({ "projectId": sandbox, "telegramUserId": customer.to_string(), "languageCode": language,
                "username": username, "text": "hello" });
            mutate(&desk.admin, "sandboxCustomerSend", input, "").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            assert_eq!(preview(&desk.admin, &id, &session).await, expected, "{language}");
        }
    }

    async fn who_left_a_session_gets_nothing_later_by_a_canned_reply(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let texts = json!([{ "text": "Here is {attribute.plan|your plan} for {customer.name}" }]);
        let id = shared(&desk.admin, &sandbox, texts).await;
        let push = async |plan: &str| {
            let said = json!([{ "telegramUserId": "7", "attributes": [{ "name": "plan", "text": plan }] }]);
            let push = json!({ "projectId": sandbox, "customers": said });
            mutate(&desk.admin, "customerAttributesSet", push, "results { userErrors { code } }").await;
        };
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        send(&ada, json!({ "sessionId": session, "text": "good day" })).await;
        push("Silver").await;
        let text = async |client: &Client| preview(client, &id, &session).await["text"].take();
        assert_eq!(text(&ada).await, "Here is Silver for Customer 7");
        let to_bob = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", to_bob, "session { id }").await;
        push("Gold").await;
        assert_eq!(text(&bob).await, "Here is Gold for Customer 7");
        assert_eq!(text(&ada).await, "Here is your plan for Customer 7");
    }

    async fn what_agents_have_ready_for_themselves_nobody_else_sees(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "admin").await;
        let mut ids = Vec::new();
        for client in [&ada, &bob] {
            let input = json!({ "projectId": sandbox, "shortcut": "hi", "title": "Hi", "texts": [{ "text": "Hi!" }] });
            let made = mutate(client, "cannedReplyCreate", input, "cannedReply { id shared owner { email } }").await;
            assert_eq!(made["cannedReply"]["shared"], false);
            ids.push(made["cannedReply"]["id"].as_str().unwrap().to_owned());
        }
        assert_eq!(replies(&ada, &sandbox).await[0]["id"], *ids[0]);
        assert_eq!(replies(&bob, &sandbox).await.as_array().unwrap().len(), 1);
        let node = "query Node($id: ID!) { node(id: $id) { id } }";
        assert_eq!(bob.query(node, json!({ "id": ids[0] })).await["node"], Value::Null);
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&bob, &sandbox, 7).await;
        assert_eq!(preview(&bob, &ids[0], &session).await, Value::Null);
        for mutation in ["cannedReplyUpdate", "cannedReplyDelete"] {
            let input = json!({ "cannedReplyId": ids[0] });
            assert_eq!(refusal(&bob, mutation, input).await, "CANNED_REPLY_NOT_FOUND", "{mutation}");
        }
        let input = json!({ "sessionId": session, "text": "Hi!", "cannedReplyId": ids[0] });
        assert_eq!(refusal(&bob, "messageSend", input).await, "CANNED_REPLY_NOT_FOUND");
        mutate(&ada, "cannedReplyDelete", json!({ "cannedReplyId": ids[0] }), "project { id }").await;

        // A session of another project tells nothing to one of this.
        let input = json!({ "name": "New", "sandbox": true });
        mutate(&desk.admin, "projectCreate", input, "project { id }").await;
        let new = project_called(&desk.admin, "New").await;
        customer_writes(&desk.admin, &new, 7, "hello").await;
        let elsewhere = until_session(&desk.admin, &new, 7).await;
        let input = json!({ "projectId": sandbox, "shortcut": "x", "title": "X", "texts": [{ "text": "X" }] });
        let made = mutate(&desk.admin, "cannedReplyCreate", input, "cannedReply { id }").await;
        assert_eq!(preview(&desk.admin, made["cannedReply"]["id"].as_str().unwrap(), &elsewhere).await, Value::Null);
    }
}

/// A canned reply that all agents of a project have, and its id.
async fn shared(client: &Client, project: &str, texts: Value) -> String {
    let input = json!({ "projectId": project, "shared": true, "shortcut": "hello", "title": "Hello", "texts": texts });
    let made = mutate(client, "cannedReplyCreate", input, "cannedReply { id }").await;
    made["cannedReply"]["id"].as_str().unwrap().to_owned()
}

async fn preview(client: &Client, id: &str, session: &str) -> Value {
    let document = "query Preview($id: ID!, $session: ID!) {
        cannedReplyPreview(cannedReplyId: $id, sessionId: $session) { text language missing }
    }";
    client.query(document, json!({ "id": id, "session": session })).await["cannedReplyPreview"].take()
}

async fn replies(client: &Client, project: &str) -> Value {
    let document = "query Replies($id: ID!) { project(id: $id) { cannedReplies { id shortcut uses } } }";
    client.query(document, json!({ "id": project })).await["project"]["cannedReplies"].take()
}
