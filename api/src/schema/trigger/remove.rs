//! Removing a trigger.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::trigger::TriggerRefusal as Refusal;

use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::Project;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `triggerRemove` takes.
#[derive(InputObject)]
pub(crate) struct TriggerRemoveInput {
    /// The global id of the trigger.
    trigger_id: ID,
}

/// What came of `triggerRemove`.
#[derive(SimpleObject)]
pub(crate) struct TriggerRemovePayload {
    /// The project that it was in. Null if nothing was removed.
    project: Option<Project>,
    /// The global id of the trigger that is gone. Null if none was removed.
    removed_trigger_id: Option<ID>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<TriggerRemoveError>,
}

user_error! {
    /// Why `triggerRemove` did nothing.
    TriggerRemoveError,
    /// The reasons of `triggerRemove` to do nothing.
    TriggerRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such trigger, or you may not see it.
        TriggerNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
    }
}

#[derive(Default)]
pub(crate) struct TriggerRemove;

#[Object]
impl TriggerRemove {
    /// Removes a trigger. What it did stays, and so does what is noted of it. For supervisors and administrators of the
    /// project.
    async fn trigger_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The trigger.")] input: TriggerRemoveInput,
    ) -> Result<TriggerRemovePayload> {
        let view = View::fresh(context).await?;
        let id = input.trigger_id.clone();
        let (done, user_errors) = settled(run(&view, input)).await?;
        let removed_trigger_id = done.is_some().then_some(id);
        let project = done.map(|done| Project::new(Arc::new(done), &view));
        Ok(TriggerRemovePayload { project, removed_trigger_id, user_errors })
    }
}

async fn run(
    view: &View,
    input: TriggerRemoveInput,
) -> Result<domain::Project, Stop<domain::Project, TriggerRemoveError>> {
    use TriggerRemoveErrorCode as Code;
    let invalid = |field| move |invalid| TriggerRemoveError::new(Code::InvalidId, Some(field), invalid);
    let id = id::parse(&input.trigger_id).map_err(invalid("triggerId"))?;
    let removed = view.desk().trigger_remove(view.actor(), id).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<domain::Project, TriggerRemoveError> {
    use TriggerRemoveErrorCode as Code;
    let (code, field) = match &refusal {
        Refusal::NotFound => (Code::TriggerNotFound, Some("triggerId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        _ => return Stop::unexpected(refusal),
    };
    TriggerRemoveError::new(code, field, refusal).into()
}
