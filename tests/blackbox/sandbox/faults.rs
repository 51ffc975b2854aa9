//! The simulated Telegram fails as it is told to.

use serde_json::{Value, json};
use tests::{Engine, Role, on_both_engines};

use super::{ADA, Story};
use crate::stage::{Desk, sandbox};

on_both_engines! {
    async fn each_fault_has_the_outcome_that_telegram_would_give(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        for (fault, state) in [
            (json!({"kind": "DELAY", "delayMilliseconds": 300}), "SENT"),
            (json!({"kind": "FLOOD", "retryAfterSeconds": 1}), "SENT"),
            (json!({"kind": "REFUSE", "errorCode": 400, "description": "Bad Request: not today"}), "FAILED"),
            (json!({"kind": "REFUSE", "errorCode": 403}), "FAILED"),
            (json!({"kind": "VANISH"}), "UNKNOWN"),
        ] {
            story.arranges("sandboxFaultInject", "arranged", once(fault.clone())).await;
            let first = story.answers(&session, json!({"text": format!("{fault}")})).await;
            let second = story.answers(&session, json!({"text": "after it"})).await;
            let message = story.until_delivery(ADA, &first, state).await;
            assert_eq!(message["delivery"]["error"].is_string(), state != "SENT", "{message}");
            story.until_delivery(ADA, &second, "SENT").await;
        }
        let cleared = story.arranges("sandboxFaultsClear", "clearedCount", json!({})).await;
        assert_eq!(cleared["clearedCount"], 0, "each struck once and was gone");
    }

    async fn a_fault_strikes_in_its_chat_until_it_is_cleared(engine: Engine) {
        let story = Story::begin(engine).await;
        let ada = story.session(ADA).await;
        let other = story.session(8).await;
        let refuse = json!({"kind": "REFUSE", "errorCode": 400, "telegramChatId": ADA.to_string()});
        story.arranges("sandboxFaultInject", "arranged", refuse).await;
        for text in ["one", "two"] {
            let lost = story.answers(&ada, json!({ "text": text })).await;
            story.until_delivery(ADA, &lost, "FAILED").await;
        }
        let elsewhere = story.answers(&other, json!({"text": "elsewhere"})).await;
        story.until_delivery(8, &elsewhere, "SENT").await;
        let cleared = story.arranges("sandboxFaultsClear", "clearedCount", json!({})).await;
        assert_eq!(cleared["clearedCount"], 1);
        let answer = story.answers(&ada, json!({"text": "three"})).await;
        story.until_delivery(ADA, &answer, "SENT").await;
    }
}

/// The process that answers the API is not the one that simulates Telegram.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_arranged_reaches_the_process_that_simulates_telegram() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start_with(Engine::Postgres, |settings| settings.role(Role::Api)).await;
    let _bot = desk.settings.clone().role(Role::Bot).start().await;
    let story = Story { sandbox: sandbox(&desk.admin).await, desk };
    let session = story.session(ADA).await;
    story.arranges("sandboxFaultInject", "arranged", once(json!({"kind": "REFUSE", "errorCode": 400}))).await;
    let lost = story.answers(&session, json!({"text": "one"})).await;
    story.until_delivery(ADA, &lost, "FAILED").await;
    story.arranges("sandboxCustomerBlock", "updateId", json!({"telegramUserId": ADA.to_string()})).await;
    let lost = story.answers(&session, json!({"text": "two"})).await;
    story.until_delivery(ADA, &lost, "FAILED").await;
}

/// The same fault for the next sending alone.
fn once(mut fault: Value) -> Value {
    fault["method"] = json!("sendMessage");
    fault["count"] = json!(1);
    fault
}
