//! A time of a weekday in which the desk works.

use chrono::Timelike as _;

use crate::night::parse_time_of_day;

/// The minutes of a day by the clock.
pub(super) const DAY_MINUTES: u16 = 24 * 60;
/// The end of a day, as it is written.
const MIDNIGHT: &str = "24:00";

/// A time of a weekday in which the desk works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OpeningTime {
    /// The weekday: 0 is Monday and 6 Sunday.
    pub weekday: u8,
    /// The first minute of it, counted from midnight by the clock.
    pub opens: u16,
    /// The first minute after it, 1440 for the end of the day.
    pub closes: u16,
}

impl OpeningTime {
    /// Reads times of day like 09:00, and 24:00 for the end of the day; nothing if one is none.
    pub(super) fn parse(weekday: u8, opens: &str, closes: &str) -> Option<Self> {
        let minutes = |text: &str| {
            if text == MIDNIGHT {
                return Some(DAY_MINUTES);
            }
            let time = parse_time_of_day(text).ok()?;
            u16::try_from(time.hour() * 60 + time.minute()).ok()
        };
        Some(Self { weekday, opens: minutes(opens)?, closes: minutes(closes)? })
    }

    /// When it begins, in the form in which it is read.
    pub fn opens_at(self) -> String {
        shown(self.opens)
    }

    /// When it ends, in the form in which it is read.
    pub fn closes_at(self) -> String {
        shown(self.closes)
    }
}

fn shown(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// An opening time as somebody wrote it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenTime<'a> {
    /// The weekday: 0 is Monday and 6 Sunday.
    pub weekday: u8,
    /// Like 09:00.
    pub opens: &'a str,
    /// Like 17:30, or 24:00 for the end of the day.
    pub closes: &'a str,
}
