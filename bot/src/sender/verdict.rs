//! What an answer of Telegram means for a call, in words for the agent.

use std::time::Duration;

use desk::outbox::{Outcome, QueuedCall, SentMedia, TelegramFile};
use domain::Time;
use domain::message::ChangeKind;

use crate::telegram::{Attempt, BlockKind, RawJson, RefusalKind, SentMessage};

/// How often a change of a message is tried of which nobody can tell what came.
const TRIES: i32 = 5;

/// What the answer means for the call. A call that is to be made again is due again `now`, except
/// after a flood limit: it is the sender that waits while the way to Telegram is not open, and a
/// new sender with a new token must not wait for the pauses of the old one.
pub(super) fn verdict(attempt: Attempt, call: &QueuedCall, now: Time) -> Outcome {
    let change = ChangeKind::of_method(&call.method);
    match attempt {
        Attempt::Sent { message_id, result } => match result {
            Some(result) if sends_files(&call.method) => sent_files(message_id, &result),
            _ => Outcome::Sent { telegram_message_id: message_id },
        },
        Attempt::RetryAfter(wait) => {
            again(now + wait, format!("Telegram asks to wait {} s before the next message", wait.as_secs()))
        }
        Attempt::Blocked { kind, description } => {
            Outcome::Failed { reason: block_reason(kind, &description), unreachable: true }
        }
        // The state that a change asks for is there, which is all that it is about.
        Attempt::Refused { kind: RefusalKind::NotModified, .. } if change.is_some() => SETTLED,
        Attempt::Refused { kind: RefusalKind::MessageNotFound, .. }
            if matches!(change, Some(ChangeKind::Delete | ChangeKind::Unpin)) =>
        {
            SETTLED
        }
        Attempt::Refused { kind: RefusalKind::Own, description, .. } => failed(description),
        Attempt::Refused { kind, description, .. } => failed(refusal_reason(kind, &description)),
        Attempt::Migrated { to_chat_id } => Outcome::Migrated { to: to_chat_id },
        Attempt::Unauthorized => again(now, "Telegram does not accept the token of the bot".to_owned()),
        Attempt::NotSent(reason) => again(now, format!("Telegram could not be reached: {reason}")),
        // To make a change twice is as good as once.
        Attempt::Unknown(reason) if change.is_some() && call.attempts + 1 < TRIES => {
            let pause = Duration::from_secs(1 << call.attempts.clamp(0, TRIES));
            Outcome::Again { at: now + pause, counts: true, reason: format!("Telegram did not answer: {reason}") }
        }
        Attempt::Unknown(reason) if change.is_some() => {
            failed(format!("Telegram did not say whether it made the change: {reason}"))
        }
        Attempt::Unknown(reason) => {
            Outcome::Unknown { reason: format!("Telegram did not say whether it has the message: {reason}") }
        }
    }
}

/// Carried out, and no message came of it.
const SETTLED: Outcome = Outcome::Sent { telegram_message_id: None };

/// Whether the call sends something whose answer tells more than a number.
fn sends_files(method: &str) -> bool {
    method.starts_with("send") && method != "sendMessage"
}

fn sent_files(message_id: Option<i64>, result: &RawJson) -> Outcome {
    let items: Vec<SentMedia> = SentMessage::read_all(result)
        .into_iter()
        .map(|SentMessage { message_id, file_id, file_unique_id }| SentMedia {
            telegram_message_id: message_id,
            file: file_id.map(|id| TelegramFile { id, unique_id: file_unique_id }),
        })
        .collect();
    if items.is_empty() { Outcome::Sent { telegram_message_id: message_id } } else { Outcome::MediaSent { items } }
}

fn again(at: Time, reason: String) -> Outcome {
    Outcome::Again { at, counts: false, reason }
}

fn failed(reason: String) -> Outcome {
    Outcome::Failed { reason, unreachable: false }
}

fn block_reason(kind: BlockKind, description: &str) -> String {
    let meaning = match kind {
        BlockKind::BlockedByUser => "the customer has blocked the bot",
        BlockKind::UserDeactivated => "the customer's Telegram account no longer exists",
        BlockKind::Kicked => "the bot is no longer a member of this chat",
        BlockKind::Other => "this chat does not take messages from the bot",
    };
    format!("{meaning} (Telegram: {description})")
}

fn refusal_reason(kind: RefusalKind, description: &str) -> String {
    let meaning = match kind {
        RefusalKind::ChatNotFound => "Telegram does not know this chat: the customer has to write to the bot first",
        RefusalKind::MessageNotFound => "the message to be changed is no longer in the chat",
        RefusalKind::ReplyTargetNotFound => "the message that this one answers is no longer in the chat",
        RefusalKind::TextEmpty => "Telegram sees nothing in the text that it could show",
        RefusalKind::TooLong => "the text is longer than Telegram takes",
        RefusalKind::EntitiesInvalid => "Telegram does not understand the formatting of the text",
        RefusalKind::QuoteInvalid => "the quotation is not in the message that this one answers",
        RefusalKind::ButtonInvalid => "Telegram does not take the buttons: look at their texts and addresses",
        RefusalKind::FileTooBig => {
            "the file is larger than Telegram takes from bots: 10 MB for a photo, 50 MB for anything else"
        }
        RefusalKind::FileInvalid => {
            "Telegram cannot show the file as what it was sent as: send it as DOCUMENT, or check that it is not damaged"
        }
        RefusalKind::VoiceForbidden => "the customer takes no voice messages: send the file as AUDIO or DOCUMENT",
        RefusalKind::WriteForbidden => {
            "the bot may not write this in the chat: somebody who manages the chat has to allow it"
        }
        RefusalKind::PinForbidden => {
            "the bot may not pin messages in this chat: somebody who manages the chat has to allow it"
        }
        RefusalKind::DeleteForbidden => {
            "Telegram does not let the bot delete this message: bots delete what is younger than 48 hours"
        }
        RefusalKind::EditForbidden => {
            "Telegram does not let the bot change this message any more: write a new one instead"
        }
        RefusalKind::TopicClosed => "the topic in which this was to be written is closed or gone",
        RefusalKind::BusinessInvalid => {
            "the business account does not let the bot write to this customer now: its owner has to look at its chatbots"
        }
        RefusalKind::NotModified | RefusalKind::Own | RefusalKind::Other => "Telegram refused the message",
    };
    format!("{meaning} (Telegram: {description})")
}

#[cfg(test)]
mod tests {
    use desk::outbox::Lane;
    use domain::{ChatId, MessageId, OutboxId, ProjectId};

    use super::*;

    fn now() -> Time {
        Time::from_timestamp(1_767_225_600, 0).unwrap()
    }

    fn call(method: &str) -> QueuedCall {
        QueuedCall {
            id: OutboxId(1),
            project_id: ProjectId(1),
            chat_id: ChatId(1),
            lane: Lane::LiveReply,
            message_id: Some(MessageId(1)),
            method: method.to_owned(),
            payload: "{}".to_owned(),
            attachments: Vec::new(),
            cost: 1,
            attempts: 0,
        }
    }

    fn refused(kind: RefusalKind) -> Attempt {
        Attempt::Refused { kind, error_code: 400, description: "Bad Request: x".to_owned() }
    }

    #[test]
    fn a_message_that_telegram_took_is_sent_even_without_its_number() {
        for message_id in [Some(5), None] {
            let outcome = verdict(Attempt::Sent { message_id, result: None }, &call("sendMessage"), now());
            assert_eq!(outcome, Outcome::Sent { telegram_message_id: message_id });
        }
    }

    #[test]
    fn a_flood_limit_costs_no_attempt_and_as_long_as_telegram_says() {
        let Outcome::Again { at, counts, reason } =
            verdict(Attempt::RetryAfter(Duration::from_secs(7_200)), &call("sendMessage"), now())
        else {
            panic!("not to be made again")
        };
        assert_eq!(at, now() + Duration::from_secs(7_200));
        assert!(!counts && reason.contains("7200 s"), "{reason}");
    }

    #[test]
    fn what_did_not_go_out_is_made_again_at_once_by_whoever_can() {
        for attempt in [Attempt::Unauthorized, Attempt::NotSent("connection refused".to_owned())] {
            assert!(
                matches!(verdict(attempt, &call("sendMessage"), now()), Outcome::Again { at, counts: false, .. } if at == now())
            );
        }
    }

    #[test]
    fn a_block_makes_the_customer_unreachable_and_a_refusal_does_not() {
        let blocked = Attempt::Blocked { kind: BlockKind::BlockedByUser, description: "Forbidden: x".to_owned() };
        let Outcome::Failed { reason, unreachable: true } = verdict(blocked, &call("sendMessage"), now()) else {
            panic!("still reachable")
        };
        assert_eq!(reason, "the customer has blocked the bot (Telegram: Forbidden: x)");
        for kind in [RefusalKind::ChatNotFound, RefusalKind::TooLong, RefusalKind::Other] {
            let outcome = verdict(refused(kind), &call("sendMessage"), now());
            assert!(matches!(outcome, Outcome::Failed { unreachable: false, .. }), "{outcome:?}");
        }
    }

    #[test]
    fn a_call_follows_its_group() {
        let migrated = verdict(Attempt::Migrated { to_chat_id: ChatId(-1_005) }, &call("sendMessage"), now());
        assert_eq!(migrated, Outcome::Migrated { to: ChatId(-1_005) });
    }

    #[test]
    fn a_change_that_has_nothing_to_do_has_reached_its_aim() {
        let of = |method, kind| verdict(refused(kind), &call(method), now());
        assert_eq!(of("editMessageText", RefusalKind::NotModified), SETTLED);
        assert_eq!(of("deleteMessage", RefusalKind::MessageNotFound), SETTLED);
        assert_eq!(of("unpinChatMessage", RefusalKind::MessageNotFound), SETTLED);
        for method in ["editMessageText", "pinChatMessage"] {
            assert!(matches!(of(method, RefusalKind::MessageNotFound), Outcome::Failed { .. }), "{method}");
        }
    }

    #[test]
    fn a_change_of_which_nobody_can_tell_is_made_again_and_not_for_ever() {
        let unknown = |attempts| {
            let call = QueuedCall { attempts, ..call("deleteMessage") };
            verdict(Attempt::Unknown("reset".to_owned()), &call, now())
        };
        for attempts in 0..TRIES - 1 {
            assert!(matches!(unknown(attempts), Outcome::Again { at, counts: true, .. } if at > now()));
        }
        assert!(matches!(unknown(TRIES - 1), Outcome::Failed { .. }));
    }

    #[test]
    fn the_answer_to_a_file_says_how_telegram_calls_it() {
        let result = r#"[{"message_id":1,"photo":[{"file_id":"F","file_unique_id":"U"}]},{"message_id":2}]"#;
        let sent = Attempt::Sent { message_id: None, result: Some(RawJson::parse(result).unwrap()) };
        let file = TelegramFile { id: "F".to_owned(), unique_id: Some("U".to_owned()) };
        let items = vec![
            SentMedia { telegram_message_id: Some(1), file: Some(file) },
            SentMedia { telegram_message_id: Some(2), file: None },
        ];
        assert_eq!(verdict(sent, &call("sendMediaGroup"), now()), Outcome::MediaSent { items });
        let unreadable = Attempt::Sent { message_id: None, result: Some(RawJson::parse("true").unwrap()) };
        assert_eq!(verdict(unreadable, &call("sendPhoto"), now()), Outcome::Sent { telegram_message_id: None });
    }

    #[test]
    fn what_nobody_can_tell_is_said_so() {
        let outcome = verdict(Attempt::Unknown("reset".to_owned()), &call("sendMessage"), now());
        assert!(matches!(outcome, Outcome::Unknown { reason } if reason.ends_with(": reset")));
    }
}
