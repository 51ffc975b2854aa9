//! Changing what was sent: who may, what may be changed, and where the cause of a refusal is.

use domain::Role;
use serde_json::{Value, json};

use crate::stage::{Client, Stage};

fn refusal(code: &str, field: &str) -> (String, String) {
    (code.to_owned(), format!("input.{field}"))
}

async fn id_of_last(client: &Client, session: &str) -> Value {
    let query = "query($id: ID!) { session(id: $id) { lastMessage { id } } }";
    client.data(query, json!({ "id": session })).await["session"]["lastMessage"]["id"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_refusals_of_changes() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    let other = stage.agent("other@example.com", Some(Role::Agent)).await;
    let session = stage.session_ids().await.remove(0);
    let said = id_of_last(&admin, &session).await;
    let sent = admin.mutate("messageSend", "message { id }", json!({ "sessionId": session, "text": "Hi" })).await;
    let answer = sent["message"]["id"].clone();

    let unknown = json!({ "messageId": "TWVzc2FnZTo5OTk" });
    for mutation in ["messageDelete", "messagePin", "messageUnpin"] {
        assert_eq!(admin.refusal(mutation, json!({ "messageId": "x" })).await, refusal("INVALID_ID", "messageId"));
        assert_eq!(admin.refusal(mutation, unknown.clone()).await, refusal("MESSAGE_NOT_FOUND", "messageId"));
        let by_other = other.refusal(mutation, json!({ "messageId": answer })).await;
        assert_eq!(by_other, refusal("MESSAGE_NOT_FOUND", "messageId"));
    }
    let own = json!({ "messageId": said });
    assert_eq!(admin.refusal("messageDelete", own).await, refusal("NOT_OWN_MESSAGE", "messageId"));

    let edit = |message: &Value, text: &str| json!({ "messageId": message, "text": text });
    let long = "x".repeat(4097);
    assert_eq!(admin.refusal("messageEdit", edit(&said, "Hi")).await, refusal("NOT_OWN_MESSAGE", "messageId"));
    assert_eq!(admin.refusal("messageEdit", edit(&answer, " ")).await, refusal("TEXT_EMPTY", "text"));
    assert_eq!(admin.refusal("messageEdit", edit(&answer, &long)).await, refusal("TEXT_TOO_LONG", "text"));
    assert_eq!(other.refusal("messageEdit", edit(&answer, "x")).await, refusal("MESSAGE_NOT_FOUND", "messageId"));

    let settle = |resolution: &str| json!({ "messageId": answer, "resolution": resolution });
    assert_eq!(admin.refusal("messageDeliverySettle", settle("DELIVERED")).await, refusal("ON_ITS_WAY", "messageId"));

    // Nobody sends here, so the answer is taken back in time.
    let input = json!({ "messageId": answer });
    let deleted = admin.mutate("messageDelete", "message { deletedAt delivery { state } }", input).await;
    assert_eq!(deleted["message"]["delivery"]["state"], "FAILED");
    assert_eq!(admin.refusal("messageEdit", edit(&answer, "x")).await, refusal("MESSAGE_DELETED", "messageId"));
    assert_eq!(admin.refusal("messageDeliverySettle", settle("RETRY")).await, refusal("MESSAGE_DELETED", "messageId"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_before_the_sending_is_what_is_sent() {
    let stage = Stage::open().await;
    stage.customer_writes(1, "Hello").await;
    let admin = stage.admin().await;
    let session = stage.session_ids().await.remove(0);
    let sent = admin.mutate("messageSend", "message { id }", json!({ "sessionId": session, "text": "Hi" })).await;
    let entities = json!([{ "type": "bold", "offset": 0, "length": 5 }]);
    let input = json!({ "messageId": sent["message"]["id"], "text": "Hello", "entities": entities });
    let edited = admin.mutate("messageEdit", "message { text entities { type } changes { state } }", input).await;
    let expected = json!({ "text": "Hello", "entities": [{ "type": "bold" }], "changes": [] });
    assert_eq!(edited["message"], expected);
}
