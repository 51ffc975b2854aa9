//! Messages that failed or whose fate is unknown are listed, and an agent settles them.

use bot::fake::Fault;
use serde_json::{Value, json};
use tests::{Client, on_both_engines};

use super::{Story, id_of};
use crate::stage::{self, mutate, reply, until_settled};

on_both_engines! {
    async fn what_nobody_can_tell_is_listed_and_sent_again_or_marked(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut ids = Vec::new();
        for text in ["one", "two"] {
            story.telegram.next("sendMessage", Fault::drop_before_accepting());
            let id = story.say(text).await;
            story.until_delivery(&id, "UNKNOWN").await;
            ids.push(id);
        }
        story.telegram.next("sendMessage", Fault::forbidden("Forbidden: x"));
        let failed = story.say("three").await;
        story.until_delivery(&failed, "FAILED").await;
        let list = |state| undelivered(&story.desk.admin, &story.project, state);
        assert_eq!(list(Value::Null).await, ["three", "two", "one"]);
        assert_eq!(list(json!("UNKNOWN")).await, ["two", "one"]);
        assert_eq!(list(json!("FAILED")).await, ["three"]);
        assert_eq!(story.refusal("messageEdit", json!({ "messageId": ids[0], "text": "x" })).await, "NOT_DELIVERED");

        let settle = |id: &str, resolution: &str| json!({ "messageId": id, "resolution": resolution });
        let again = story.change("messageDeliverySettle", settle(&ids[0], "RETRY")).await;
        assert_eq!(again["id"], ids[0], "it is the same message");
        story.change("messageDeliverySettle", settle(&failed, "RETRY")).await;
        story.until_delivery(&failed, "SENT").await;
        assert_eq!(story.telegram.received_by(7), ["one", "three"]);
        let marked = story.change("messageDeliverySettle", settle(&ids[1], "DELIVERED")).await;
        assert_eq!(marked["delivery"]["state"], "SENT");
        story.change("messageDeliverySettle", settle(&ids[1], "DELIVERED")).await;
        assert_eq!(list(Value::Null).await, [""; 0]);
        let refused = story.refusal("messageDeliverySettle", settle(&ids[0], "RETRY")).await;
        assert_eq!(refused, "ALREADY_DELIVERED");
        assert_eq!(story.refusal("messagePin", json!({ "messageId": ids[1] })).await, "NOT_DELIVERED");
        assert_eq!(story.telegram.received_by(7), ["one", "three"]);
    }

    async fn what_was_taken_back_is_for_nobody_to_settle(engine: Engine) {
        let story = Story::begin(engine).await;
        story.hold_back(1).await;
        let taken_back = story.say("one").await;
        story.change("messageDelete", json!({ "messageId": taken_back })).await;
        assert_eq!(story.message(&taken_back).await["delivery"]["state"], "FAILED");
        assert_eq!(undelivered(&story.desk.admin, &story.project, Value::Null).await, [""; 0]);
        story.let_go();
    }

    async fn a_file_is_uploaded_anew_if_telegram_does_not_know_its_name_any_more(engine: Engine) {
        let story = Story::begin(engine).await;
        let media = story.upload_album(1).await;
        let send = || async { id_of(&story.send(json!({ "text": "look", "media": media })).await[0]) };
        story.until_delivery(&send().await, "SENT").await;
        let unknown = "Bad Request: wrong file identifier/HTTP URL specified";
        story.telegram.next("sendPhoto", Fault::error(400, unknown));
        let refused = send().await;
        let failed = story.until_delivery(&refused, "FAILED").await;
        assert!(failed["delivery"]["error"].as_str().unwrap().contains(unknown), "{failed}");
        story.telegram.api.refuse_connections().await.unwrap();
        story.change("messageDeliverySettle", json!({ "messageId": refused, "resolution": "RETRY" })).await;
        story.edit(&refused, "look again").await;
        story.telegram.api.accept_connections().await.unwrap();
        story.until_delivery(&refused, "SENT").await;
        story.until_delivery(&send().await, "SENT").await;
        let calls = story.calls(&["sendPhoto"]);
        let sent: Vec<_> = calls.iter().map(|call| (call.text.as_deref(), call.payload["photo"] == "attach://file0")).collect();
        assert_eq!(sent, [(Some("look"), true), (Some("look again"), true), (Some("look"), false)]);
    }

    async fn to_ask_for_the_same_twice_sends_once(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::drop_before_accepting());
        let id = story.say("once").await;
        story.until_delivery(&id, "UNKNOWN").await;
        story.telegram.api.refuse_connections().await.unwrap();
        for _ in 0..3 {
            let input = json!({ "messageId": id, "resolution": "RETRY" });
            assert_eq!(story.change("messageDeliverySettle", input).await["delivery"]["state"], "QUEUED");
        }
        let input = json!({ "messageId": id, "resolution": "DELIVERED" });
        assert_eq!(story.refusal("messageDeliverySettle", input).await, "ON_ITS_WAY");
        story.telegram.api.accept_connections().await.unwrap();
        story.until_delivery(&id, "SENT").await;
        let after = story.say("after").await;
        story.until_delivery(&after, "SENT").await;
        assert_eq!(story.telegram.received_by(7), ["once", "after"]);
    }

    async fn who_handed_a_session_over_is_shown_nothing_of_it_that_was_not_delivered(engine: Engine) {
        let story = Story::begin(engine).await;
        let Story { telegram, desk, project, session } = &story;
        let ada = desk.add_agent("ada@desk.test", "Telegram", "agent").await;
        let bob = desk.add_agent("bob@desk.test", "Telegram", "agent").await;
        telegram.next("sendMessage", Fault::error(400, "Bad Request: message is strange"));
        reply(&ada, session, "hers").await;
        assert_eq!(until_settled(&ada, session, "hers").await["delivery"]["state"], "FAILED");
        assert_eq!(undelivered(&ada, project, Value::Null).await, ["hers"]);
        assert_eq!(undelivered(&bob, project, Value::Null).await, [""; 0], "it is not his session");

        hand_over(&ada, session, &bob).await;
        telegram.next("sendMessage", Fault::drop_before_accepting());
        reply(&bob, session, "his").await;
        assert_eq!(until_settled(&bob, session, "his").await["delivery"]["state"], "UNKNOWN");
        telegram.next("sendMessage", Fault::error(400, "Bad Request: message is strange"));
        reply(&bob, session, "his as well").await;
        assert_eq!(until_settled(&bob, session, "his as well").await["delivery"]["state"], "FAILED");
        for state in [Value::Null, json!("UNKNOWN"), json!("FAILED")] {
            assert_eq!(undelivered(&ada, project, state).await, [""; 0]);
        }
        let everything = ["his as well", "his", "hers"];
        for client in [&bob, &desk.admin] {
            assert_eq!(undelivered(client, project, Value::Null).await, everything);
        }

        hand_over(&bob, session, &ada).await;
        assert_eq!(undelivered(&ada, project, Value::Null).await, everything);
        assert_eq!(undelivered(&bob, project, Value::Null).await, [""; 0]);
    }
}

/// An agent hands their session to another one.
async fn hand_over(from: &Client, session: &str, to: &Client) {
    let input = json!({ "sessionId": session, "toAgentId": stage::id_of(to).await, "description": "for you" });
    mutate(from, "sessionTransfer", input, "transfer { at }").await;
}

/// The texts of the messages that were not delivered, in the order of the list, which are as many as are counted.
async fn undelivered(client: &Client, project: &str, state: Value) -> Vec<String> {
    let document = "query Undelivered($id: ID!, $state: UndeliveredState) {
        project(id: $id) { undeliveredMessages(state: $state, first: 10) { nodes { text } totalCount } }
    }";
    let data = client.query(document, json!({ "id": project, "state": state })).await;
    let list = &data["project"]["undeliveredMessages"];
    let nodes = list["nodes"].as_array().expect("a list of messages");
    assert_eq!(list["totalCount"], nodes.len());
    nodes.iter().map(|node| node["text"].as_str().expect("a message has a text").to_owned()).collect()
}
