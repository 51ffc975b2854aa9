//! Simulated customers block the bot and come back.

use serde_json::{Value, json};
use tests::{eventually, on_both_engines};

use super::{ADA, Story};
use crate::stage::{PATIENCE, customer_of};

on_both_engines! {
    async fn who_blocks_the_bot_gets_nothing_until_they_come_back(engine: Engine) {
        let mut story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        let number = json!({"telegramUserId": ADA.to_string()});
        story.arranges("sandboxCustomerBlock", "updateId", number.clone()).await;
        story.until_reachable(&session, false).await;
        let again = story.arranges("sandboxCustomerBlock", "updateId", number.clone()).await;
        assert_eq!(again["updateId"], Value::Null, "it is so already");

        // The block outlives the process that simulates Telegram.
        story.desk.restart().await;
        let lost = story.answers(&session, json!({"text": "are you there?"})).await;
        let lost = story.until_delivery(ADA, &lost, "FAILED").await;
        let words = lost["delivery"]["error"].as_str().unwrap();
        assert!(words.starts_with("The customer has blocked the bot (Telegram: ") && words.ends_with("."), "{words}");

        story.arranges("sandboxCustomerUnblock", "updateId", number).await;
        story.until_reachable(&session, true).await;
        let answer = story.answers(&session, json!({"text": "welcome back"})).await;
        story.until_delivery(ADA, &answer, "SENT").await;
    }

    async fn who_writes_has_let_the_bot_in(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        story.arranges("sandboxCustomerBlock", "updateId", json!({"telegramUserId": ADA.to_string()})).await;
        story.until_reachable(&session, false).await;
        story.sent(ADA, json!({"text": "I am back"})).await;
        story.until_reachable(&session, true).await;
        let answer = story.answers(&session, json!({"text": "welcome back"})).await;
        story.until_delivery(ADA, &answer, "SENT").await;
    }
}

impl Story {
    async fn until_reachable(&self, session: &str, expected: bool) {
        let is_so = || async { (customer_of(&self.desk.admin, session).await["reachable"] == expected).then_some(()) };
        eventually(PATIENCE, is_so).await;
    }
}
