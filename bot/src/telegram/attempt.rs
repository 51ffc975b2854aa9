//! What became of one attempt to send something.

mod reason;
#[cfg(test)]
mod tests;

use std::time::Duration;

use domain::ChatId;

pub use self::reason::{BlockKind, RefusalKind};
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
