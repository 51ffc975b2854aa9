//! What answers of Telegram are taken for.

use super::*;
use proptest::prelude::*;

fn answer(status: u16, body: &str) -> Attempt {
    Attempt::from_answer(status, body.as_bytes(), None)
}

fn refusal(description: &str) -> RefusalKind {
    let body = serde_json::json!({"ok": false, "error_code": 400, "description": description});
    match answer(400, &body.to_string()) {
        Attempt::Refused { kind, .. } => kind,
        other => panic!("{other:?}"),
    }
}

fn block(description: &str) -> BlockKind {
    let body = serde_json::json!({"ok": false, "error_code": 403, "description": description});
    match answer(403, &body.to_string()) {
        Attempt::Blocked { kind, .. } => kind,
        other => panic!("{other:?}"),
    }
}

#[test]
fn ok_is_sent_whatever_the_result_looks_like() {
    let id = |body: &str| match answer(200, body) {
        Attempt::Sent { message_id, .. } => message_id,
        other => panic!("{body}: {other:?}"),
    };
    assert_eq!(id(r#"{"ok":true,"result":{"message_id":12,"x":[]}}"#), Some(12));
    assert_eq!(id(r#"{"ok":true,"result":true}"#), None);
    assert_eq!(id(r#"{"ok":true,"result":[{"message_id":12}]}"#), None);
    assert_eq!(id(r#"{"ok":true,"result":{"message_id":"twelve"}}"#), None);
    assert_eq!(id(r#"{"ok":true,"result":{"mess"#), None);
    assert_eq!(id(r#"{"ok":true}"#), None);
}

#[test]
fn a_flood_limit_says_how_long_to_wait() {
    let wait = |body: &str| match answer(429, body) {
        Attempt::RetryAfter(wait) => wait.as_secs(),
        other => panic!("{body}: {other:?}"),
    };
    assert_eq!(wait(r#"{"ok":false,"error_code":429,"parameters":{"new":{},"retry_after":40}}"#), 40);
    assert_eq!(wait(r#"{"ok":false,"error_code":429,"description":"Too Many Requests: retry after 35"}"#), 35);
    assert_eq!(wait(r#"{"ok":false,"error_code":429}"#), DEFAULT_RETRY_AFTER.as_secs());
    assert_eq!(wait("<html>slow down</html>"), DEFAULT_RETRY_AFTER.as_secs());
    assert_eq!(wait(r#"{"ok":false,"parameters":{"retry_after":99999999999999}}"#), MAX_RETRY_AFTER.as_secs());
}

#[test]
fn a_chat_that_takes_nothing_is_blocked() {
    assert_eq!(block("Forbidden: bot was blocked by the user"), BlockKind::BlockedByUser);
    assert_eq!(block("Forbidden: user is deactivated"), BlockKind::UserDeactivated);
    assert_eq!(block("Forbidden: bot was kicked from the supergroup chat"), BlockKind::Kicked);
    assert_eq!(block("Forbidden: bot is not a member of the channel chat"), BlockKind::Kicked);
    assert_eq!(block("Forbidden: bot can't initiate conversation with a user"), BlockKind::Other);
}

#[test]
fn refusals_are_told_apart() {
    use RefusalKind as Kind;
    for (description, kind) in [
        ("Bad Request: message is not modified: specified new…", Kind::NotModified),
        ("Bad Request: chat not found", Kind::ChatNotFound),
        ("Bad Request: message to edit not found", Kind::MessageNotFound),
        ("Bad Request: MESSAGE_ID_INVALID", Kind::MessageNotFound),
        ("Bad Request: message to be replied not found", Kind::ReplyTargetNotFound),
        ("Bad Request: message text is empty", Kind::TextEmpty),
        ("Bad Request: message is too long", Kind::TooLong),
        ("Bad Request: MESSAGE_TOO_LONG", Kind::TooLong),
        ("Bad Request: can't parse entities: unsupported start tag", Kind::EntitiesInvalid),
        ("Bad Request: ENTITY_BOUNDS_INVALID", Kind::EntitiesInvalid),
        ("Request Entity Too Large", Kind::FileTooBig),
        ("Bad Request: file is too big", Kind::FileTooBig),
        ("Bad Request: wrong file identifier/HTTP URL specified", Kind::FileInvalid),
        ("Bad Request: PHOTO_INVALID_DIMENSIONS", Kind::FileInvalid),
        ("Bad Request: IMAGE_PROCESS_FAILED", Kind::FileInvalid),
        ("Bad Request: type of file mismatch", Kind::FileInvalid),
        ("Bad Request: VOICE_MESSAGES_FORBIDDEN", Kind::VoiceForbidden),
        ("Bad Request: user restricted receiving of voice messages", Kind::VoiceForbidden),
        ("Bad Request: CHAT_WRITE_FORBIDDEN", Kind::WriteForbidden),
        ("Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN", Kind::WriteForbidden),
        ("Bad Request: have no rights to send a message", Kind::WriteForbidden),
        ("Bad Request: not enough rights to send photos to the chat", Kind::WriteForbidden),
        ("Bad Request: not enough rights to manage pinned messages in the chat", Kind::PinForbidden),
        ("Bad Request: message can't be deleted for everyone", Kind::DeleteForbidden),
        ("Bad Request: message can't be deleted", Kind::DeleteForbidden),
        ("Bad Request: message can't be edited", Kind::EditForbidden),
        ("Bad Request: message to pin not found", Kind::MessageNotFound),
        ("Bad Request: message to delete not found", Kind::MessageNotFound),
        ("Bad Request: TOPIC_CLOSED", Kind::TopicClosed),
        ("Bad Request: message thread not found", Kind::TopicClosed),
        ("Bad Request: BUSINESS_CONNECTION_INVALID", Kind::BusinessInvalid),
        ("Bad Request: business connection not found", Kind::BusinessInvalid),
        ("Bad Request: QUOTE_TEXT_INVALID", Kind::QuoteInvalid),
        ("Bad Request: BUTTON_URL_INVALID", Kind::ButtonInvalid),
        ("Bad Request: message caption is too long", Kind::TooLong),
        ("Bad Request: something new", Kind::Other),
    ] {
        assert_eq!(refusal(description), kind, "{description}");
    }
}

#[test]
fn a_refusal_without_words_gets_some() {
    assert_eq!(
        answer(400, r#"{"ok":false}"#),
        Attempt::Refused {
            kind: RefusalKind::Other,
            error_code: 400,
            description: "error 400 without a description".to_owned()
        }
    );
}

#[test]
fn a_group_that_moved_says_where() {
    assert_eq!(
        answer(
            400,
            r#"{"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded to a supergroup chat","parameters":{"migrate_to_chat_id":-1001234567890}}"#
        ),
        Attempt::Migrated { to_chat_id: ChatId(-1_001_234_567_890) }
    );
}

#[test]
fn a_revoked_token_is_not_a_missing_method() {
    let unauthorized = r#"{"ok":false,"error_code":401,"description":"Unauthorized"}"#;
    let not_found = r#"{"ok":false,"error_code":404,"description":"Not Found"}"#;
    let no_method = r#"{"ok":false,"error_code":404,"description":"Not Found: method not found"}"#;
    assert_eq!(answer(401, unauthorized), Attempt::Unauthorized);
    assert_eq!(answer(404, not_found), Attempt::Unauthorized);
    assert!(matches!(answer(404, no_method), Attempt::Refused { error_code: 404, .. }));
}

#[test]
fn what_nobody_can_tell_is_unknown() {
    for (status, body) in [
        (200, ""),
        (200, "<html>"),
        (200, "[]"),
        (200, r#"{"ok":"yes"}"#),
        (302, ""),
        (403, "<html>Forbidden</html>"),
        (502, "Bad Gateway"),
        (500, r#"{"ok":false,"error_code":500,"description":"Internal Server Error"}"#),
        (200, r#"{"ok":false,"error_code":0}"#),
    ] {
        let attempt = answer(status, body);
        assert!(matches!(attempt, Attempt::Unknown(_)), "{status} {body}: {attempt:?}");
    }
}

#[test]
fn an_attempt_does_not_show_what_was_written() {
    let attempt = answer(200, r#"{"ok":true,"result":{"message_id":1,"text":"my secret"}}"#);
    assert!(!format!("{attempt:?}").contains("secret"));
}

proptest! {
    #[test]
    fn no_answer_makes_the_classification_panic(status in 100_u16..600, body in ".{0,200}") {
        answer(status, &body);
    }

    #[test]
    fn only_ok_true_counts_as_sent(
        status in 100_u16..600,
        code in any::<i64>(),
        description in ".{0,40}",
        retry_after in any::<f64>(),
    ) {
        let body = serde_json::json!({
            "ok": false, "error_code": code, "description": description,
            "parameters": {"retry_after": retry_after},
        });
        let attempt = answer(status, &body.to_string());
        let is_sent = matches!(attempt, Attempt::Sent { .. });
        prop_assert!(!is_sent);
    }
}
