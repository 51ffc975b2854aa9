//! What cannot be simulated is refused, each with a reason of its own.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::{ADA, Story, messages, perform};
use crate::stage::{Desk, Telegram, customer_writes, errors_of, project_called, reply, sandbox, until_session};

on_both_engines! {
    async fn a_project_on_telegram_is_no_sandbox(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;
        telegram.customer_writes(ADA, "hello").await;
        let session = until_session(&desk.admin, &project, ADA).await;
        let message = messages(&desk.admin, &session).await[0]["id"].clone();
        let user = ADA.to_string();
        for (mutation, field, input) in [
            ("sandboxCustomerSend", "updateId", json!({"projectId": project, "telegramUserId": user, "text": "a"})),
            ("sandboxCustomerBlock", "updateId", json!({"projectId": project, "telegramUserId": user})),
            ("sandboxCustomerUnblock", "updateId", json!({"projectId": project, "telegramUserId": user})),
            ("sandboxUpdatePush", "updateId", json!({"projectId": project, "json": "{\"poll\":{}}"})),
            ("sandboxFaultInject", "arranged", json!({"projectId": project, "kind": "VANISH"})),
            ("sandboxFaultsClear", "clearedCount", json!({"projectId": project})),
            ("sandboxCustomerEdit", "updateId", json!({"messageId": message, "text": "a"})),
            ("sandboxCustomerReact", "updateId", json!({"messageId": message, "emoji": []})),
            ("sandboxButtonPress", "updateId", json!({"messageId": message, "data": "a"})),
        ] {
            let payload = perform(&desk.admin, mutation, field, input).await;
            assert_eq!(errors_of(&payload), ["NOT_A_SANDBOX"], "{mutation}: {payload}");
        }
    }

    async fn messages_of_a_session_that_an_agent_does_not_see_are_none_of_theirs(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        customer_writes(&desk.admin, &sandbox, ADA, "hello").await;
        let session = until_session(&desk.admin, &sandbox, ADA).await;
        let message = messages(&desk.admin, &session).await[0]["id"].clone();
        let tries = || [
            ("sandboxCustomerEdit", json!({"messageId": message, "text": "a"})),
            ("sandboxCustomerReact", json!({"messageId": message, "emoji": ["👍"]})),
            ("sandboxButtonPress", json!({"messageId": message, "data": "a"})),
        ];
        let waiting = perform(&ada, "sandboxCustomerEdit", "updateId", json!({"messageId": message, "text": "b"})).await;
        assert_eq!(errors_of(&waiting), [""; 0], "it waits for everybody");
        reply(&desk.admin, &session, "good day").await;
        for (mutation, input) in tries() {
            let payload = perform(&ada, mutation, "updateId", input).await;
            assert_eq!(errors_of(&payload), ["MESSAGE_NOT_FOUND"], "{mutation}: {payload}");
        }
    }

    async fn what_telegram_would_not_have_is_not_sent(engine: Engine) {
        let story = Story::begin(engine).await;
        let place = |latitude: f64| json!({"latitude": latitude, "longitude": 0.0});
        for (more, code) in [
            (json!({}), "TEXT_EMPTY"),
            (json!({"text": " "}), "TEXT_EMPTY"),
            (json!({"text": "x".repeat(4097)}), "TEXT_TOO_LONG"),
            (json!({"media": {"kind": "PHOTO"}, "text": "x".repeat(1025)}), "TEXT_TOO_LONG"),
            (json!({"media": {"kind": "PHOTO", "sizeBytes": 0}}), "MEDIA_MALFORMED"),
            (json!({"media": {"kind": "PHOTO", "width": 0}}), "MEDIA_MALFORMED"),
            (json!({"media": {"kind": "VOICE", "durationSeconds": -1}}), "MEDIA_MALFORMED"),
            (json!({"media": {"kind": "DOCUMENT", "name": "x".repeat(256)}}), "MEDIA_MALFORMED"),
            (json!({"media": {"kind": "PHOTO"}, "location": place(0.0)}), "CONTENT_AMBIGUOUS"),
            (json!({"text": "a", "location": place(0.0)}), "CONTENT_AMBIGUOUS"),
            (json!({"location": place(91.0)}), "LOCATION_MALFORMED"),
            (json!({"contact": {"phoneNumber": "", "name": "Ada"}}), "CONTENT_INCOMPLETE"),
            (json!({"poll": {"question": "?", "options": []}}), "POLL_MALFORMED"),
            (json!({"text": "a", "albumId": "x"}), "ALBUM_MALFORMED"),
            (json!({"media": {"kind": "PHOTO"}, "albumId": ""}), "ALBUM_MALFORMED"),
            (json!({"text": "a", "username": "x"}), "USERNAME_MALFORMED"),
            (json!({"text": "a", "languageCode": "no tag"}), "LANGUAGE_CODE_MALFORMED"),
            (json!({"text": "a", "name": ""}), "NAME_MALFORMED"),
            (json!({"text": "a", "telegramUserId": "-1"}), "TELEGRAM_USER_ID_MALFORMED"),
            (json!({"text": "a", "replyToId": "x"}), "INVALID_ID"),
        ] {
            let payload = story.sends(ADA, more.clone()).await;
            assert_eq!(errors_of(&payload), [code], "{more}");
            assert_eq!((&payload["updateId"], &payload["telegramMessageId"]), (&Value::Null, &Value::Null));
        }
    }

    async fn what_is_no_fault_and_no_update_is_not_arranged(engine: Engine) {
        let story = Story::begin(engine).await;
        for (mutation, field, more, code) in [
            ("sandboxFaultInject", "arranged", json!({"kind": "DELAY"}), "FIELDS_MISMATCH"),
            ("sandboxFaultInject", "arranged", json!({"kind": "VANISH", "errorCode": 400}), "FIELDS_MISMATCH"),
            ("sandboxFaultInject", "arranged", json!({"kind": "DELAY", "delayMilliseconds": 0}), "DELAY_OUT_OF_RANGE"),
            ("sandboxFaultInject", "arranged", json!({"kind": "REFUSE", "errorCode": 500}), "ERROR_CODE_UNKNOWN"),
            (
                "sandboxFaultInject",
                "arranged",
                json!({"kind": "REFUSE", "errorCode": 400, "description": ""}),
                "DESCRIPTION_MALFORMED",
            ),
            (
                "sandboxFaultInject",
                "arranged",
                json!({"kind": "FLOOD", "retryAfterSeconds": 90_000}),
                "RETRY_AFTER_OUT_OF_RANGE",
            ),
            ("sandboxFaultInject", "arranged", json!({"kind": "VANISH", "method": "send message"}), "METHOD_MALFORMED"),
            (
                "sandboxFaultInject",
                "arranged",
                json!({"kind": "VANISH", "telegramChatId": "x"}),
                "TELEGRAM_CHAT_ID_MALFORMED",
            ),
            ("sandboxFaultInject", "arranged", json!({"kind": "VANISH", "count": 0}), "COUNT_OUT_OF_RANGE"),
            ("sandboxUpdatePush", "updateId", json!({"json": "[]"}), "NOT_AN_UPDATE"),
            ("sandboxUpdatePush", "updateId", json!({"json": "{}"}), "NOT_AN_UPDATE"),
            ("sandboxUpdatePush", "updateId", json!({"json": "{\"update_id\":1,\"poll\":{}}"}), "NOT_AN_UPDATE"),
            ("sandboxUpdatePush", "updateId", json!({"json": format!("{{\"a\":\"{}\"}}", "x".repeat(65_536))}), "TOO_LONG"),
            ("sandboxCustomerBlock", "updateId", json!({"telegramUserId": "0"}), "TELEGRAM_USER_ID_MALFORMED"),
        ] {
            let input = story.input(json!({}), more.clone());
            let payload = perform(&story.desk.admin, mutation, field, input).await;
            assert_eq!(errors_of(&payload), [code], "{more}");
        }
    }

    async fn a_customer_changes_only_what_is_theirs_and_there(engine: Engine) {
        let story = Story::begin(engine).await;
        let session = story.session(ADA).await;
        let hello = messages(&story.desk.admin, &session).await[0]["id"].clone();
        let answer = story.answers(&session, json!({"text": "hi"})).await;
        story.until_delivery(ADA, &answer, "SENT").await;
        story.sent(ADA, json!({"dice": {"value": 3}})).await;
        let dice = story.until_message(ADA, |message| message["kind"] == "dice").await["id"].clone();
        for (mutation, input, code) in [
            ("sandboxCustomerEdit", json!({"messageId": answer, "text": "a"}), "NOT_THEIRS"),
            ("sandboxCustomerEdit", json!({"messageId": dice, "text": "a"}), "NO_TEXT"),
            ("sandboxCustomerEdit", json!({"messageId": hello, "text": ""}), "TEXT_EMPTY"),
            ("sandboxCustomerEdit", json!({"messageId": hello, "text": "x".repeat(4097)}), "TEXT_TOO_LONG"),
            ("sandboxCustomerEdit", json!({"messageId": story.sandbox, "text": "a"}), "INVALID_ID"),
            ("sandboxCustomerReact", json!({"messageId": hello, "emoji": ["👍", "👍"]}), "EMOJI_MALFORMED"),
            ("sandboxCustomerReact", json!({"messageId": hello, "emoji": [""]}), "EMOJI_MALFORMED"),
            ("sandboxButtonPress", json!({"messageId": hello, "label": "Yes"}), "BUTTON_NOT_FOUND"),
        ] {
            let payload = perform(&story.desk.admin, mutation, "updateId", input.clone()).await;
            assert_eq!(errors_of(&payload), [code], "{mutation} {input}");
        }
        let other = story.session(8).await;
        let theirs = messages(&story.desk.admin, &other).await[0]["id"].clone();
        let payload = story.sends(ADA, json!({"text": "a", "replyToId": theirs})).await;
        assert_eq!(errors_of(&payload), ["REPLY_TO_NOT_FOUND"]);
    }
}
