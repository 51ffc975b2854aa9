//! The customer's night, in which agents better do not write.

use chrono::{NaiveTime, TimeDelta, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::Time;
use crate::time_zone::TimeZone;

/// From when to when it is night, by the clocks where the customer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Minutes", into = "Minutes")]
pub struct Night {
    /// The first minute of it.
    pub starts: NaiveTime,
    /// The first minute after it. If it is the same one, there is no night.
    pub ends: NaiveTime,
}

impl Default for Night {
    fn default() -> Self {
        Self { starts: hour(22), ends: hour(8) }
    }
}

fn hour(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default()
}

/// A time of day that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a time of day: write hours and minutes like 22:00 or 07:30")]
pub struct NotATimeOfDay;

/// Reads a time of day.
pub fn parse_time_of_day(text: &str) -> Result<NaiveTime, NotATimeOfDay> {
    let is_well_formed = text.len() == 5 && text.as_bytes()[2] == b':';
    if !is_well_formed {
        return Err(NotATimeOfDay);
    }
    NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| NotATimeOfDay)
}

/// A time of day in the form in which it is read.
pub fn time_of_day(time: NaiveTime) -> String {
    time.format("%H:%M").to_string()
}

impl Night {
    /// When the night ends that it is at a moment; nothing if it is day.
    pub fn ends_at(self, zone: TimeZone, now: Time) -> Option<Time> {
        let shown = zone.local(now).naive_local();
        let (time, date) = (shown.time(), shown.date());
        let (starts, ends) = (self.starts, self.ends);
        if !self.contains(time) {
            return None;
        }
        let is_tomorrow = starts > ends && time >= starts;
        let end = if is_tomorrow { date.succ_opt()? } else { date };
        Some(zone.next(now, end.and_time(ends)))
    }

    fn contains(self, time: NaiveTime) -> bool {
        let (starts, ends) = (self.starts, self.ends);
        if starts <= ends { (starts..ends).contains(&time) } else { time >= starts || time < ends }
    }
}

/// The hours in minutes since midnight, as they are stored.
#[derive(Serialize, Deserialize)]
struct Minutes {
    starts: u32,
    ends: u32,
}

impl From<Night> for Minutes {
    fn from(night: Night) -> Self {
        let minutes = |time: NaiveTime| time.hour() * 60 + time.minute();
        Self { starts: minutes(night.starts), ends: minutes(night.ends) }
    }
}

impl TryFrom<Minutes> for Night {
    type Error = NotATimeOfDay;

    fn try_from(stored: Minutes) -> Result<Self, NotATimeOfDay> {
        let time = |minutes: u32| {
            let midnight = NaiveTime::default();
            let is_of_a_day = minutes < 24 * 60;
            if is_of_a_day { Ok(midnight + TimeDelta::minutes(i64::from(minutes))) } else { Err(NotATimeOfDay) }
        };
        Ok(Self { starts: time(stored.starts)?, ends: time(stored.ends)? })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn night(starts: &str, ends: &str) -> Night {
        Night { starts: parse_time_of_day(starts).unwrap(), ends: parse_time_of_day(ends).unwrap() }
    }

    #[test]
    fn the_night_goes_by_the_clocks_where_the_customer_is() {
        let berlin = TimeZone::parse("Europe/Berlin").unwrap();
        let usual = Night::default();
        let table = [
            (usual, "2026-01-10T20:59:59.999999Z", None),
            (usual, "2026-01-10T21:00:00Z", Some("2026-01-11T07:00:00Z")),
            (usual, "2026-01-11T06:59:59Z", Some("2026-01-11T07:00:00Z")),
            (usual, "2026-01-11T07:00:00Z", None),
            // The clocks are put forward in this night, and back in the other one.
            (usual, "2026-03-28T22:00:00Z", Some("2026-03-29T06:00:00Z")),
            (usual, "2026-10-24T22:00:00Z", Some("2026-10-25T07:00:00Z")),
            (night("13:00", "15:30"), "2026-01-10T12:00:00Z", Some("2026-01-10T14:30:00Z")),
            (night("13:00", "15:30"), "2026-01-10T14:30:00Z", None),
            (night("08:00", "08:00"), "2026-01-10T07:00:00Z", None),
        ];
        for (night, now, ends) in table {
            assert_eq!(night.ends_at(berlin, at(now)), ends.map(at), "{night:?} at {now}");
        }
    }

    #[test]
    fn a_time_of_day_has_two_digits_twice() {
        for text in ["00:00", "07:30", "23:59"] {
            assert_eq!(parse_time_of_day(text).map(time_of_day), Ok(text.to_owned()));
        }
        for text in ["", "7:30", "24:00", "12:60", "12-30", "12:30:00", "+1:30", "1２:0"] {
            assert_eq!(parse_time_of_day(text), Err(NotATimeOfDay), "{text}");
        }
    }

    #[test]
    fn it_is_kept_as_it_is() {
        let stored = Minutes::from(night("22:15", "06:45"));
        assert_eq!((stored.starts, stored.ends), (1335, 405));
        assert_eq!(Night::try_from(stored), Ok(night("22:15", "06:45")));
        assert_eq!(Night::try_from(Minutes { starts: 24 * 60, ends: 0 }), Err(NotATimeOfDay));
    }

    proptest! {
        #[test]
        fn a_night_ends_within_a_day_and_then_it_is_day(
            starts in 0..24 * 60_u32,
            ends in 0..24 * 60_u32,
            seconds in 0..3 * 366 * 24 * 3600_i64,
            zone in proptest::sample::select(vec!["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
        ) {
            let night = Night::try_from(Minutes { starts, ends }).unwrap();
            let zone = TimeZone::parse(zone).unwrap();
            let now = at("2025-01-01T00:00:00Z") + TimeDelta::seconds(seconds);
            if let Some(end) = night.ends_at(zone, now) {
                prop_assert!(end > now && end - now <= TimeDelta::hours(25));
                let before = night.ends_at(zone, end - TimeDelta::microseconds(1));
                prop_assert!(before.is_some_and(|before| before >= end));
                // Where the clocks are put back the hour before the end may come twice.
                prop_assert!(night.ends_at(zone, end).is_none_or(|again| again - end <= TimeDelta::hours(24)));
            }
        }
    }
}
