//! When the desk works, as clients write it.

use async_graphql::InputObject;
use domain::sla::{Hours, HoursRefusal, WrittenTime};

use super::calendar::Weekday;

/// A time of a weekday in which the desk works.
#[derive(InputObject)]
pub(crate) struct SlaOpeningTimeInput {
    /// The weekday.
    weekday: Weekday,
    /// When it begins, like `09:00`.
    opens: String,
    /// When it ends, like `17:30`, or `24:00` for the end of the day.
    closes: String,
}

impl SlaOpeningTimeInput {
    fn written(&self) -> WrittenTime<'_> {
        WrittenTime { weekday: self.weekday.number(), opens: &self.opens, closes: &self.closes }
    }
}

/// When the desk works: at least one hour of a week.
#[derive(InputObject)]
pub(crate) struct SlaHoursInput {
    /// The time zone by whose clocks the times go, as the IANA time zone database names it, like `Europe/Berlin`.
    time_zone: String,
    /// The times in which the desk works, up to 10 of each weekday, that do not overlap.
    opening_times: Vec<SlaOpeningTimeInput>,
    /// The days on which nobody works, like `2026-12-25`, up to 400. Null or left out: none.
    holidays: Option<Vec<String>>,
}

impl SlaHoursInput {
    /// The hours, if the desk can go by them.
    pub(super) fn read(&self) -> Result<Hours, HoursRefusal> {
        let times = self.opening_times.iter().map(SlaOpeningTimeInput::written).collect::<Vec<_>>();
        Hours::parse(&self.time_zone, &times, self.holidays.as_deref().unwrap_or_default())
    }
}

/// Where in the input the cause of a refusal is.
pub(super) fn place_of(refusal: HoursRefusal) -> Vec<String> {
    let hours = "hours".to_owned();
    let field = |name: &str| vec![hours.clone(), name.to_owned()];
    let item = |name: &str, index: usize| vec![hours.clone(), name.to_owned(), index.to_string()];
    match refusal {
        HoursRefusal::TimeZone => field("timeZone"),
        HoursRefusal::OpeningTime { index } | HoursRefusal::Overlap { index } => item("openingTimes", index),
        HoursRefusal::TooManyOpeningTimes | HoursRefusal::TooShort => field("openingTimes"),
        HoursRefusal::Holiday { index } => item("holidays", index),
        HoursRefusal::TooManyHolidays => field("holidays"),
    }
}
