//! What an answer of Telegram means for a call, in words for the agent.

use desk::outbox::Outcome;
use domain::Time;

use crate::telegram::{Attempt, BlockKind, RefusalKind};

/// What the answer means for the call. A call that is to be made again is due again `now`, except
/// after a flood limit: it is the sender that waits while the way to Telegram is not open, and a
/// new sender with a new token must not wait for the pauses of the old one.
pub(super) fn verdict(attempt: Attempt, now: Time) -> Outcome {
    match attempt {
        Attempt::Sent { message_id, .. } => Outcome::Sent { telegram_message_id: message_id },
        Attempt::RetryAfter(wait) => {
            again(now + wait, format!("Telegram asks to wait {} s before the next message", wait.as_secs()))
        }
        Attempt::Blocked { kind, description } => {
            Outcome::Failed { reason: block_reason(kind, &description), unreachable: true }
        }
        // The state that an edit asks for is there, which is all that it is about.
        Attempt::Refused { kind: RefusalKind::NotModified, .. } => Outcome::Sent { telegram_message_id: None },
        Attempt::Refused { kind, description, .. } => failed(refusal_reason(kind, &description)),
        Attempt::Migrated { to_chat_id } => {
            failed(format!("the group has become a supergroup with the number {}: write to that", to_chat_id.0))
        }
        Attempt::Unauthorized => again(now, "Telegram does not accept the token of the bot".to_owned()),
        Attempt::NotSent(reason) => again(now, format!("Telegram could not be reached: {reason}")),
        Attempt::Unknown(reason) => {
            Outcome::Unknown { reason: format!("Telegram did not say whether it has the message: {reason}") }
        }
    }
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
        RefusalKind::NotModified | RefusalKind::Other => "Telegram refused the message",
    };
    format!("{meaning} (Telegram: {description})")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use domain::ChatId;

    use super::*;

    fn now() -> Time {
        Time::from_timestamp(1_767_225_600, 0).unwrap()
    }

    fn refused(kind: RefusalKind) -> Attempt {
        Attempt::Refused { kind, error_code: 400, description: "Bad Request: x".to_owned() }
    }

    #[test]
    fn a_message_that_telegram_took_is_sent_even_without_its_number() {
        for message_id in [Some(5), None] {
            let outcome = verdict(Attempt::Sent { message_id, result: None }, now());
            assert_eq!(outcome, Outcome::Sent { telegram_message_id: message_id });
        }
    }

    #[test]
    fn a_flood_limit_costs_no_attempt_and_as_long_as_telegram_says() {
        let Outcome::Again { at, counts, reason } = verdict(Attempt::RetryAfter(Duration::from_secs(7_200)), now())
        else {
            panic!("not to be made again")
        };
        assert_eq!(at, now() + Duration::from_secs(7_200));
        assert!(!counts && reason.contains("7200 s"), "{reason}");
    }

    #[test]
    fn what_did_not_go_out_is_made_again_at_once_by_whoever_can() {
        for attempt in [Attempt::Unauthorized, Attempt::NotSent("connection refused".to_owned())] {
            assert!(matches!(verdict(attempt, now()), Outcome::Again { at, counts: false, .. } if at == now()));
        }
    }

    #[test]
    fn a_block_makes_the_customer_unreachable_and_a_refusal_does_not() {
        let blocked = Attempt::Blocked { kind: BlockKind::BlockedByUser, description: "Forbidden: x".to_owned() };
        let Outcome::Failed { reason, unreachable: true } = verdict(blocked, now()) else { panic!("still reachable") };
        assert_eq!(reason, "the customer has blocked the bot (Telegram: Forbidden: x)");
        for kind in [RefusalKind::ChatNotFound, RefusalKind::TooLong, RefusalKind::Other] {
            let outcome = verdict(refused(kind), now());
            assert!(matches!(outcome, Outcome::Failed { unreachable: false, .. }), "{outcome:?}");
        }
        let migrated = verdict(Attempt::Migrated { to_chat_id: ChatId(-1_005) }, now());
        assert!(matches!(migrated, Outcome::Failed { unreachable: false, .. }));
    }

    #[test]
    fn an_edit_that_changes_nothing_has_reached_its_aim() {
        assert_eq!(verdict(refused(RefusalKind::NotModified), now()), Outcome::Sent { telegram_message_id: None });
    }

    #[test]
    fn what_nobody_can_tell_is_said_so() {
        let outcome = verdict(Attempt::Unknown("reset".to_owned()), now());
        assert!(matches!(outcome, Outcome::Unknown { reason } if reason.ends_with(": reset")));
    }
}
