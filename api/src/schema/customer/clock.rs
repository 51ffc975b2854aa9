//! What time it is where a customer is.

use async_graphql::{Enum, SimpleObject};
use chrono::SecondsFormat;
use desk::customer::CustomerClock;
use domain::Time;
use domain::night::time_of_day;

use crate::schema::scalar::DateTime;

/// How it is known in which time zone a customer lives. What an agent has said counts before what an integration has said,
/// and that before a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::time_zone::TimeZoneSource")]
pub(crate) enum TimeZoneSource {
    /// An agent has said it by `customerUpdate`.
    Agent,
    /// An integration has said it by the attribute `time_zone`.
    Attribute,
    /// It is the time zone of nearly everybody who has the language of the customer's Telegram.
    LanguageGuess,
}

/// The night where a customer is.
#[derive(SimpleObject)]
pub(crate) struct CustomerNight {
    /// Whether it is night there now, by the hours of the project and on its clock.
    is_night: bool,
    /// When the night ends. Null by day.
    until: Option<DateTime>,
}

impl CustomerNight {
    pub(super) fn of(clock: &CustomerClock) -> Self {
        Self { is_night: clock.night_until.is_some(), until: clock.night_until.map(DateTime::from) }
    }
}

/// What the clock shows, with its offset from UTC.
pub(crate) fn local_time(clock: &CustomerClock) -> String {
    clock.shows.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// The time of day at which the night ends there.
pub(crate) fn night_ends(clock: &CustomerClock, until: Time) -> String {
    time_of_day(clock.time_zone.local(until).time())
}
