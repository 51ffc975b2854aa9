//! What agents should know about what they wrote.

use async_graphql::{Enum, SimpleObject};
use desk::Error;
use desk::customer::CustomerClock;

use crate::schema::customer::{local_time, night_ends};
use crate::schema::scalar::DateTime;

/// Something that the agent should know about what was sent, or is to be sent later.
#[derive(SimpleObject)]
pub(crate) struct MessageSendWarning {
    /// What it is, for programs.
    code: MessageSendWarningCode,
    /// What it is, in words for people. They may change: decide by `code`.
    message: String,
    /// What the clocks show where the customer is when it is sent, by RFC 3339 with the offset from UTC.
    local_time: String,
    /// When the night ends there.
    until: DateTime,
}

/// The kinds of warnings of `messageSend`, `messageSchedule` and `scheduledMessageUpdate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum MessageSendWarningCode {
    /// It is night where the customer is when it is sent, by the hours of the project: the message may wake them.
    CustomerNight,
}

impl MessageSendWarning {
    /// About what was sent. The clock is that of the customer if it is night there.
    pub(super) fn of_sent(clock: Result<Option<CustomerClock>, Error>) -> Vec<Self> {
        Self::of_night(clock, |ends| {
            format!("It is night where the customer is, until {ends} there: write in the morning what can wait.")
        })
    }

    /// About what is to be sent later. The clock is that of the customer as it will be then, if it is night there then.
    pub(crate) fn of_scheduled(clock: Result<Option<CustomerClock>, Error>) -> Vec<Self> {
        Self::of_night(clock, |ends| {
            format!("It will be night where the customer is, until {ends} there: choose a later time if it can wait.")
        })
    }

    fn of_night(clock: Result<Option<CustomerClock>, Error>, words: impl FnOnce(&str) -> String) -> Vec<Self> {
        let clock = clock.unwrap_or_else(|error| {
            // What was taken must not look as if it had not been.
            tracing::warn!(%error, "nobody can tell whether it is night where the customer is");
            None
        });
        let Some((clock, until)) = clock.and_then(|clock| Some((clock, clock.night_until?))) else { return Vec::new() };
        vec![Self {
            code: MessageSendWarningCode::CustomerNight,
            message: words(&night_ends(&clock, until)),
            local_time: local_time(&clock),
            until: until.into(),
        }]
    }
}
