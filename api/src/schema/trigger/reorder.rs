//! Putting triggers into an order.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::TriggerRefusal as Refusal;
use domain::TriggerId;

use super::ids::ids_of;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `triggerReorder` takes.
#[derive(InputObject)]
pub(crate) struct TriggerReorderInput {
    /// The global id of the project.
    project_id: ID,
    /// The global ids of all triggers of the project, in their new order.
    trigger_ids: Vec<ID>,
}

/// What came of `triggerReorder`.
#[derive(SimpleObject)]
pub(crate) struct TriggerReorderPayload {
    /// The project. Null if nothing was changed.
    project: Option<Project>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerReorderError>,
}

user_error! {
    /// Why `triggerReorder` did nothing.
    TriggerReorderError,
    /// The reasons of `triggerReorder` to do nothing.
    TriggerReorderErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// These are not all triggers of the project, each once.
        NotAllOnce,
    }
}

#[derive(Default)]
pub(crate) struct TriggerReorder;

#[Object]
impl TriggerReorder {
    /// Puts the triggers of a project into the order in which people read them. For supervisors and administrators of
    /// the project.
    async fn trigger_reorder(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project and the order.")] input: TriggerReorderInput,
    ) -> Result<TriggerReorderPayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(TriggerReorderPayload { project: done.map(|done| Project::new(Arc::new(done), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: TriggerReorderInput,
) -> Result<domain::Project, Stop<domain::Project, TriggerReorderError>> {
    use TriggerReorderErrorCode as Code;
    let invalid = |field| move |invalid| TriggerReorderError::new(Code::InvalidId, Some(field), invalid);
    let project = id::parse(&input.project_id).map_err(invalid("projectId"))?;
    let order = ids_of::<TriggerId>(&input.trigger_ids).map_err(invalid("triggerIds"))?;
    let ordered = view.desk().trigger_reorder(view.actor(), project, &order).await;
    ordered.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, TriggerReorderError> {
    use TriggerReorderErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::NotAllOnce => (Code::NotAllOnce, Some("triggerIds")),
        _ => return Stop::unexpected(refusal),
    };
    TriggerReorderError::new(code, field, refusal).into()
}
