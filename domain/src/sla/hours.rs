//! When the desk works.

use std::collections::BTreeSet;

use chrono::{Datelike as _, Days, Duration, NaiveDate, NaiveTime, TimeDelta};
use serde::{Deserialize, Serialize};

use super::opening_time::{DAY_MINUTES, OpeningTime, WrittenTime};
use crate::Time;
use crate::time_zone::TimeZone;

/// The most times between which the desk works on one weekday.
pub const MOST_INTERVALS: usize = 10;
/// The most holidays of a calendar.
pub const MOST_HOLIDAYS: usize = 400;
/// The least working time of a week: one hour.
const LEAST_OF_WEEK_MINUTES: u32 = 60;
/// The days that are looked through for working time: 200 years, in which any that can be promised goes by.
const FARTHEST_DAYS: i64 = 200 * 366;

/// When the desk works, by the clocks of one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "StoredHours", into = "StoredHours")]
pub struct Hours {
    zone: TimeZone,
    /// The times of each weekday from Monday on, in their order.
    week: [Vec<(u16, u16)>; 7],
    holidays: BTreeSet<NaiveDate>,
}

/// Why hours cannot be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoursRefusal {
    /// Nobody knows the zone.
    #[error("there is no such time zone: write a name of the IANA time zone database, like Europe/Berlin or UTC")]
    TimeZone,
    /// A holiday is no date.
    #[error("holiday {index} is no date: write the year, the month and the day, like 2026-12-25")]
    Holiday {
        /// Which of the holidays, counted from 0.
        index: usize,
    },
    /// A weekday is none, a time is none, or something ends before it begins.
    #[error("opening time {index} is none: give a weekday, and a time to open that is before the time to close")]
    OpeningTime {
        /// Which of the times, counted from 0.
        index: usize,
    },
    /// Two times of a weekday overlap.
    #[error("opening time {index} overlaps another one of the same weekday: give each time once")]
    Overlap {
        /// Which of the times, counted from 0.
        index: usize,
    },
    /// More than [`MOST_INTERVALS`].
    #[error("a weekday has at most {MOST_INTERVALS} opening times")]
    TooManyOpeningTimes,
    /// Hardly any time to work.
    #[error("there is less than an hour of work in a week: nothing could be promised by it")]
    TooShort,
    /// More than [`MOST_HOLIDAYS`].
    #[error("a calendar has at most {MOST_HOLIDAYS} holidays: leave out those that are over")]
    TooManyHolidays,
}

/// A stretch in which the desk works without a break or does not at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stretch {
    pub(super) from: Time,
    pub(super) to: Time,
    pub(super) kind: StretchKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StretchKind {
    Open,
    Closed,
    Holiday,
}

impl Hours {
    /// Reads hours as somebody wrote them.
    pub fn parse(zone: &str, times: &[WrittenTime<'_>], holidays: &[String]) -> Result<Self, HoursRefusal> {
        let zone = TimeZone::parse(zone).map_err(|_| HoursRefusal::TimeZone)?;
        let read = |(index, time): (usize, &WrittenTime<'_>)| {
            let WrittenTime { weekday, opens, closes } = *time;
            OpeningTime::parse(weekday, opens, closes).ok_or(HoursRefusal::OpeningTime { index })
        };
        let times = times.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        let date = |(index, text): (usize, &String)| text.parse().map_err(|_| HoursRefusal::Holiday { index });
        let holidays = holidays.iter().enumerate().map(date).collect::<Result<Vec<NaiveDate>, _>>()?;
        Self::new(zone, &times, holidays)
    }

    /// Checks hours of a zone, with the days on which nobody works.
    pub fn new(
        zone: TimeZone,
        times: &[OpeningTime],
        holidays: impl IntoIterator<Item = NaiveDate>,
    ) -> Result<Self, HoursRefusal> {
        let holidays: BTreeSet<NaiveDate> = holidays.into_iter().collect();
        if holidays.len() > MOST_HOLIDAYS {
            return Err(HoursRefusal::TooManyHolidays);
        }
        let mut week: [Vec<(u16, u16)>; 7] = Default::default();
        for (index, OpeningTime { weekday, opens, closes }) in times.iter().copied().enumerate() {
            let day = week.get_mut(usize::from(weekday)).ok_or(HoursRefusal::OpeningTime { index })?;
            if opens >= closes || closes > DAY_MINUTES {
                return Err(HoursRefusal::OpeningTime { index });
            }
            if day.iter().any(|(other_opens, other_closes)| opens < *other_closes && *other_opens < closes) {
                return Err(HoursRefusal::Overlap { index });
            }
            if day.len() == MOST_INTERVALS {
                return Err(HoursRefusal::TooManyOpeningTimes);
            }
            day.push((opens, closes));
        }
        week.iter_mut().for_each(|day| day.sort_unstable());
        let minutes: u32 = week.iter().flatten().map(|(opens, closes)| u32::from(closes - opens)).sum();
        if minutes < LEAST_OF_WEEK_MINUTES {
            return Err(HoursRefusal::TooShort);
        }
        Ok(Self { zone, week, holidays })
    }

    /// Where the clocks are.
    pub fn zone(&self) -> TimeZone {
        self.zone
    }

    /// The times of all weekdays, in their order.
    pub fn opening_times(&self) -> Vec<OpeningTime> {
        let days = (0..).zip(&self.week);
        days.flat_map(|(weekday, day)| day.iter().map(move |&(opens, closes)| OpeningTime { weekday, opens, closes }))
            .collect()
    }

    /// The days on which nobody works, in their order.
    pub fn holidays(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        self.holidays.iter().copied()
    }

    /// When so much working time has gone by after `from`. Of no time at all it is the first moment of work. Nothing if
    /// that is centuries away.
    pub fn add(&self, from: Time, working: Duration) -> Option<Time> {
        self.add_before(from, working, None)
    }

    /// The same if it is before a moment, up to which the days are looked through.
    pub(super) fn add_before(&self, from: Time, working: Duration, end: Option<Time>) -> Option<Time> {
        let is_over = |moment: Time| end.is_some_and(|end| moment >= end);
        let (mut date, last) = self.days_from(from)?;
        let of_week = self.working_time_of_week();
        let mut left = working;
        while date <= last {
            if left > of_week
                && let Some((after, _)) = self.plain_week(date, from)
            {
                left -= of_week;
                date = after;
                continue;
            }
            for (opens, closes) in self.open_on_from(date, from) {
                if is_over(opens) {
                    return None;
                }
                let length = closes - opens;
                if left <= length {
                    return Some(opens + left).filter(|reached| !is_over(*reached));
                }
                left -= length;
            }
            date = date.succ_opt()?;
        }
        None
    }

    /// How much working time there is between two moments; none if the second is not the later one.
    pub fn between(&self, from: Time, to: Time) -> Duration {
        let mut sum = Duration::zero();
        let Some((mut date, last)) = self.days_from(from) else { return sum };
        let of_week = self.working_time_of_week();
        while date <= last {
            if let Some((after, ends)) = self.plain_week(date, from)
                && ends <= to
            {
                sum += of_week;
                date = after;
                continue;
            }
            for (opens, closes) in self.open_on_from(date, from) {
                if opens >= to {
                    return sum;
                }
                sum += closes.min(to) - opens;
            }
            let Some(next) = date.succ_opt() else { return sum };
            date = next;
        }
        sum
    }

    /// The first moment of work that is not before `from`.
    pub fn next_open(&self, from: Time) -> Option<Time> {
        self.add(from, Duration::zero())
    }

    /// What there is between two moments, without a gap and in order, as far as that are `most` stretches or a day's more.
    pub(super) fn stretches(&self, from: Time, to: Time, most: usize) -> Vec<Stretch> {
        let mut stretches: Vec<Stretch> = Vec::new();
        if from >= to {
            return stretches;
        }
        let Some((first, last)) = self.days_from(from) else { return stretches };
        let mut at = from;
        for date in first.iter_days().take_while(|date| *date <= last) {
            let ends = self.midnight_after(date);
            let closed = if self.holidays.contains(&date) { StretchKind::Holiday } else { StretchKind::Closed };
            for (opens, closes) in self.open_on(date) {
                let (opens, closes) = (opens.clamp(at, to), closes.clamp(at, to));
                add_stretch(&mut stretches, Stretch { from: at, to: opens, kind: closed });
                add_stretch(&mut stretches, Stretch { from: opens, to: closes, kind: StretchKind::Open });
                at = closes;
            }
            let ends = ends.clamp(at, to);
            add_stretch(&mut stretches, Stretch { from: at, to: ends, kind: closed });
            at = ends;
            if at >= to || stretches.len() >= most {
                return stretches;
            }
        }
        add_stretch(&mut stretches, Stretch { from: at, to, kind: StretchKind::Closed });
        stretches
    }

    /// The day of a moment, and the last one that is looked at after it.
    fn days_from(&self, from: Time) -> Option<(NaiveDate, NaiveDate)> {
        let first = self.zone.local(from).date_naive();
        Some((first, first.checked_add_signed(TimeDelta::days(FARTHEST_DAYS))?))
    }

    /// The working time of a week without holidays in which the clocks are not changed.
    fn working_time_of_week(&self) -> Duration {
        let minutes: i64 = self.week.iter().flatten().map(|(opens, closes)| i64::from(closes - opens)).sum();
        Duration::minutes(minutes)
    }

    /// The day after the seven from a day on, with its first moment, if they have the working time of a week: none of them
    /// is a holiday, the clocks are not changed, and `from` is not later than their beginning.
    fn plain_week(&self, date: NaiveDate, from: Time) -> Option<(NaiveDate, Time)> {
        let after = date.checked_add_days(Days::new(7))?;
        if self.holidays.range(date..after).next().is_some() {
            return None;
        }
        // Nowhere are the clocks changed and changed back within a week.
        let (begins, ends) = (self.moment(date, 0), self.moment(after, 0));
        (begins >= from && ends - begins == TimeDelta::days(7)).then_some((after, ends))
    }

    /// The times of work of a day after a moment, the first of them from that moment on.
    fn open_on_from(&self, date: NaiveDate, from: Time) -> impl Iterator<Item = (Time, Time)> {
        let open = self.open_on(date).into_iter().filter(move |(_, closes)| *closes > from);
        open.map(move |(opens, closes)| (opens.max(from), closes))
    }

    /// The times of work of a day. What the clocks skip is shorter, and what they show twice is longer; what closes within
    /// an hour that they show twice closes when they show the time first.
    fn open_on(&self, date: NaiveDate) -> Vec<(Time, Time)> {
        if self.holidays.contains(&date) {
            return Vec::new();
        }
        let weekday = usize::try_from(date.weekday().num_days_from_monday()).unwrap_or_default();
        let times = self.week[weekday].iter();
        let open = times.map(|&(opens, closes)| (self.moment(date, opens), self.moment(date, closes)));
        open.filter(|(opens, closes)| opens < closes).collect()
    }

    /// The first moment of a day at which the clocks show a time.
    fn moment(&self, date: NaiveDate, minutes: u16) -> Time {
        self.zone.first(date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minutes)))
    }

    fn midnight_after(&self, date: NaiveDate) -> Time {
        self.moment(date, DAY_MINUTES)
    }
}

/// Adds a stretch behind the others, unless there is nothing of it. One of the same kind becomes longer.
fn add_stretch(stretches: &mut Vec<Stretch>, stretch: Stretch) {
    if stretch.from >= stretch.to {
        return;
    }
    match stretches.last_mut() {
        Some(last) if last.kind == stretch.kind => last.to = stretch.to,
        _ => stretches.push(stretch),
    }
}

/// Hours as they are stored.
#[derive(Serialize, Deserialize)]
struct StoredHours {
    zone: String,
    week: [Vec<(u16, u16)>; 7],
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    holidays: BTreeSet<NaiveDate>,
}

impl From<Hours> for StoredHours {
    fn from(hours: Hours) -> Self {
        Self { zone: hours.zone.name().to_owned(), week: hours.week, holidays: hours.holidays }
    }
}

impl TryFrom<StoredHours> for Hours {
    type Error = String;

    fn try_from(stored: StoredHours) -> Result<Self, String> {
        let zone = TimeZone::parse(&stored.zone).map_err(|unknown| unknown.to_string())?;
        let days = (0..).zip(&stored.week);
        let times: Vec<OpeningTime> = days
            .flat_map(|(weekday, day)| day.iter().map(move |&(opens, closes)| OpeningTime { weekday, opens, closes }))
            .collect();
        Self::new(zone, &times, stored.holidays).map_err(|refusal| refusal.to_string())
    }
}

#[cfg(test)]
pub(super) mod tests;
