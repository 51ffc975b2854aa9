//! What became of one attempt to send something.

use std::time::Duration;

use domain::ChatId;

use super::{RawJson, envelope::Envelope, exchange::Exchange, fields::Fields};

/// How long to wait when Telegram says 429 and does not say for how long.
pub const DEFAULT_RETRY_AFTER: Duration = Duration::from_secs(5);

/// The longest wait that is believed. Telegram asks for hours at times; more than a week is a
/// mistake somewhere, and arithmetic on times must not overflow because of it.
pub const MAX_RETRY_AFTER: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// What became of one attempt, in the terms in which the outbox settles it.
///
/// Descriptions are Telegram's own words and may be shown to agents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Telegram carried the call out. What the result looks like does not change that.
    Sent {
        /// The number of the new message, when the result is one message.
        message_id: Option<i64>,
        /// The result, unless it could not be read.
        result: Option<RawJson>,
    },
    /// Nothing was sent; Telegram asks to wait this long first (429).
    RetryAfter(Duration),
    /// The chat does not take messages from this bot (403).
    Blocked {
        /// Why, as far as the desk treats it differently.
        kind: BlockKind,
        /// Telegram's words.
        description: String,
    },
    /// Telegram refused the call and would refuse it again (400 and other 4xx).
    Refused {
        /// Why, as far as the desk treats it differently.
        kind: RefusalKind,
        /// Telegram's code.
        error_code: i64,
        /// Telegram's words.
        description: String,
    },
    /// Nothing was sent; the group has become a supergroup and has this number now.
    Migrated {
        /// The number to send to.
        to_chat_id: ChatId,
    },
    /// Telegram does not know the token: it was revoked or mistyped (401, and 404 for a token
    /// of the wrong form).
    Unauthorized,
    /// Nothing was sent: no connection came about. Safe to repeat.
    NotSent(String),
    /// The request went out and no usable answer came back (time-out, reset, 5xx, garbage), so
    /// nobody can tell whether the customer has the message.
    Unknown(String),
}

/// Why a chat does not take messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The customer blocked the bot.
    BlockedByUser,
    /// The account no longer exists.
    UserDeactivated,
    /// The bot was removed from the group or channel, or is not a member of it.
    Kicked,
    /// Another reason; see the description.
    Other,
}

/// Why a call was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefusalKind {
    /// The edit would change nothing, so the wanted state is reached already.
    NotModified,
    /// The chat does not exist or the bot has never met it.
    ChatNotFound,
    /// The message to edit, delete, pin, copy or forward is gone.
    MessageNotFound,
    /// The message to reply to is gone.
    ReplyTargetNotFound,
    /// There is no text to show.
    TextEmpty,
    /// The text or caption is longer than Telegram takes.
    TooLong,
    /// The formatting of the text is wrong.
    EntitiesInvalid,
    /// The quotation is not in the message that is answered.
    QuoteInvalid,
    /// A button cannot be shown.
    ButtonInvalid,
    /// The file is larger than Telegram takes.
    FileTooBig,
    /// The file is not what it is sent as, is damaged, or its handle is not one of this bot.
    FileInvalid,
    /// The customer takes no voice messages.
    VoiceForbidden,
    /// The bot may not write in the chat, or not this kind of message.
    WriteForbidden,
    /// The bot may not pin.
    PinForbidden,
    /// The message cannot be deleted: it is too old, or the bot may not.
    DeleteForbidden,
    /// The message cannot be edited: it is too old, or not the bot's.
    EditForbidden,
    /// The topic is closed or gone.
    TopicClosed,
    /// The business account no longer lets the bot in, or the customer has not written there of late.
    BusinessInvalid,
    /// The desk itself could not make the call, for a reason that is in the description.
    Own,
    /// Another reason; see the description.
    Other,
}

impl Attempt {
    pub(super) fn from_exchange(exchange: Exchange) -> Self {
        match exchange {
            Exchange::Answered { status, body, cut_short } => Self::from_answer(status, &body, cut_short.as_deref()),
            Exchange::NotSent(reason) => Self::NotSent(reason),
            Exchange::Lost(reason) => Self::Unknown(reason),
        }
    }

    fn from_answer(status: u16, body: &[u8], cut_short: Option<&str>) -> Self {
        let envelope = Envelope::read(body);
        match envelope.ok {
            Some(true) => {
                Self::Sent { message_id: envelope.result.as_ref().and_then(message_id), result: envelope.result }
            }
            Some(false) => Self::from_error(status, envelope),
            // Whatever stands before Telegram turned the call away before it got there.
            None if status == 429 => Self::RetryAfter(retry_after(&envelope)),
            None => Self::Unknown(unreadable(status, cut_short)),
        }
    }

    fn from_error(status: u16, envelope: Envelope) -> Self {
        if let Some(chat_id) = envelope.migrate_to_chat_id {
            return Self::Migrated { to_chat_id: ChatId(chat_id) };
        }
        let error_code = envelope.error_code.unwrap_or_else(|| status.into());
        if error_code == 429 {
            return Self::RetryAfter(retry_after(&envelope));
        }
        let description = envelope.description.unwrap_or_else(|| format!("error {error_code} without a description"));
        match error_code {
            401 => Self::Unauthorized,
            404 if is_unknown_token(&description) => Self::Unauthorized,
            403 => Self::Blocked { kind: BlockKind::of(&description), description },
            400..=499 => Self::Refused { kind: RefusalKind::of(&description), error_code, description },
            _ => Self::Unknown(description),
        }
    }
}

/// A token of the wrong form gets a bare “Not Found”; an unknown method says that it is one.
pub(super) fn is_unknown_token(description: &str) -> bool {
    description.eq_ignore_ascii_case("Not Found")
}

pub(super) fn unreadable(status: u16, cut_short: Option<&str>) -> String {
    match cut_short {
        Some(reason) => format!("the answer with HTTP status {status} broke off: {reason}"),
        None => format!("the answer with HTTP status {status} is not one of the Bot API"),
    }
}

/// The wait that a 429 asks for: from its parameters, from its words, or the default.
pub(super) fn retry_after(envelope: &Envelope) -> Duration {
    let said = envelope.description.as_deref().and_then(|description| {
        let (_, seconds) = description.rsplit_once("retry after ")?;
        seconds.trim().parse().ok()
    });
    match envelope.retry_after_seconds.or(said) {
        Some(seconds) => Duration::from_secs(seconds).min(MAX_RETRY_AFTER),
        None => DEFAULT_RETRY_AFTER,
    }
}

fn message_id(result: &RawJson) -> Option<i64> {
    Fields::parse(result.as_str())?.integer("message_id")
}

impl BlockKind {
    fn of(description: &str) -> Self {
        let description = description.to_ascii_lowercase();
        let says = |words: &str| description.contains(words);
        if says("blocked by the user") {
            Self::BlockedByUser
        } else if says("user is deactivated") {
            Self::UserDeactivated
        } else if says("kicked") || says("not a member") || says("chat was deleted") {
            Self::Kicked
        } else {
            Self::Other
        }
    }
}

impl RefusalKind {
    fn of(description: &str) -> Self {
        let description = description.to_ascii_lowercase();
        let says = |words: &str| description.contains(words);
        let says_one_of = |words: &[&str]| words.iter().any(|words| says(words));
        if says_one_of(&["message is not modified", "message_not_modified", "chat_not_modified"]) {
            Self::NotModified
        } else if says("chat not found") || says("peer_id_invalid") {
            Self::ChatNotFound
        } else if says_one_of(&["message to be replied not found", "replied message not found"]) {
            Self::ReplyTargetNotFound
        } else if says("quote") {
            Self::QuoteInvalid
        } else if says_one_of(&[
            "topic_closed",
            "topic_deleted",
            "thread not found",
            "topic is closed",
            "topic not found",
        ]) {
            Self::TopicClosed
        } else if says_one_of(&["business_", "business connection"]) {
            Self::BusinessInvalid
        } else if says_one_of(&[
            "voice_messages_forbidden",
            "restricted receiving of voice",
            "restricted receiving of video messages",
        ]) {
            Self::VoiceForbidden
        } else if says_one_of(&["can't be deleted", "message_delete_forbidden", "can't delete message"]) {
            Self::DeleteForbidden
        } else if says_one_of(&["can't be edited", "message_edit_time_expired", "message can't be edit"]) {
            Self::EditForbidden
        } else if says("pin") && says_one_of(&["rights", "chat_admin_required"]) {
            Self::PinForbidden
        } else if says_one_of(&[
            "not enough rights",
            "have no rights",
            "need administrator rights",
            "chat_write_forbidden",
            "chat_restricted",
            "chat_admin_required",
            "_forbidden",
            "user_is_blocked",
        ]) {
            Self::WriteForbidden
        } else if says_one_of(&["file is too big", "request entity too large", "file_too_big", "too big for a"]) {
            Self::FileTooBig
        } else if says_one_of(&[
            "wrong file identifier",
            "wrong remote file",
            "invalid file",
            "file must be non-empty",
            "file is empty",
            "type of file mismatch",
            "photo_",
            "image_process_failed",
            "video_",
            "media_",
            "sticker_",
            "audio_",
            "there is no ",
            "failed to get http url content",
            "wrong type of the web page content",
        ]) {
            Self::FileInvalid
        } else if says_one_of(&["button", "reply markup", "inline keyboard"]) {
            Self::ButtonInvalid
        } else if says("message to") && says("not found") || says("message_id_invalid") {
            Self::MessageNotFound
        } else if says("text is empty") || says("text must be non-empty") {
            Self::TextEmpty
        } else if says("is too long") || says("_too_long") {
            Self::TooLong
        } else if says("entities") || says("entity_") {
            Self::EntitiesInvalid
        } else {
            Self::Other
        }
    }
}

#[cfg(test)]
mod tests {
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
}
