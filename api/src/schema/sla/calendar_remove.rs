//! Removing a calendar of service levels.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::sla::SlaCalendarRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `slaCalendarRemove` takes.
#[derive(InputObject)]
pub(crate) struct SlaCalendarRemoveInput {
    /// The global id of the calendar.
    sla_calendar_id: ID,
}

/// What came of `slaCalendarRemove`.
#[derive(SimpleObject)]
pub(crate) struct SlaCalendarRemovePayload {
    /// The project that it was in. Null if nothing was removed.
    project: Option<Project>,
    /// The global id of the calendar that is gone. Null if none was removed.
    removed_sla_calendar_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SlaCalendarRemoveError>,
}

user_error! {
    /// Why `slaCalendarRemove` did nothing.
    SlaCalendarRemoveError,
    /// The reasons of `slaCalendarRemove` to do nothing.
    SlaCalendarRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such calendar, or you may not see it.
        SlaCalendarNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The policy of the project goes by the calendar.
        InUse,
    }
}

#[derive(Default)]
pub(crate) struct SlaCalendarRemove;

#[Object]
impl SlaCalendarRemove {
    /// Removes a calendar by which the policy does not go. Clocks that went by it still explain themselves by it. For
    /// supervisors and administrators of the project.
    async fn sla_calendar_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The calendar.")] input: SlaCalendarRemoveInput,
    ) -> Result<SlaCalendarRemovePayload> {
        let view = View::fresh(context).await?;
        let id = input.sla_calendar_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let removed_sla_calendar_id = done.is_some().then_some(id);
        let project = done.map(|done| Project::new(Arc::new(done), &view));
        Ok(SlaCalendarRemovePayload { project, removed_sla_calendar_id, user_errors })
    }
}

async fn run(
    view: &View,
    input: SlaCalendarRemoveInput,
) -> Result<domain::Project, Stop<domain::Project, SlaCalendarRemoveError>> {
    use SlaCalendarRemoveErrorCode as Code;
    let invalid = |field| move |invalid| SlaCalendarRemoveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.sla_calendar_id).map_err(invalid("slaCalendarId"))?;
    let removed = view.desk().sla_calendar_remove(view.actor(), id).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, SlaCalendarRemoveError> {
    use SlaCalendarRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::SlaCalendarNotFound, Some("slaCalendarId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::InUse => (Code::InUse, Some("slaCalendarId")),
        _ => return Stop::unexpected(refusal),
    };
    SlaCalendarRemoveError::new(code, field, refusal).into()
}
