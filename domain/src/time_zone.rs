//! Where in the world it is which time of day.

use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone as _};
use chrono_tz::{TZ_VARIANTS, Tz};
use serde::{Deserialize, Serialize};

use crate::{Time, named_enum};

mod by_language;

/// A time zone of the IANA time zone database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TimeZone(Tz);

/// A name that no time zone has.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("there is no such time zone: write a name of the IANA time zone database, like Europe/Berlin or UTC")]
pub struct UnknownTimeZone;

named_enum! {
    /// How it is known in which time zone a customer lives.
    pub enum TimeZoneSource {
        /// An agent has said it.
        Agent = "AGENT",
        /// An integration has said it.
        Attribute = "ATTRIBUTE",
        /// It is the one in which nearly everybody lives who speaks the customer's language.
        LanguageGuess = "LANGUAGE_GUESS",
    }
}

impl TimeZone {
    /// The time zone of this name, in whatever case.
    pub fn parse(name: &str) -> Result<Self, UnknownTimeZone> {
        let is_named = |zone: &&Tz| zone.name().eq_ignore_ascii_case(name);
        let found = name.parse().ok().or_else(|| TZ_VARIANTS.iter().find(is_named).copied());
        found.map(Self).ok_or(UnknownTimeZone)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What its clocks show at a moment.
    pub fn local(self, time: Time) -> DateTime<Tz> {
        time.with_timezone(&self.0)
    }

    /// The first moment at which its clocks show a time. Where they skip it, that at which they go on behind it.
    pub(crate) fn first(self, shown: NaiveDateTime) -> Time {
        // Clocks are changed by whole minutes, and by a day at most.
        let minutes = (0..=24 * 60).filter_map(|minutes| shown.checked_add_signed(TimeDelta::minutes(minutes)));
        let moments = minutes.filter_map(|shown| self.0.from_local_datetime(&shown).earliest());
        moments.map(|moment| moment.to_utc()).next().unwrap_or_else(|| shown.and_utc())
    }

    /// The first moment after `from` at which its clocks show a time. Where they skip it, that at which they go on behind
    /// it.
    pub(crate) fn next(self, from: Time, shown: NaiveDateTime) -> Time {
        // Clocks are changed by whole minutes, and by a day at most.
        let minutes = (0..=24 * 60).map(|minutes| shown + TimeDelta::minutes(minutes));
        let moments = minutes.filter_map(|shown| match self.0.from_local_datetime(&shown) {
            LocalResult::None => None,
            LocalResult::Single(moment) => Some(moment),
            LocalResult::Ambiguous(first, second) => Some(if first > from { first } else { second }),
        });
        moments.map(|moment| moment.to_utc()).find(|moment| *moment > from).unwrap_or(from)
    }
}

/// The time zone in which a customer lives, and how that is known: what an agent has said counts before what an
/// integration has said, and that before what the language lets one guess.
pub fn of_customer(
    by_agent: Option<&str>,
    by_attribute: Option<&str>,
    language: Option<&str>,
) -> Option<(TimeZone, TimeZoneSource)> {
    let known = |name: Option<&str>, source| Some((TimeZone::parse(name?).ok()?, source));
    known(by_agent, TimeZoneSource::Agent)
        .or_else(|| known(by_attribute, TimeZoneSource::Attribute))
        .or_else(|| known(by_language::guess(language?), TimeZoneSource::LanguageGuess))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_known_in_whatever_case() {
        for name in ["Europe/Berlin", "europe/berlin", "EUROPE/BERLIN"] {
            assert_eq!(TimeZone::parse(name).map(TimeZone::name), Ok("Europe/Berlin"));
        }
        assert_eq!(TimeZone::parse("europe berlin"), Err(UnknownTimeZone));
    }

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    #[test]
    fn what_people_say_counts_before_what_is_guessed() {
        let of = |agent, attribute, language| {
            of_customer(agent, attribute, language).map(|(zone, source)| (zone.name(), source))
        };
        let (berlin, tokyo) = ("Europe/Berlin", "Asia/Tokyo");
        assert_eq!(of(Some(berlin), Some(tokyo), Some("uk")), Some((berlin, TimeZoneSource::Agent)));
        assert_eq!(of(None, Some(tokyo), Some("uk")), Some((tokyo, TimeZoneSource::Attribute)));
        assert_eq!(of(None, None, Some("uk")), Some(("Europe/Kyiv", TimeZoneSource::LanguageGuess)));
        assert_eq!(of(None, None, Some("en")), None);
        // A zone that a newer database does not have any more is not known.
        assert_eq!(of(Some("Mars/Olympus"), None, Some("ja")), Some((tokyo, TimeZoneSource::LanguageGuess)));
        assert_eq!(of(None, None, None), None);
    }

    #[test]
    fn a_time_of_day_comes_once_twice_or_not_at_all() {
        let zone = TimeZone::parse("Europe/Berlin").unwrap();
        let shown = |text: &str| text.parse::<NaiveDateTime>().unwrap();
        // In March the hour from two to three is left out, in October there are two of them.
        let table = [
            ("2026-03-28T12:00:00Z", "2026-03-29T01:30:00", "2026-03-29T00:30:00Z"),
            ("2026-03-28T12:00:00Z", "2026-03-29T02:30:00", "2026-03-29T01:00:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-25T02:30:00", "2026-10-25T00:30:00Z"),
            ("2026-10-25T00:30:00Z", "2026-10-25T02:30:00", "2026-10-25T01:30:00Z"),
        ];
        for (from, local, moment) in table {
            assert_eq!(zone.next(at(from), shown(local)), at(moment), "{local} after {from}");
        }
    }
}
