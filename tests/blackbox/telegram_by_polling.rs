//! A real bot stands where the sandbox stood; its updates are polled for.

use serde_json::json;
use tests::on_both_engines;

use crate::stage::{Desk, Telegram, messages, project_called, reply, until_session, until_settled, until_written};

/// Says everything that can be said, to see that it does not say too much.
const TALKATIVE: (&str, &str) = ("SWITCHBOARD_LOG", "debug");

on_both_engines! {
    async fn customers_and_agents_talk_through_a_real_bot(engine: Engine) {
        let telegram = Telegram::start().await;
        let (name, value) = TALKATIVE;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings).env(name, value)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        telegram.customer_writes(7, "Where is my parcel?").await;
        let session = until_session(&desk.admin, &project, 7).await;
        reply(&desk.admin, &session, "On its way.").await;
        reply(&desk.admin, &session, "It arrives today.").await;

        assert_eq!(telegram.until_received(7, 2).await, ["On its way.", "It arrives today."]);
        let sent = until_settled(&desk.admin, &session, "It arrives today.").await;
        assert_eq!(sent["delivery"]["state"], "SENT");
        let ledger = telegram.api.ledger();
        let accepted = ledger.sends().last().unwrap();
        assert_eq!(sent["delivery"]["telegramMessageId"], accepted.message_id.to_string());
        assert_eq!(ledger.calls("setWebhook"), 0);

        let (_, secret) = telegram.token().split_once(':').unwrap();
        for unspeakable in [secret, "parcel", "arrives"] {
            desk.server.assert_never_printed(unspeakable);
        }
    }

    async fn an_edit_changes_its_message_even_if_it_comes_first(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        let said = telegram.customer_writes(7, "My order is 123").await;
        telegram.tells(&json!({ "edited_message": message(7, said.message_id, "My order is 124") })).await;
        telegram.customer_writes(7, "and afterwards").await;
        telegram.tells(&json!({ "edited_message": message(8, 500, "as it was meant") })).await;
        telegram.tells(&json!({ "message": message(8, 500, "as it was first") })).await;
        telegram.customer_writes(8, "afterwards").await;

        assert_eq!(until_written(&desk.admin, &project, 8, 2).await, ["as it was meant", "afterwards"]);
        let session = until_session(&desk.admin, &project, 7).await;
        let edited = until_written(&desk.admin, &project, 7, 2).await;
        assert_eq!(edited, ["My order is 124", "and afterwards"]);
        assert!(messages(&desk.admin, &session).await[0]["editedAt"].is_string());
    }

    async fn a_message_that_comes_twice_is_there_once(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        for _ in 0..3 {
            telegram.tells(&json!({ "message": message(7, 500, "only once") })).await;
        }
        telegram.customer_writes(7, "afterwards").await;
        assert_eq!(until_written(&desk.admin, &project, 7, 2).await, ["only once", "afterwards"]);
    }

    async fn twenty_customers_who_write_at_once_each_keep_their_order(engine: Engine) {
        const CUSTOMERS: std::ops::Range<i64> = 1..21;
        const EACH: usize = 10;
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        for number in 0..EACH {
            for customer in CUSTOMERS {
                telegram.customer_writes(customer, &format!("{customer}, number {number}")).await;
            }
        }
        let said = |customer| (0..EACH).map(move |number| format!("{customer}, number {number}"));
        for customer in CUSTOMERS {
            let written = until_written(&desk.admin, &project, customer, EACH).await;
            assert!(written.iter().cloned().eq(said(customer)), "{written:?}");
        }

        // The answers, too: two to each, interleaved.
        let answers = ["first answer", "second answer"];
        let mut sessions = Vec::new();
        for customer in CUSTOMERS {
            sessions.push(until_session(&desk.admin, &project, customer).await);
        }
        for answer in answers {
            for session in &sessions {
                reply(&desk.admin, session, answer).await;
            }
        }
        for customer in CUSTOMERS {
            assert_eq!(telegram.until_received(customer, answers.len()).await, answers);
        }
    }

    async fn updates_that_nobody_knows_do_no_harm(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        for strange in [
            json!({}),
            json!({ "telepathy": { "thought": 1 } }),
            json!({ "message": "not an object" }),
            json!({ "message": { "message_id": "not a number", "chat": { "id": 7, "type": "private" } } }),
            json!({ "message": { "message_id": 9, "date": 0, "chat": { "id": -5, "type": "group", "title": "g" } } }),
            json!({ "callback_query": { "id": "1", "from": user(7), "chat_instance": "1", "data": "x" } }),
            json!({ "my_chat_member": { "chat": { "id": 7, "type": "private" } } }),
        ] {
            telegram.tells(&strange).await;
        }
        let mut hologram = message(7, 500, "");
        hologram.as_object_mut().unwrap().remove("text");
        hologram["hologram"] = json!({ "file_id": "h" });
        telegram.tells(&json!({ "message": hologram })).await;
        telegram.customer_writes(7, "afterwards").await;

        let written = until_written(&desk.admin, &project, 7, 2).await;
        assert_eq!(written, ["", "afterwards"], "a message of an unknown kind is shown as such, without a text");
        let group = until_written(&desk.admin, &project, -5, 1).await;
        assert_eq!(group, [""], "a message is one as long as it has a chat and a number");
    }
}

fn message(customer: i64, message_id: i64, text: &str) -> serde_json::Value {
    json!({
        "message_id": message_id,
        "from": user(customer),
        "chat": { "id": customer, "type": "private", "first_name": format!("Customer {customer}") },
        "date": 1_767_225_600,
        "edit_date": 1_767_225_601,
        "text": text,
    })
}

fn user(customer: i64) -> serde_json::Value {
    json!({ "id": customer, "is_bot": false, "first_name": format!("Customer {customer}") })
}
