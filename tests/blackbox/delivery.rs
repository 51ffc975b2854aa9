//! What becomes of an answer, whatever Telegram says to it.

use std::time::Duration;

use bot::fake::{ChatState, Fault, FaultScope, Repeat};
use domain::ChatId;
use tests::{Client, eventually, on_both_engines};

use crate::stage::{
    Desk, PATIENCE, Telegram, customer_of, project_called, reply, until_session, until_settled, until_written,
};

on_both_engines! {
    async fn each_kind_of_answer_has_its_state_and_holds_nobody_up(engine: Engine) {
        let story = Story::begin(engine).await;
        // What happens to the first answer, the state it gets, and whether the customer has it.
        let cases = [
            (Fault::delay(Duration::from_millis(300)), "SENT", true),
            (Fault::unreadable_result(), "SENT", true),
            (Fault::too_many_requests(1), "SENT", true),
            (Fault::answer(400, r#"{"ok":false,"error_code":400,"description":"Bad Request: x"}"#), "FAILED", false),
            (Fault::forbidden("Forbidden: x"), "FAILED", false),
            (Fault::server_error(502), "UNKNOWN", false),
            (Fault::garbage(), "UNKNOWN", false),
            (Fault::garbage().after_accepting(), "UNKNOWN", true),
            (Fault::drop_before_accepting(), "UNKNOWN", false),
            (Fault::drop_after_accepting(), "UNKNOWN", true),
        ];
        let mut sessions = Vec::new();
        for (customer, (fault, _, _)) in (1..).zip(&cases) {
            sessions.push(story.session_of(customer).await);
            let sends = FaultScope::method("sendMessage").in_chat(ChatId(customer));
            story.telegram.api.inject(sends, fault.clone(), Repeat::Times(1));
        }
        for session in &sessions {
            reply(&story.desk.admin, session, "first").await;
            reply(&story.desk.admin, session, "second").await;
        }
        for ((customer, session), (fault, state, is_received)) in (1..).zip(&sessions).zip(cases) {
            let second = until_settled(&story.desk.admin, session, "second").await;
            assert_eq!(second["delivery"]["state"], "SENT", "{fault:?}");
            let first = until_settled(&story.desk.admin, session, "first").await;
            assert_eq!(first["delivery"]["state"], state, "{fault:?}");
            assert_eq!(first["delivery"]["error"].is_string(), state != "SENT", "the agent is told why: {first}");
            let expected: &[&str] = if is_received { &["first", "second"] } else { &["second"] };
            assert_eq!(story.telegram.received_by(customer), expected, "{fault:?}");
        }
    }

    async fn what_cannot_go_out_because_telegram_is_away_waits_and_goes_out_in_order(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session_of(7).await;
        story.telegram.api.refuse_connections().await.unwrap();
        let answers = ["first", "second", "third"];
        for answer in answers {
            reply(&story.desk.admin, &session, answer).await;
        }
        story.desk.server.wait_for_log("Telegram cannot be reached").await;
        story.telegram.api.accept_connections().await.unwrap();
        assert_eq!(story.telegram.until_received(7, answers.len()).await, answers);
        for answer in answers {
            assert_eq!(until_settled(&story.desk.admin, &session, answer).await["delivery"]["state"], "SENT");
        }
    }

    async fn a_customer_who_blocks_the_bot_is_out_of_reach_until_they_write_again(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session_of(7).await;
        story.telegram.api.set_chat_state(story.telegram.bot(), ChatId(7), ChatState::BlockedByUser);
        reply(&story.desk.admin, &session, "are you there?").await;
        let refused = until_settled(&story.desk.admin, &session, "are you there?").await;
        assert_eq!(refused["delivery"]["state"], "FAILED");
        until_reachable(&story.desk.admin, &session, false).await;

        story.telegram.customer_writes(7, "I am back").await;
        until_written(&story.desk.admin, &story.project, 7, 2).await;
        until_reachable(&story.desk.admin, &session, true).await;
        reply(&story.desk.admin, &session, "welcome back").await;
        assert_eq!(story.telegram.until_received(7, 1).await, ["welcome back"]);
    }
}

struct Story {
    telegram: Telegram,
    desk: Desk,
    project: String,
}

impl Story {
    async fn begin(engine: tests::Engine) -> Self {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        Self { telegram, desk, project }
    }

    /// The session of a customer who has just written.
    async fn session_of(&self, customer: i64) -> String {
        self.telegram.customer_writes(customer, "hello").await;
        until_session(&self.desk.admin, &self.project, customer).await
    }
}

async fn until_reachable(client: &Client, session: &str, expected: bool) {
    let is_so = || async { (customer_of(client, session).await["reachable"] == expected).then_some(()) };
    eventually(PATIENCE, is_so).await;
}
