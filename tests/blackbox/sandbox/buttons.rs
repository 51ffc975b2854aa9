//! Simulated customers tap buttons, and others pretend to.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::{ADA, Story, messages, perform};
use crate::stage::errors_of;

on_both_engines! {
    async fn a_tap_counts_once_for_whom_it_is_meant(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        let buttons = json!([[{"text": "Yes"}, {"text": "No"}], [{"text": "Terms", "url": "https://example.com/"}]]);
        let question = story.answers(&session, json!({"text": "Did it arrive?", "buttons": buttons})).await;
        story.until_delivery(ADA, &question, "SENT").await;

        // Nothing of this is a tap on a button by the customer.
        story.taps(&question, json!({"data": "made up"}), "").await;
        story.taps(&question, json!({"label": "Yes", "telegramUserId": "8"}), "").await;
        // The first of these is, and the last stands for all before it having been worked off.
        story.taps(&question, json!({"label": "Yes"}), "").await;
        story.taps(&question, json!({"label": "Yes"}), "").await;
        story.taps(&question, json!({"row": 0, "column": 1}), "").await;
        story.until_message(ADA, |message| message["kind"] == "callback_query" && message["text"] == "No").await;
        let taps: Vec<Value> = messages(&story.desk.admin, &session).await;
        let taps: Vec<_> = taps.iter().filter(|message| message["kind"] == "callback_query").collect();
        let labels: Vec<_> = taps.iter().map(|message| message["text"].as_str().unwrap()).collect();
        assert_eq!(labels, ["Yes", "No"]);
        assert!(taps.iter().all(|message| message["replyTo"]["id"] == *question), "{taps:?}");

        story.taps(&question, json!({"label": "Maybe"}), "BUTTON_NOT_FOUND").await;
        story.taps(&question, json!({"row": 5, "column": 0}), "BUTTON_NOT_FOUND").await;
        story.taps(&question, json!({"row": -1, "column": 0}), "BUTTON_NOT_FOUND").await;
        story.taps(&question, json!({"label": "Terms"}), "BUTTON_OPENS_PAGE").await;
        story.taps(&question, json!({}), "BUTTON_AMBIGUOUS").await;
        story.taps(&question, json!({"label": "Yes", "data": "x"}), "BUTTON_AMBIGUOUS").await;
        story.taps(&question, json!({"data": "x".repeat(65)}), "DATA_MALFORMED").await;
        story.taps(&question, json!({"label": "Yes", "telegramUserId": "x"}), "TELEGRAM_USER_ID_MALFORMED").await;
    }
}

impl Story {
    /// Taps; `code` is that of the error which is to come of it, if one is.
    async fn taps(&self, message: &str, more: Value, code: &str) {
        let mut input = json!({ "messageId": message });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let payload = perform(&self.desk.admin, "sandboxButtonPress", "updateId", input).await;
        assert_eq!(errors_of(&payload).concat(), code, "{payload}");
    }
}
