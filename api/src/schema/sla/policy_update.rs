//! Changing what a project promises.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::sla::SlaPolicyRefusal as Refusal;
use domain::sla::{PolicyRefusal, PolicyVersion};

use super::policy::SlaPolicy;
use super::policy_input::SlaPolicyInput;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::{Parent, Project};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `slaPolicyUpdate` takes.
#[derive(InputObject)]
pub(crate) struct SlaPolicyUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// What is to change.
    policy: SlaPolicyInput,
    /// The version that you have seen. If given and the policy has changed since, it is left as it is.
    expected_version: Option<i64>,
}

/// What came of `slaPolicyUpdate`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct SlaPolicyUpdatePayload {
    /// The policy as it is now. Null if it was left as it is, except for `VERSION_CONFLICT`.
    sla_policy: Option<SlaPolicy>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<SlaPolicyUpdateError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl SlaPolicyUpdatePayload {
    /// The project whose policy it is. Null if none is shown.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `slaPolicyUpdate` did nothing.
    SlaPolicyUpdateError,
    /// The reasons of `slaPolicyUpdate` to do nothing.
    SlaPolicyUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The policy has changed since the version you expect; the payload shows it as it is.
        VersionConflict,
        /// A time is negative or longer than 90 days.
        TargetInvalid,
        /// The warning is not between 1 and 100 percent.
        WarningPercentInvalid,
        /// The project has no such calendar.
        CalendarNotFound,
    }
}

#[derive(Default)]
pub(crate) struct SlaPolicyUpdate;

#[Object]
impl SlaPolicyUpdate {
    /// Changes what a project promises. Clocks that run are brought under it within moments, and the change is a part
    /// of what each of them can explain; what is late already stays so. For supervisors and administrators of the
    /// project.
    async fn sla_policy_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and what is to change.")] input: SlaPolicyUpdateInput,
    ) -> Result<SlaPolicyUpdatePayload> {
        let view = View::fresh(context).await?;
        let project_id = input.project_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let parent = Parent::new(done.is_some(), &project_id, &view);
        Ok(SlaPolicyUpdatePayload { sla_policy: done.map(|done| SlaPolicy::new(done, &view)), user_errors, parent })
    }
}

async fn run(
    view: &View,
    input: SlaPolicyUpdateInput,
) -> Result<PolicyVersion, Stop<PolicyVersion, SlaPolicyUpdateError>> {
    use SlaPolicyUpdateErrorCode as Code;
    let project = id::parse(&input.project_id)
        .map_err(|invalid| SlaPolicyUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let change = input.policy.change().map_err(|invalid| {
        SlaPolicyUpdateError::at(Code::InvalidId, ["policy".to_owned(), "calendarId".to_owned()], invalid)
    })?;
    let changed = view.desk().sla_policy_update(view.actor(), project, &change, input.expected_version).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<PolicyVersion, SlaPolicyUpdateError> {
    use SlaPolicyUpdateErrorCode as Code;
    let of_policy = |name: &str| vec!["policy".to_owned(), name.to_owned()];
    let (code, place) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, vec!["projectId".to_owned()]),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, vec![]),
        Refusal::VersionConflict(_) => (Code::VersionConflict, vec!["expectedVersion".to_owned()]),
        Refusal::Policy(PolicyRefusal::Target) => (Code::TargetInvalid, vec!["policy".to_owned()]),
        Refusal::Policy(PolicyRefusal::WarningPercent) => (Code::WarningPercentInvalid, of_policy("warningPercent")),
        Refusal::CalendarNotFound => (Code::CalendarNotFound, of_policy("calendarId")),
    };
    let error = SlaPolicyUpdateError::at(code, place, &refusal);
    let current = if let Refusal::VersionConflict(policy) = refusal { Some(*policy) } else { None };
    Stop::Refused { error, current }
}
