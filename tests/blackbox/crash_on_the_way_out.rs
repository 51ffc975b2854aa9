//! The process is killed between each pair of steps of an answer's way to Telegram. Telegram has it once, except for an
//! answer whose request was under way: that one is UNKNOWN, is never sent again, and holds nobody up.

use std::time::Duration;

use bot::fake::Fault;
use serde_json::{Value, json};
use tests::{Engine, Standstill, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, messages, project_called, reply, send, texts, until_session, until_settled,
};

/// How long Telegram takes to answer in the story in which it has accepted the answer already: far longer than it takes
/// to bring the desk's writes to a standstill.
const LATE: Duration = Duration::from_secs(5);

on_both_engines! {
    async fn killed_after_the_answer_was_stored_and_before_it_was_sent(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.telegram.api.refuse_connections().await.unwrap();
        let answer = reply(&story.desk.admin, &story.session, "in between").await;
        assert_eq!(answer["delivery"]["state"], "QUEUED");
        story.desk.server.kill();
        story.telegram.api.accept_connections().await.unwrap();

        let settled = story.after_a_restart().await;
        assert_eq!(settled["delivery"]["state"], "SENT");
        assert_eq!(story.telegram.received_by(7), ["in between", "after"]);
    }

    async fn killed_while_the_request_was_under_way_and_telegram_did_not_get_it(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::vanish_before_accepting());
        reply(&story.desk.admin, &story.session, "in between").await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        story.desk.server.kill();

        let settled = story.after_a_restart().await;
        assert_is_unknown(&settled);
        assert_eq!(story.telegram.received_by(7), ["after"]);
    }

    async fn killed_while_the_request_was_under_way_and_telegram_got_it(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::vanish_after_accepting());
        reply(&story.desk.admin, &story.session, "in between").await;
        story.telegram.until_received(7, 1).await;
        story.desk.server.kill();

        let settled = story.after_a_restart().await;
        assert_is_unknown(&settled);
        assert_eq!(story.telegram.received_by(7), ["in between", "after"]);
    }

    async fn killed_after_telegram_answered_and_before_that_was_stored(engine: Engine) {
        let mut story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::delay(LATE));
        reply(&story.desk.admin, &story.session, "in between").await;
        story.telegram.until_received(7, 1).await;
        let standstill = Standstill::of(&story.desk.database, "outbox").await;
        standstill.until_felt().await;
        // SQLite does not tell who waits, but the desk counts what came of a call before it stores it.
        let url = format!("{}/metrics", story.desk.server.url());
        let counted = || async {
            let page = reqwest::get(&url).await.unwrap().text().await.unwrap();
            if page.contains("switchboard_telegram_sends_total{outcome=\"sent\"}") { Ok(()) } else { Err(page) }
        };
        eventually(PATIENCE, counted).await;
        story.desk.server.kill();
        drop(standstill);

        let settled = story.after_a_restart().await;
        assert_is_unknown(&settled);
        assert_eq!(story.telegram.received_by(7), ["in between", "after"]);
    }

    async fn an_answer_that_is_sent_again_under_its_key_after_a_crash_is_one_message(engine: Engine) {
        let mut story = Story::begin(engine).await;
        let input = json!({ "sessionId": story.session, "text": "in between", "idempotencyKey": "key-1" });
        let first = send(&story.desk.admin, input.clone()).await;
        story.desk.server.kill();

        story.desk.restart().await;
        let second = send(&story.desk.admin, input).await;
        assert_eq!(second["id"], first["id"]);
        let all = messages(&story.desk.admin, &story.session).await;
        assert_eq!(texts(&all, "OUTBOUND"), ["in between"]);
    }
}

fn assert_is_unknown(message: &Value) {
    assert_eq!(message["delivery"]["state"], "UNKNOWN");
    assert!(message["delivery"]["error"].is_string(), "the agent is told why: {message}");
}

/// A desk where a customer waits for an answer.
struct Story {
    telegram: Telegram,
    desk: Desk,
    session: String,
}

impl Story {
    async fn begin(engine: Engine) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings));
        let desk = desk.await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(7, "before").await;
        let session = until_session(&desk.admin, &project, 7).await;
        Self { telegram, desk, session }
    }

    /// Starts the desk again, sends the next answer, and tells what became of the one before once Telegram has the
    /// next.
    async fn after_a_restart(&mut self) -> Value {
        self.telegram.api.clear_faults();
        self.desk.restart().await;
        reply(&self.desk.admin, &self.session, "after").await;
        let after = until_settled(&self.desk.admin, &self.session, "after").await;
        assert_eq!(after["delivery"]["state"], "SENT");
        until_settled(&self.desk.admin, &self.session, "in between").await
    }
}
