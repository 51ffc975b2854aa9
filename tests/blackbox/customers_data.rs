//! What is kept of customers is shown to those who may see it, and erased.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::secrets_at_rest::{contains, contents};
use crate::stage::{
    Desk, PATIENCE, Telegram, customer_writes, event_cursor, id_of, messages, mutate, project_called, reply, sandbox,
    sessions, try_mutate, until_session, until_settled, until_written,
};

pub async fn customer_of(client: &Client, session: &str) -> Value {
    let document = "query Customer($id: ID!) { session(id: $id) { customer { id name erasedAt telegramUserId } } }";
    client.query(document, json!({ "id": session })).await["session"]["customer"].take()
}

/// The export of a customer, with its status.
pub async fn export(desk: &Desk, client: &Client, customer: &str) -> (u16, Value) {
    let base = desk.server.url();
    let request = reqwest::Client::new().get(format!("{base}/customers/{customer}/export"));
    let request = match client.token() {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    let answer = request.send().await.unwrap();
    (answer.status().as_u16(), serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap())
}

on_both_engines! {
    async fn what_no_text_can_hold_is_taken_for_left_out_in_filters(engine: Engine) {
        let desk = Desk::start(engine).await;
        let project = sandbox(&desk.admin).await;
        let document = "query Filtered($id: ID!, $customers: CustomerFilter, $entries: AuditFilter) {
            customers(projectId: $id, first: 5, filter: $customers) { totalCount nodes { id } }
            auditEntries(projectId: $id, first: 5, filter: $entries) { nodes { action } }
        }";
        for customers in [
            json!({ "username": "a\0" }),
            json!({ "language": { "eq": "\0" } }),
            json!({ "attributes": [{ "name": "\0", "text": { "in": ["a\0b"] } }] }),
        ] {
            let variables = json!({ "id": project, "customers": customers, "entries": { "actions": ["a\0"] } });
            let shown = desk.admin.query(document, variables).await;
            assert_eq!((&shown["customers"]["nodes"], &shown["auditEntries"]["nodes"]), (&json!([]), &json!([])));
        }
    }

    async fn a_supervisor_exports_what_the_desk_has_of_a_customer(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let agent = desk.add_agent("ada@example.org", "Telegram", "agent").await;
        for number in 0..3 {
            telegram.customer_writes(7, &format!("question {number}")).await;
        }
        telegram.customer_writes(8, "somebody else's words").await;
        until_written(&desk.admin, &project, 8, 1).await;
        let session = until_session(&desk.admin, &project, 7).await;
        until_written(&desk.admin, &project, 7, 3).await;
        let customer = customer_of(&desk.admin, &session).await["id"].as_str().unwrap().to_owned();
        let (status, refusal) = export(&desk, &agent, &customer).await;
        assert_eq!((status, &refusal["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")));
        let words = refusal["errors"][0]["message"].as_str().unwrap();
        assert!(words.starts_with("Only supervisors and administrators") && words.contains("ask one"), "{words}");
        reply(&desk.admin, &session, "the answer").await;
        let (status, refusal) = export(&desk, &agent, &customer).await;
        assert_eq!((status, &refusal["errors"][0]["extensions"]["code"]), (404, &json!("NOT_FOUND")), "not theirs");

        let (status, document) = export(&desk, &desk.admin, &customer).await;
        assert_eq!((status, &document["customer"]["name"]), (200, &json!("Customer 7")));
        assert_eq!(document["sessions"].as_array().unwrap().len(), 1);
        let texts: Vec<&str> =
            document["messages"].as_array().unwrap().iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(texts, ["question 0", "question 1", "question 2", "the answer"]);
        assert_eq!(document["updates"].as_array().unwrap().len(), 3);
        assert!(!document.to_string().contains("somebody else"));

        let stranger = desk.add_stranger("eve@example.org").await;
        let (status, refusal) = export(&desk, &stranger, &customer).await;
        assert_eq!((status, &refusal["errors"][0]["extensions"]["code"]), (404, &json!("NOT_FOUND")));
        assert!(refusal["errors"][0].get("locations").is_none(), "there is no document: {refusal}");
        assert_eq!(export(&desk, &Client::anonymous(desk.server.url()), &customer).await.0, 401);
    }

    async fn nobody_exports_a_customer_by_a_session_or_a_role_that_they_had(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let sue = desk.add_agent("sue@desk.test", "Sandbox", "supervisor").await;
        let mut customers = Vec::new();
        for customer in [7, 8] {
            customer_writes(&desk.admin, &sandbox, customer, "hello").await;
            let session = until_session(&desk.admin, &sandbox, customer).await;
            customers.push(customer_of(&desk.admin, &session).await["id"].as_str().unwrap().to_owned());
        }
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let input = json!({ "sessionId": session, "toAgentId": id_of(&bob).await, "description": "for you" });
        mutate(&ada, "sessionTransfer", input, "transfer { at }").await;
        customer_writes(&desk.admin, &sandbox, 7, "a secret").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;

        // Whoever handed the session over knows the customer still, and whoever has it now does, too.
        for client in [&ada, &bob] {
            let (status, refusal) = export(&desk, client, &customers[0]).await;
            assert_eq!((status, &refusal["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")), "{refusal}");
            assert!(!refusal.to_string().contains("secret"), "{refusal}");
        }
        let (status, document) = export(&desk, &sue, &customers[0]).await;
        assert_eq!(status, 200);
        assert!(document.to_string().contains("a secret"), "{document}");

        // Who is no supervisor any more exports neither those who are none of hers now nor those whom she sees still.
        let set = json!({ "projectId": sandbox, "agentId": id_of(&sue).await, "role": "AGENT" });
        mutate(&desk.admin, "projectRoleSet", set, "member { role }").await;
        for (customer, expected, code) in [(&customers[0], 404, "NOT_FOUND"), (&customers[1], 403, "FORBIDDEN")] {
            let (status, refusal) = export(&desk, &sue, customer).await;
            assert_eq!((status, &refusal["errors"][0]["extensions"]["code"]), (expected, &json!(code)), "{refusal}");
        }
    }

    async fn an_erased_customer_leaves_nothing_behind(engine: Engine) {
        const WORDS: &str = "my card number is 4111";
        const ANSWER: &str = "we have charged the card";
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        let start = event_cursor(&desk.admin, &project).await;
        let said = telegram.customer_writes(5_551_234_567, WORDS).await;
        let session = until_session(&desk.admin, &project, 5_551_234_567).await;
        until_written(&desk.admin, &project, 5_551_234_567, 1).await;
        reply(&desk.admin, &session, ANSWER).await;
        until_settled(&desk.admin, &session, ANSWER).await;
        let edited = json!({ "edited_message": {
            "message_id": said.message_id,
            "date": 1_767_225_600,
            "edit_date": 1_767_225_900,
            "from": { "id": 5_551_234_567_i64, "is_bot": false, "first_name": "Customer 5551234567" },
            "chat": { "id": 5_551_234_567_i64, "type": "private", "first_name": "Customer 5551234567" },
            "text": "I have said too much",
        } });
        telegram.tells(&edited).await;
        let is_edited = || async {
            let written = messages(&desk.admin, &session).await;
            (written[0]["text"] == "I have said too much").then_some(())
        };
        eventually(PATIENCE, is_edited).await;
        let customer = customer_of(&desk.admin, &session).await;
        let kept = contents(&desk.database).await;
        for words in ["I have said too much", ANSWER, "Customer 5551234567"] {
            assert!(contains(&kept, words), "the search finds {words}");
        }

        // A reader who follows along, and one who comes back later, see what is left.
        let document = "subscription Events($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on MessageAdded { message { kind text } } ... on MessageUpdated { cause message { kind text } }
        } }";
        let variables = json!({ "id": project, "after": start });
        let mut reader = desk.admin.subscribe(document, variables.clone()).await;
        reader.next().await.unwrap();

        let input = json!({ "customerId": customer["id"], "confirmName": "somebody" });
        let payload = try_mutate(&desk.admin, "customerErase", input, "customer { id }").await;
        assert_eq!(payload["userErrors"][0]["code"], "NOT_CONFIRMED");
        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { erasedAt name }").await;

        let kept = contents(&desk.database).await;
        for words in [WORDS, "I have said too much", ANSWER, "Customer 5551234567", "5551234567"] {
            assert!(!contains(&kept, words), "{words} is still there");
        }
        let erased = customer_of(&desk.admin, &session).await;
        assert_eq!((&erased["name"], &erased["telegramUserId"]), (&json!(""), &json!("0")));
        assert!(erased["erasedAt"].is_string());
        let (_, exported) = export(&desk, &desk.admin, erased["id"].as_str().unwrap()).await;
        assert_eq!(exported["customer"]["telegramUserId"], "0");
        // Nobody would read an answer.
        let payload = try_mutate(&desk.admin, "sessionReopen", json!({ "sessionId": session }), "session { status }").await;
        assert_eq!(payload["userErrors"][0]["code"], "CUSTOMER_ERASED");
        for message in messages(&desk.admin, &session).await {
            assert_eq!((&message["kind"], &message["text"]), (&json!("erased"), &json!("")));
        }
        loop {
            let event = reader.next().await.unwrap().to_string();
            if event.contains("ERASURE") {
                break;
            }
        }
        let mut replay = desk.admin.subscribe(document, variables).await;
        for _ in 0..4 {
            let event = replay.next().await.unwrap().to_string();
            assert!(!event.contains("said") && !event.contains("charged"), "{event}");
        }

        // Whoever writes again is somebody new, and the same update again changes nothing.
        telegram.customer_writes(5_551_234_567, "hello, it is me").await;
        assert_eq!(until_written(&desk.admin, &project, 5_551_234_567, 1).await, ["hello, it is me"]);
        assert_eq!(sessions(&desk.admin, &project).await.len(), 2);
    }
}
