//! Making a calendar of service levels.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::project::StandingRefusal;
use desk::sla::{NewSlaCalendar, SlaCalendarRefusal as Refusal};
use domain::name::NameRefusal;
use domain::sla::{Calendar, HoursRefusal};

use super::SlaCalendar;
use super::hours_input::{SlaHoursInput, place_of};
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `slaCalendarCreate` takes.
#[derive(InputObject)]
pub(crate) struct SlaCalendarCreateInput {
    /// The global id of the project.
    project_id: ID,
    /// What it is called, 1 to 100 characters, as no other calendar of the project.
    name: String,
    /// When the desk works.
    hours: SlaHoursInput,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with
    /// the same input makes no other calendar and gives the first one. Null or left out: sending again is another
    /// request.
    idempotency_key: Option<String>,
}

/// What came of `slaCalendarCreate`.
#[derive(SimpleObject)]
pub(crate) struct SlaCalendarCreatePayload {
    /// The new calendar. Null if none was made.
    sla_calendar: Option<SlaCalendar>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SlaCalendarCreateError>,
}

user_error! {
    /// Why `slaCalendarCreate` did nothing.
    SlaCalendarCreateError,
    /// The reasons of `slaCalendarCreate` to do nothing.
    SlaCalendarCreateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
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
        /// The project has 50 calendars.
        TooManyCalendars,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct SlaCalendarCreate;

#[Object]
impl SlaCalendarCreate {
    /// Makes a calendar, by which nothing goes until `slaPolicyUpdate` says so. For supervisors and administrators of
    /// the project.
    async fn sla_calendar_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar to make.")] input: SlaCalendarCreateInput,
    ) -> Result<SlaCalendarCreatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(SlaCalendarCreatePayload { sla_calendar: done.map(|done| SlaCalendar::new(Arc::new(done))), user_errors })
    }
}

async fn run(view: &View, input: SlaCalendarCreateInput) -> Result<Calendar, Stop<Calendar, SlaCalendarCreateError>> {
    use SlaCalendarCreateErrorCode as Code;
    let invalid = |field| move |invalid| SlaCalendarCreateError::new(Code::InvalidId, Some(field), invalid);
    let project_id = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    let hours = input.hours.read().map_err(of_hours)?;
    let new = NewSlaCalendar { project_id, name: input.name, hours, idempotency_key: input.idempotency_key };
    let made = view.desk().sla_calendar_create(view.actor(), &new).await;
    made.map_err(|rejected| Stop::of(rejected, explain))
}

fn of_hours(refusal: HoursRefusal) -> SlaCalendarCreateError {
    use SlaCalendarCreateErrorCode as Code;
    let code = match refusal {
        HoursRefusal::TimeZone => Code::TimeZoneUnknown,
        HoursRefusal::OpeningTime { .. } | HoursRefusal::Overlap { .. } => Code::OpeningTimeInvalid,
        HoursRefusal::TooManyOpeningTimes => Code::TooManyOpeningTimes,
        HoursRefusal::TooShort => Code::TooLittleTime,
        HoursRefusal::Holiday { .. } => Code::HolidayInvalid,
        HoursRefusal::TooManyHolidays => Code::TooManyHolidays,
    };
    SlaCalendarCreateError::at(code, place_of(refusal), refusal)
}

fn explain(refusal: Refusal) -> Stop<Calendar, SlaCalendarCreateError> {
    use SlaCalendarCreateErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::Name(NameRefusal::Empty) => (Code::NameEmpty, Some("name")),
        Refusal::Name(NameRefusal::TooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Name(NameRefusal::Invalid) => (Code::NameInvalid, Some("name")),
        Refusal::NameTaken => (Code::NameTaken, Some("name")),
        Refusal::TooMany => (Code::TooManyCalendars, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
        Refusal::NotFound | Refusal::VersionConflict(_) | Refusal::InUse => return Stop::unexpected(refusal),
    };
    SlaCalendarCreateError::new(code, field, refusal).into()
}
