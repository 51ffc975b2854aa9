//! The type `SlaCalendar`.

use std::sync::Arc;

use async_graphql::{Enum, Object, SimpleObject};
use domain::sla::{Calendar, OpeningTime};

use crate::schema::id::Id;
use crate::schema::scalar::DateTime;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum Weekday {
    /// The first day.
    Monday,
    /// The second day.
    Tuesday,
    /// The third day.
    Wednesday,
    /// The fourth day.
    Thursday,
    /// The fifth day.
    Friday,
    /// The sixth day.
    Saturday,
    /// The seventh day.
    Sunday,
}

impl Weekday {
    const ALL: [Self; 7] =
        [Self::Monday, Self::Tuesday, Self::Wednesday, Self::Thursday, Self::Friday, Self::Saturday, Self::Sunday];

    /// Counted from Monday, which is 0.
    pub(super) fn number(self) -> u8 {
        (0..).zip(Self::ALL).find(|(_, weekday)| *weekday == self).map_or(0, |(number, _)| number)
    }

    fn of(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::Monday)
    }
}

/// A time of a weekday in which the desk works.
#[derive(SimpleObject)]
pub(crate) struct SlaOpeningTime {
    /// The weekday.
    weekday: Weekday,
    /// When it begins, by the clocks of the calendar's time zone, like `09:00`.
    opens: String,
    /// When it ends, like `17:30`, or `24:00` for the end of the day.
    closes: String,
}

impl From<OpeningTime> for SlaOpeningTime {
    fn from(time: OpeningTime) -> Self {
        Self { weekday: Weekday::of(time.weekday), opens: time.opens_at(), closes: time.closes_at() }
    }
}

pub(crate) struct SlaCalendar {
    row: Arc<Calendar>,
}

impl SlaCalendar {
    pub(crate) fn new(row: Arc<Calendar>) -> Self {
        Self { row }
    }
}

/// When the desk works.
#[Object]
impl SlaCalendar {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What it is called, as no other calendar of the project.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The time zone by whose clocks it goes, as the IANA time zone database names it.
    fn time_zone(&self) -> &str {
        self.row.hours.zone().name()
    }

    /// The times in which the desk works, by weekday and time. An hour that the clocks skip is none, and one that they
    /// show twice counts twice.
    fn opening_times(&self) -> Vec<SlaOpeningTime> {
        self.row.hours.opening_times().into_iter().map(SlaOpeningTime::from).collect()
    }

    /// The days on which nobody works, like `2026-12-25`, in their order.
    fn holidays(&self) -> Vec<String> {
        self.row.hours.holidays().map(|date| date.to_string()).collect()
    }

    /// Grows with each change of the calendar. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
