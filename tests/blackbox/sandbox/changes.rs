//! Simulated customers change what they wrote, and say what they think.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::{ADA, Story, perform};
use crate::stage::errors_of;

on_both_engines! {
    async fn texts_and_captions_change(engine: Engine) {
        let story = Story::begin(engine).await;
        story.sent(ADA, json!({"text": "My order has not arived"})).await;
        story.sent(ADA, json!({"media": {"kind": "PHOTO"}, "text": "the boks"})).await;
        let typo = story.until_message(ADA, |message| message["kind"] == "text").await;
        let photo = story.until_message(ADA, |message| message["kind"] == "photo").await;
        for (message, text) in [(&typo, "My order has not arrived"), (&photo, "the box")] {
            let input = json!({"messageId": message["id"], "text": text});
            let payload = perform(&story.desk.admin, "sandboxCustomerEdit", "updateId", input).await;
            assert_eq!(errors_of(&payload), [""; 0], "{payload}");
            let edited = story.until_message(ADA, |message| message["text"] == text).await;
            assert_eq!(edited["id"], message["id"]);
            assert!(edited["editedAt"].is_string());
            assert_eq!(edited["media"]["sizeBytes"], message["media"]["sizeBytes"], "the file stays");
        }
    }

    async fn reactions_come_and_go(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        let answer = story.answers(&session, json!({"text": "It is on its way"})).await;
        story.until_delivery(ADA, &answer, "SENT").await;
        for emoji in [json!(["👍"]), json!(["🎉"]), json!([])] {
            let input = json!({"messageId": answer, "emoji": emoji});
            let payload = perform(&story.desk.admin, "sandboxCustomerReact", "updateId", input).await;
            assert_eq!(errors_of(&payload), [""; 0], "{payload}");
            let expected: Vec<Value> = emoji.as_array().unwrap().clone();
            story
                .until_message(ADA, |message| {
                    let reactions = message["reactions"].as_array().unwrap();
                    let shown: Vec<_> = reactions.iter().map(|reaction| reaction["emoji"].clone()).collect();
                    message["id"] == *answer && shown == expected
                })
                .await;
        }
    }
}
