//! When the desk works.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike as _, Days, Duration, NaiveDate, NaiveTime, TimeDelta, Timelike as _};
use serde::{Deserialize, Serialize};

use crate::night::parse_time_of_day;
use crate::time_zone::TimeZone;
use crate::{SlaHoursId, Time};

/// The most times between which the desk works on one weekday.
pub const MOST_INTERVALS: usize = 10;
/// The most holidays of a calendar.
pub const MOST_HOLIDAYS: usize = 400;
/// The least working time of a week: one hour.
const LEAST_OF_WEEK_MINUTES: u32 = 60;
/// The minutes of a day by the clock.
const DAY_MINUTES: u16 = 24 * 60;
/// The end of a day, as it is written.
const MIDNIGHT: &str = "24:00";
/// The days that are looked through for working time: 200 years, in which any that can be promised goes by.
const FARTHEST_DAYS: i64 = 200 * 366;

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
    fn parse(weekday: u8, opens: &str, closes: &str) -> Option<Self> {
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
    fn add_before(&self, from: Time, working: Duration, end: Option<Time>) -> Option<Time> {
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

/// Hours by their identifiers.
#[derive(Debug, Clone, Default)]
pub struct HoursById(BTreeMap<SlaHoursId, Arc<Hours>>);

impl HoursById {
    /// The hours with an identifier; nothing for none, which means always.
    pub fn of(&self, id: Option<SlaHoursId>) -> Option<&Hours> {
        self.0.get(&id?).map(Arc::as_ref)
    }

    /// Takes over all of others.
    pub fn extend_from(&mut self, others: &Self) {
        self.0.extend(others.0.iter().map(|(id, hours)| (*id, hours.clone())));
    }
}

impl FromIterator<(SlaHoursId, Hours)> for HoursById {
    fn from_iter<I: IntoIterator<Item = (SlaHoursId, Hours)>>(hours: I) -> Self {
        Self(hours.into_iter().map(|(id, hours)| (id, Arc::new(hours))).collect())
    }
}

/// When so much working time has gone by after `from`; without hours all time is working time.
pub(super) fn add(hours: Option<&Hours>, from: Time, working: Duration) -> Option<Time> {
    match hours {
        Some(hours) => hours.add(from, working),
        None => from.checked_add_signed(working),
    }
}

/// The same if it is before a moment; no more time is looked at.
pub(super) fn add_before(hours: Option<&Hours>, from: Time, working: Duration, end: Time) -> Option<Time> {
    match hours {
        Some(hours) => hours.add_before(from, working, Some(end)),
        None => from.checked_add_signed(working).filter(|reached| *reached < end),
    }
}

/// How much working time there is between two moments.
pub(super) fn between(hours: Option<&Hours>, from: Time, to: Time) -> Duration {
    match hours {
        Some(hours) => hours.between(from, to),
        None => (to - from).max(Duration::zero()),
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
pub(super) mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Time {
        text.parse().unwrap()
    }

    fn time(weekday: u8, opens: u16, closes: u16) -> OpeningTime {
        OpeningTime { weekday, opens, closes }
    }

    fn hours(zone: &str, times: &[OpeningTime], holidays: &[&str]) -> Hours {
        let holidays = holidays.iter().map(|date| date.parse().unwrap());
        Hours::new(TimeZone::parse(zone).unwrap(), times, holidays).unwrap()
    }

    fn workdays(opens: u16, closes: u16) -> Vec<OpeningTime> {
        (0..5).map(|weekday| time(weekday, opens, closes)).collect()
    }

    fn whole_week() -> Vec<OpeningTime> {
        (0..7).map(|weekday| time(weekday, 0, 24 * 60)).collect()
    }

    fn always(zone: &str) -> Hours {
        hours(zone, &whole_week(), &[])
    }

    #[test]
    fn work_goes_on_after_a_break_a_night_a_weekend_and_a_holiday() {
        let mut times = workdays(9 * 60, 12 * 60);
        times.extend(workdays(13 * 60, 17 * 60));
        // A Friday, before a Monday on which nobody works.
        let hours = hours("Europe/Berlin", &times, &["2026-01-12"]);
        let add = |from: &str, minutes| hours.add(at(from), Duration::minutes(minutes)).unwrap();
        assert_eq!(add("2026-01-09T10:30:00Z", 30), at("2026-01-09T11:00:00Z"), "at the break and not behind it");
        assert_eq!(add("2026-01-09T10:30:00Z", 31), at("2026-01-09T12:01:00Z"));
        assert_eq!(add("2026-01-09T15:59:00Z", 2), at("2026-01-13T08:01:00Z"));
        assert_eq!(add("2026-01-10T03:00:00Z", 0), at("2026-01-13T08:00:00Z"), "at once is when work begins");
        assert_eq!(hours.between(at("2026-01-09T00:00:00Z"), at("2026-01-14T00:00:00Z")), Duration::hours(14));
        assert_eq!(hours.between(at("2026-01-09T11:00:00Z"), at("2026-01-09T10:00:00Z")), Duration::zero());
        assert_eq!(hours.next_open(at("2026-01-09T16:00:00Z")), Some(at("2026-01-13T08:00:00Z")));
        assert_eq!(hours.next_open(at("2026-01-09T09:07:00Z")), Some(at("2026-01-09T09:07:00Z")));
    }

    #[test]
    fn an_hour_that_the_clocks_skip_is_no_work_and_one_that_they_show_twice_is_work_twice() {
        let nights: Vec<OpeningTime> = (0..7).map(|weekday| time(weekday, 60, 4 * 60)).collect();
        let hours = hours("Europe/Berlin", &nights, &[]);
        let of = |from: &str, to: &str| hours.between(at(from), at(to)).num_hours();
        assert_eq!(of("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 2);
        assert_eq!(of("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 4);
        assert_eq!(of("2026-06-24T12:00:00Z", "2026-06-25T12:00:00Z"), 3);
        let three = Duration::hours(3);
        assert_eq!(hours.add(at("2026-03-28T12:00:00Z"), three), Some(at("2026-03-30T00:00:00Z")));
        assert_eq!(hours.add(at("2026-10-24T12:00:00Z"), three), Some(at("2026-10-25T02:00:00Z")));
    }

    #[test]
    fn times_within_the_skipped_hour_vanish() {
        let hours = hours("Europe/Berlin", &[time(6, 2 * 60, 3 * 60), time(0, 0, 60)], &[]);
        // On the Sunday in March there is no time between two and three.
        let sunday = hours.between(at("2026-03-28T23:00:00Z"), at("2026-03-29T22:00:00Z"));
        assert_eq!(sunday, Duration::zero());
    }

    #[test]
    fn zones_may_be_off_by_half_an_hour_and_change_by_half_an_hour() {
        let kolkata = hours("Asia/Kolkata", &workdays(9 * 60, 10 * 60), &[]);
        assert_eq!(kolkata.next_open(at("2026-01-09T00:00:00Z")), Some(at("2026-01-09T03:30:00Z")));
        let nepal = hours("Asia/Kathmandu", &workdays(9 * 60, 10 * 60), &[]);
        assert_eq!(nepal.next_open(at("2026-01-09T00:00:00Z")), Some(at("2026-01-09T03:15:00Z")));
        // Lord Howe Island goes half an hour forward in October and back in April.
        let island = always("Australia/Lord_Howe");
        let day = |from: &str, to: &str| island.between(at(from), at(to)).num_minutes();
        assert_eq!(day("2026-10-03T13:30:00Z", "2026-10-04T13:00:00Z"), 23 * 60 + 30);
        let nights: Vec<OpeningTime> = (0..7).map(|weekday| time(weekday, 0, 4 * 60)).collect();
        let nightly = hours("Australia/Lord_Howe", &nights, &[]);
        let night = |from: &str, to: &str| nightly.between(at(from), at(to)).num_minutes();
        assert_eq!(night("2026-10-03T06:00:00Z", "2026-10-04T06:00:00Z"), 210);
        assert_eq!(night("2026-04-04T06:00:00Z", "2026-04-05T06:00:00Z"), 270);
    }

    #[test]
    fn one_hour_a_week_is_reached_after_years() {
        let hours = hours("UTC", &[time(2, 9 * 60, 10 * 60)], &[]);
        let from = at("2026-01-07T09:30:00Z");
        assert_eq!(hours.add(from, Duration::minutes(30)), Some(at("2026-01-07T10:00:00Z")));
        assert_eq!(hours.add(from, Duration::minutes(31)), Some(at("2026-01-14T09:01:00Z")));
        let latest = hours.add(from, super::super::LONGEST_TARGET).unwrap();
        assert!(latest > from + Duration::days(41 * 365));
        assert_eq!(hours.between(from, latest), super::super::LONGEST_TARGET);
    }

    #[test]
    fn what_closes_in_an_hour_that_is_shown_twice_closes_when_it_is_shown_first() {
        let hours = hours("Europe/Berlin", &[time(6, 60, 2 * 60 + 30)], &[]);
        let sunday = hours.between(at("2026-10-24T22:00:00Z"), at("2026-10-25T23:00:00Z"));
        assert_eq!(sunday, Duration::minutes(90));
        assert_eq!(hours.add(at("2026-10-24T22:00:00Z"), sunday), Some(at("2026-10-25T00:30:00Z")));
    }

    #[test]
    fn nothing_is_reached_before_an_end_at_which_or_after_which_it_would_be() {
        let hours = hours("UTC", &workdays(9 * 60, 17 * 60), &[]);
        let from = at("2026-01-09T16:00:00Z");
        let before = |minutes, end: &str| hours.add_before(from, Duration::minutes(minutes), Some(at(end)));
        assert_eq!(before(90, "2026-01-12T09:31:00Z"), Some(at("2026-01-12T09:30:00Z")));
        assert_eq!(before(90, "2026-01-12T09:30:00Z"), None);
        assert_eq!(before(90, "2026-01-11T00:00:00Z"), None);
    }

    #[test]
    fn hours_are_read_as_they_are_shown() {
        let written = [
            WrittenTime { weekday: 0, opens: "09:00", closes: "12:30" },
            WrittenTime { weekday: 6, opens: "20:00", closes: "24:00" },
        ];
        let read = Hours::parse("europe/berlin", &written, &["2026-12-25".to_owned()]).unwrap();
        let shown: Vec<_> =
            read.opening_times().into_iter().map(|time| (time.weekday, time.opens_at(), time.closes_at())).collect();
        assert_eq!(shown[0], (0, "09:00".to_owned(), "12:30".to_owned()));
        assert_eq!(shown[1], (6, "20:00".to_owned(), "24:00".to_owned()));
        assert_eq!(read.holidays().map(|date| date.to_string()).collect::<Vec<_>>(), ["2026-12-25"]);
        assert_eq!(read.zone().name(), "Europe/Berlin");
        assert_eq!(Hours::parse("Mars", &written, &[]).err(), Some(HoursRefusal::TimeZone));
        let odd = WrittenTime { weekday: 0, opens: "24:30", closes: "24:00" };
        assert_eq!(Hours::parse("UTC", &[odd], &[]).err(), Some(HoursRefusal::OpeningTime { index: 0 }));
        let refused = Hours::parse("UTC", &written, &["tomorrow".to_owned()]);
        assert_eq!(refused.err(), Some(HoursRefusal::Holiday { index: 0 }));
    }

    #[test]
    fn hours_have_to_make_sense() {
        let new = |times: &[OpeningTime]| Hours::new(TimeZone::parse("UTC").unwrap(), times, []).err();
        assert_eq!(new(&[]), Some(HoursRefusal::TooShort));
        assert_eq!(new(&[time(0, 0, 59)]), Some(HoursRefusal::TooShort));
        assert_eq!(new(&[time(7, 0, 60)]), Some(HoursRefusal::OpeningTime { index: 0 }));
        assert_eq!(new(&[time(0, 0, 60), time(1, 60, 60)]), Some(HoursRefusal::OpeningTime { index: 1 }));
        assert_eq!(new(&[time(0, 0, 24 * 60 + 1)]), Some(HoursRefusal::OpeningTime { index: 0 }));
        assert_eq!(new(&[time(0, 0, 60), time(0, 59, 70)]), Some(HoursRefusal::Overlap { index: 1 }));
        assert_eq!(new(&[time(0, 60, 120), time(0, 0, 60)]), None);
        let many: Vec<OpeningTime> = (0..11).map(|index| time(0, index * 60, index * 60 + 30)).collect();
        assert_eq!(new(&many), Some(HoursRefusal::TooManyOpeningTimes));
        let days = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap().iter_days().take(MOST_HOLIDAYS + 1);
        let refused = Hours::new(TimeZone::parse("UTC").unwrap(), &workdays(0, 60), days);
        assert_eq!(refused.err(), Some(HoursRefusal::TooManyHolidays));
    }

    /// Zones that have something about them: their clocks are changed, in spring or in autumn and by an hour or half of one,
    /// or they are off by half an hour or by a quarter of one.
    const ZONES: [&str; 6] =
        ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kolkata", "Asia/Kathmandu"];

    fn any_zone() -> impl Strategy<Value = &'static str> {
        proptest::sample::select(ZONES.to_vec())
    }

    /// All the time, by the clocks of any of the zones.
    pub(in crate::sla) fn around_the_clock() -> impl Strategy<Value = Hours> {
        any_zone().prop_map(always)
    }

    /// Any hours in any of the zones: some of the week, all of it, or one hour of it.
    pub(in crate::sla) fn any_hours() -> impl Strategy<Value = Hours> {
        let some = proptest::collection::btree_set((0..7_u8, 0..8_u16, 1..3_u16), 1..12).prop_map(|times| {
            times
                .into_iter()
                .map(|(weekday, third, thirds)| time(weekday, third * 180, (third + thirds) * 180))
                .collect::<Vec<OpeningTime>>()
        });
        let one_hour = (0..7_u8, 0..=23 * 60_u16).prop_map(|(weekday, opens)| vec![time(weekday, opens, opens + 60)]);
        let times = prop_oneof![3 => some, 1 => Just(whole_week()), 1 => one_hour];
        let holidays = proptest::collection::vec(0..730_u64, 0..8);
        (any_zone(), times, holidays).prop_filter_map(
            "some times overlap, which is refused",
            |(zone, times, holidays)| {
                let first = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
                let holidays = holidays.into_iter().map(|day| first + Days::new(day));
                Hours::new(TimeZone::parse(zone).unwrap(), &times, holidays).ok()
            },
        )
    }

    proptest! {
        #[test]
        fn what_is_added_is_between(hours in any_hours(), from in 0..700 * 24 * 3600_i64, minutes in 0..6000_i64) {
            let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
            let working = Duration::minutes(minutes);
            let to = hours.add(from, working).unwrap();
            prop_assert!(to >= from);
            prop_assert_eq!(hours.between(from, to), working);
            if minutes > 0 {
                // No earlier moment would do.
                prop_assert!(hours.between(from, to - Duration::microseconds(1)) < working);
            }
        }

        #[test]
        fn whole_weeks_are_what_their_days_are(
            hours in any_hours(),
            from in 0..700 * 24 * 3600_i64,
            seconds in 0..400 * 24 * 3600_i64,
        ) {
            let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
            let to = from + Duration::seconds(seconds);
            let days = hours.zone.local(from).date_naive().iter_days().take(402);
            let open = days.flat_map(|date| hours.open_on_from(date, from)).take_while(|(opens, _)| *opens < to);
            let sum = open.fold(Duration::zero(), |sum, (opens, closes)| sum + (closes.min(to) - opens));
            prop_assert_eq!(hours.between(from, to), sum);
        }

        #[test]
        fn stretches_tile_the_time_and_the_open_ones_are_the_working_time(
            hours in any_hours(),
            from in 0..700 * 24 * 3600_i64,
            seconds in 1..30 * 24 * 3600_i64,
        ) {
            let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
            let to = from + Duration::seconds(seconds);
            let stretches = hours.stretches(from, to, usize::MAX);
            prop_assert_eq!(stretches.first().unwrap().from, from);
            prop_assert_eq!(stretches.last().unwrap().to, to);
            for pair in stretches.windows(2) {
                prop_assert_eq!(pair[0].to, pair[1].from);
                prop_assert!(pair[0].kind != pair[1].kind);
            }
            let open = stretches.iter().filter(|stretch| stretch.kind == StretchKind::Open);
            let sum = open.fold(Duration::zero(), |sum, stretch| sum + (stretch.to - stretch.from));
            prop_assert_eq!(sum, hours.between(from, to));
        }

        #[test]
        fn around_the_clock_is_all_the_time(from in 0..700 * 24 * 3600_i64, seconds in 0..90 * 24 * 3600_i64) {
            let from = at("2026-01-01T00:00:00Z") + Duration::seconds(from);
            let working = Duration::seconds(seconds);
            for zone in ["UTC", "Europe/Berlin", "Australia/Lord_Howe", "America/St_Johns"] {
                prop_assert_eq!(always(zone).add(from, working), Some(from + working));
                prop_assert_eq!(always(zone).between(from, from + working), working);
            }
        }

        #[test]
        fn they_are_kept_as_they_are(hours in any_hours()) {
            let stored = StoredHours::from(hours.clone());
            prop_assert_eq!(Hours::try_from(stored), Ok(hours));
        }
    }
}
