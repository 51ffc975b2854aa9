//! The messages that are pinned in a session.

use serde_json::{Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::notes::give;
use crate::stage::{Desk, PATIENCE, customer_writes, mutate, reply, sandbox, until_session, until_settled};

on_both_engines! {
    async fn a_session_shows_its_pinned_messages_the_newest_pin_first(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&ada, &sandbox, 7).await;
        let mut ids = Vec::new();
        for text in ["one", "two", "three"] {
            ids.push(reply(&ada, &session, text).await["id"].take());
            until_settled(&ada, &session, text).await;
        }
        assert_eq!(pinned(&ada, &session).await, [""; 0]);
        for (id, texts) in [(&ids[1], vec!["two"]), (&ids[0], vec!["one", "two"])] {
            mutate(&ada, "messagePin", json!({ "messageId": id }), "message { id }").await;
            until_pinned(&ada, &session, &texts).await;
        }

        // Who leaves goes on seeing what was pinned then, whatever becomes of it, and nothing that is pinned later.
        give(&ada, &session, &bob).await;
        mutate(&bob, "messagePin", json!({ "messageId": ids[2] }), "message { id }").await;
        until_pinned(&bob, &session, &["three", "one", "two"]).await;
        assert_eq!(pinned(&ada, &session).await, ["one", "two"]);
        mutate(&bob, "messageUnpin", json!({ "messageId": ids[0] }), "message { id }").await;
        until_pinned(&bob, &session, &["three", "two"]).await;
        mutate(&bob, "messageDelete", json!({ "messageId": ids[2] }), "message { id }").await;
        until_pinned(&bob, &session, &["two"]).await;
        mutate(&bob, "messageUnpin", json!({ "messageId": ids[1] }), "message { id }").await;
        until_pinned(&bob, &session, &[]).await;
        assert_eq!(pinned(&ada, &session).await, ["one", "two"]);
    }
}

async fn pinned(client: &Client, session: &str) -> Vec<String> {
    let document = "query Pinned($id: ID!) { session(id: $id) { pinnedMessages { text } } }";
    let shown = client.query(document, json!({ "id": session })).await["session"]["pinnedMessages"].take();
    let text = |message: &Value| message["text"].as_str().unwrap().to_owned();
    shown.as_array().unwrap().iter().map(text).collect()
}

async fn until_pinned(client: &Client, session: &str, texts: &[&str]) {
    let are_shown = || async {
        let shown = pinned(client, session).await;
        if shown == texts { Ok(()) } else { Err(shown) }
    };
    eventually(PATIENCE, are_shown).await;
}
