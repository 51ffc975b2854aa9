//! Private notes: what agents tell each other in a session, and the customer never sees.

use serde_json::{Value, json};
use tests::graphql::Subscription;
use tests::{Client, Sql, on_both_engines};

use crate::customers_data::{customer_of, export};
use crate::secrets_at_rest::{contains, contents};
use crate::session_life::{HOUR, in_future};
use crate::stage::{
    Desk, PATIENCE, customer_writes, errors_of, event_cursor, id_of, messages, mutate, reply, sandbox, texts,
    try_mutate, until_session,
};

/// What is looked at of a note.
const NOTE: &str = "id text need tried nextStep version editedAt author { email } session { id }";

const NOTES: &str = "query Notes($id: ID!) {
    session(id: $id) { notes(first: 100) { totalCount nodes { id text need nextStep editedAt author { email } } } }
}";

on_both_engines! {
    async fn agents_leave_each_other_notes_that_the_customer_never_sees(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let document = "subscription Notes($id: ID!, $after: String) { sessionEvents(projectId: $id, after: $after) {
            ... on SessionUpdated { cause session { notes(last: 1) { nodes { text } } } }
        } }";
        let after = event_cursor(&desk.admin, &sandbox).await;
        let mut told = ada.subscribe(document, json!({ "id": sandbox, "after": after })).await;

        let input = json!({
            "sessionId": session, "need": " A refund ", "tried": "The card", "nextStep": "Ask the bank",
            "idempotencyKey": "once",
        });
        let note = mutate(&ada, "noteCreate", input.clone(), &format!("note {{ {NOTE} }}")).await["note"].take();
        assert_eq!((&note["need"], &note["tried"]), (&json!("A refund"), &json!("The card")));
        assert_eq!((&note["text"], &note["nextStep"]), (&json!(""), &json!("Ask the bank")));
        assert_eq!((&note["author"]["email"], &note["session"]["id"]), (&json!("ada@desk.test"), &json!(session)));
        let again = mutate(&ada, "noteCreate", input, "note { id }").await;
        assert_eq!(again["note"]["id"], note["id"]);
        let told = told_of(&mut told, "NOTE").await;
        assert_eq!(told["session"]["notes"]["nodes"][0]["text"], "");

        // Nobody needs to answer in the session to write one.
        reply(&ada, &session, "good day").await;
        let second = write(&eve, &session, "be kind").await;
        let listed = notes(&ada, &session).await;
        assert_eq!((&listed["totalCount"], &listed["nodes"][1]["text"]), (&json!(2), &json!("be kind")));
        let written = messages(&desk.admin, &session).await;
        assert_eq!((texts(&written, "INBOUND"), texts(&written, "OUTBOUND")), (vec!["hello"], vec!["good day"]));

        let input = json!({ "noteId": second, "text": "be kind, please" });
        assert_eq!(refusal(&ada, "noteUpdate", input.clone()).await, "NOT_AUTHOR");
        let reworded = mutate(&eve, "noteUpdate", input, &format!("note {{ {NOTE} }}")).await["note"].take();
        assert_eq!((&reworded["text"], &reworded["version"]), (&json!("be kind, please"), &json!(2)));
        assert!(reworded["editedAt"].is_string());
        let input = json!({ "noteId": second, "text": "be quick", "expectedVersion": 1 });
        let conflict = try_mutate(&eve, "noteUpdate", input, "note { text }").await;
        assert_eq!((errors_of(&conflict), &conflict["note"]["text"]), (vec!["VERSION_CONFLICT"], &reworded["text"]));
        for (input, code) in [
            (json!({ "sessionId": session, "text": " \u{200b}" }), "EMPTY"),
            (json!({ "sessionId": session, "tried": "x".repeat(10_001) }), "TOO_LONG"),
            (json!({ "sessionId": session, "text": "other", "idempotencyKey": "once" }), "IDEMPOTENCY_KEY_REUSED"),
            (json!({ "sessionId": second, "text": "x" }), "INVALID_ID"),
        ] {
            assert_eq!(refusal(&ada, "noteCreate", input).await, code);
        }
        let input = json!({ "noteId": second, "text": "" });
        assert_eq!(refusal(&eve, "noteUpdate", input).await, "EMPTY");

        assert_eq!(refusal(&ada, "noteDelete", json!({ "noteId": second })).await, "NOT_AUTHOR");
        let deleted = mutate(&eve, "noteDelete", json!({ "noteId": note["id"] }), "deletedNoteId session { id }").await;
        assert_eq!((&deleted["deletedNoteId"], &deleted["session"]["id"]), (&note["id"], &json!(session)));
        let left = notes(&ada, &session).await;
        assert_eq!((&left["totalCount"], &left["nodes"][0]["id"]), (&json!(1), &json!(second)));
        assert_eq!(node(&ada, note["id"].as_str().unwrap()).await, Value::Null);
        assert_eq!(refusal(&ada, "noteUpdate", json!({ "noteId": note["id"], "text": "x" })).await, "NOTE_NOT_FOUND");

        let audit = Sql::connect(&desk.database).await.unwrap();
        for (action, count) in [("noteCreate", 2), ("noteUpdate", 1), ("noteDelete", 1)] {
            let found = audit
                .number(&format!("SELECT count(*) FROM audit_log WHERE action = '{action}' AND object_kind = 'NOTE'"))
                .await
                .unwrap();
            assert_eq!(found, count, "{action}");
        }
    }

    async fn who_left_a_session_reads_the_notes_as_they_were_then(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let eve = desk.add_agent("eve@desk.test", "Sandbox", "supervisor").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        reply(&ada, &session, "good day").await;
        let own = write(&ada, &session, "own").await;
        let edited = write(&eve, &session, "first").await;
        mutate(&eve, "noteUpdate", json!({ "noteId": edited, "text": "second" }), "note { id }").await;
        let deleted = write(&eve, &session, "deleted later").await;
        give(&ada, &session, &bob).await;

        let later = write(&bob, &session, "a secret").await;
        mutate(&eve, "noteUpdate", json!({ "noteId": edited, "text": "a secret, too" }), "note { id }").await;
        mutate(&eve, "noteUpdate", json!({ "noteId": edited, "text": "a third one" }), "note { id }").await;
        mutate(&eve, "noteDelete", json!({ "noteId": deleted }), "session { id }").await;
        let seen = notes(&ada, &session).await;
        let texts = |notes: &Value| -> Vec<String> {
            notes["nodes"].as_array().unwrap().iter().map(|note| note["text"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!((texts(&seen), &seen["totalCount"]), (vec!["own".into(), "second".into(), "deleted later".into()], &json!(3)));
        assert_eq!(texts(&notes(&bob, &session).await), ["own", "a third one", "a secret"]);
        for (id, text) in [(&own, Some("own")), (&edited, Some("second")), (&deleted, Some("deleted later")), (&later, None)] {
            assert_eq!(node(&ada, id).await["text"].as_str(), text);
        }
        let input = json!({ "sessionId": session, "text": "x" });
        assert_eq!(refusal(&ada, "noteCreate", input).await, "SESSION_NOT_FOUND");
        for mutation in ["noteUpdate", "noteDelete"] {
            let mut input = json!({ "noteId": own });
            if mutation == "noteUpdate" {
                input["text"] = json!("x");
            }
            assert_eq!(refusal(&ada, mutation, input).await, "NOTE_NOT_FOUND", "{mutation}");
        }
        let stranger = desk.add_agent("zoe@desk.test", "Sandbox", "agent").await;
        assert_eq!(node(&stranger, &own).await, Value::Null, "the session is somebody else's");

        give(&bob, &session, &ada).await;
        assert_eq!(texts(&notes(&ada, &session).await), ["own", "a third one", "a secret"], "with full context");
    }

    async fn what_agents_wrote_about_a_customer_is_exported_and_erased(engine: Engine) {
        const WORDS: [&str; 5] =
            ["angry about 4111", "said 4222 before", "will be told 4333", "gone is 4444", "handed over with 4555"];
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        let input = json!({ "sessionId": session, "toAgentId": id_of(&desk.admin).await, "description": WORDS[4] });
        mutate(&desk.admin, "sessionTransfer", input, "session { id }").await;
        let note = write(&desk.admin, &session, WORDS[1]).await;
        mutate(&desk.admin, "noteUpdate", json!({ "noteId": note, "text": WORDS[0] }), "note { id }").await;
        let gone = write(&desk.admin, &session, WORDS[3]).await;
        mutate(&desk.admin, "noteDelete", json!({ "noteId": gone }), "session { id }").await;
        let send_at = in_future(&desk.admin, &sandbox, HOUR).await;
        let input = json!({ "sessionId": session, "text": WORDS[2], "sendAt": send_at, "idempotencyKey": "later" });
        mutate(&desk.admin, "messageSchedule", input, "scheduledMessage { id }").await;
        let customer = customer_of(&desk.admin, &session).await;
        let tags = "query Tags($id: ID!) { project(id: $id) { tags { id preset } } }";
        let tags = desk.admin.query(tags, json!({ "id": sandbox })).await["project"]["tags"].take();
        let input = json!({ "customerId": customer["id"], "tagIds": [tags[0]["id"]] });
        mutate(&desk.admin, "customerTagsAdd", input, "customer { id }").await;

        let (status, document) = export(&desk, &desk.admin, customer["id"].as_str().unwrap()).await;
        assert_eq!(status, 200);
        assert_eq!(document["notes"][0]["content"]["text"], WORDS[0]);
        assert_eq!(document["notes"][0]["before"][0]["text"], WORDS[1]);
        assert!(document["notes"][1]["deletedAt"].is_string(), "{document}");
        assert_eq!(document["transfers"][0]["description"], WORDS[4]);
        assert_eq!(document["scheduledMessages"][0]["text"], WORDS[2]);
        assert_eq!(document["customer"]["tags"].as_array().unwrap().len(), 1);
        let kept = contents(&desk.database).await;
        for words in WORDS {
            assert!(contains(&kept, words), "the search finds {words}");
        }

        let input = json!({ "customerId": customer["id"], "confirmName": customer["name"] });
        mutate(&desk.admin, "customerErase", input, "customer { erasedAt }").await;
        let kept = contents(&desk.database).await;
        for words in WORDS {
            assert!(!contains(&kept, words), "{words} is still there");
        }
        let document = "query Left($id: ID!) {
            session(id: $id) { notes(first: 9) { totalCount } scheduledMessages { id } customer { tags { id } } }
        }";
        let left = desk.admin.query(document, json!({ "id": session })).await["session"].take();
        let nothing = json!({ "notes": { "totalCount": 0 }, "scheduledMessages": [], "customer": { "tags": [] } });
        assert_eq!(left, nothing);
    }
}

/// Writes a note and returns its id.
async fn write(client: &Client, session: &str, text: &str) -> String {
    let input = json!({ "sessionId": session, "text": text });
    let note = mutate(client, "noteCreate", input, "note { id }").await;
    note["note"]["id"].as_str().unwrap().to_owned()
}

async fn notes(client: &Client, session: &str) -> Value {
    client.query(NOTES, json!({ "id": session })).await["session"]["notes"].take()
}

async fn node(client: &Client, id: &str) -> Value {
    let document = "query Node($id: ID!) { node(id: $id) { ... on Note { text } } }";
    client.query(document, json!({ "id": id })).await["node"].take()
}

/// Hands a session to another agent.
pub async fn give(client: &Client, session: &str, to: &Client) {
    let agent = to.query("{ viewer { id } }", Value::Null).await["viewer"]["id"].take();
    mutate(client, "sessionAssign", json!({ "sessionId": session, "agentId": agent }), "session { id }").await;
}

/// The next event with a cause.
pub async fn told_of(events: &mut Subscription, cause: &str) -> Value {
    loop {
        let event = events.next_within(PATIENCE).await["sessionEvents"].take();
        if event["cause"] == cause {
            return event;
        }
    }
}

/// The code with which a mutation is refused.
pub async fn refusal(client: &Client, mutation: &str, input: Value) -> String {
    let payload = try_mutate(client, mutation, input, "__typename").await;
    let codes = errors_of(&payload);
    assert_eq!(codes.len(), 1, "{mutation}: {payload}");
    codes[0].to_owned()
}
