//! Changing a calendar of service levels.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::sla::SlaCalendarRefusal as Refusal;
use domain::name::NameRefusal;
use domain::sla::{Calendar, CalendarChange, HoursRefusal};

use super::SlaCalendar;
use super::hours_input::{SlaHoursInput, place_of};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `slaCalendarUpdate` takes.
#[derive(InputObject)]
pub(crate) struct SlaCalendarUpdateInput {
    /// The global id of the calendar.
    sla_calendar_id: ID,
    /// What it is called. Null or left out: it stays as it is.
    name: Option<String>,
    /// All of when the desk works. Null or left out: it stays as it is.
    hours: Option<SlaHoursInput>,
    /// The version that you have seen. If given and the calendar has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `slaCalendarUpdate`.
#[derive(SimpleObject)]
pub(crate) struct SlaCalendarUpdatePayload {
    /// The calendar as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    sla_calendar: Option<SlaCalendar>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SlaCalendarUpdateError>,
}

user_error! {
    /// Why `slaCalendarUpdate` did nothing.
    SlaCalendarUpdateError,
    /// The reasons of `slaCalendarUpdate` to do nothing.
    SlaCalendarUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such calendar, or you may not see it.
        SlaCalendarNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The calendar has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// Another calendar of the project has this name.
        NameTaken,
        /// There is no such time zone.
        TimeZoneUnknown,
        /// A time is none, ends before it begins or overlaps another one; `path` says which.
        OpeningTimeInvalid,
        /// A weekday has more than 10 times.
        TooManyOpeningTimes,
        /// There is less than an hour of work in a week.
        TooLittleTime,
        /// A holiday is no date; `path` says which.
        HolidayInvalid,
        /// There are more than 400 holidays.
        TooManyHolidays,
    }
}

#[derive(Default)]
pub(crate) struct SlaCalendarUpdate;

#[Object]
impl SlaCalendarUpdate {
    /// Changes a calendar. If the policy of the project goes by it, this is a change of the policy as well: clocks that
    /// run go by the new hours from then on, and what has counted until then stays. For supervisors and administrators
    /// of the project.
    async fn sla_calendar_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar and what is to change.")] input: SlaCalendarUpdateInput,
    ) -> Result<SlaCalendarUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SlaCalendarUpdatePayload { sla_calendar: done.map(|done| SlaCalendar::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: SlaCalendarUpdateInput) -> Result<Calendar, Stop<Calendar, SlaCalendarUpdateError>> {
    use SlaCalendarUpdateErrorCode as Code;
    let invalid = |field| move |invalid| SlaCalendarUpdateError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.sla_calendar_id).map_err(invalid("slaCalendarId"))?;
    let hours = input.hours.map(|hours| hours.read()).transpose().map_err(of_hours)?;
    let change = CalendarChange { name: input.name, hours, expected_version: input.expected_version };
    let changed = view.desk().sla_calendar_update(view.actor(), id, &change).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn of_hours(refusal: HoursRefusal) -> SlaCalendarUpdateError {
    use SlaCalendarUpdateErrorCode as Code;
    let code = match refusal {
        HoursRefusal::TimeZone => Code::TimeZoneUnknown,
        HoursRefusal::OpeningTime { .. } | HoursRefusal::Overlap { .. } => Code::OpeningTimeInvalid,
        HoursRefusal::TooManyOpeningTimes => Code::TooManyOpeningTimes,
        HoursRefusal::TooShort => Code::TooLittleTime,
        HoursRefusal::Holiday { .. } => Code::HolidayInvalid,
        HoursRefusal::TooManyHolidays => Code::TooManyHolidays,
    };
    SlaCalendarUpdateError::at(code, place_of(refusal), refusal)
}

fn explain(refusal: Refusal) -> Stop<Calendar, SlaCalendarUpdateError> {
    use SlaCalendarUpdateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::SlaCalendarNotFound, Some("slaCalendarId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::VersionConflict(_) => (Code::VersionConflict, Some("expectedVersion")),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::Standing(StandingRefusal::NotFound)
        | Refusal::TooMany
        | Refusal::InUse
        | Refusal::IdempotencyKey(_) => return Stop::unexpected(refusal),
    };
    let error = SlaCalendarUpdateError::new(code, field, &refusal);
    let current = if let Refusal::VersionConflict(calendar) = refusal { Some(*calendar) } else { None };
    Stop::Refused { error, current }
}
