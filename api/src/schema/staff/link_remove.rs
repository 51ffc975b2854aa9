//! Ending the link of your Telegram account.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::staff::StaffLinkRefusal as Refusal;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `staffLinkRemove` takes.
#[derive(InputObject)]
pub(crate) struct StaffLinkRemoveInput {
    /// The global id of the project.
    project_id: ID,
}

/// What came of `staffLinkRemove`.
#[derive(SimpleObject)]
pub(crate) struct StaffLinkRemovePayload {
    /// You, as you are now. Null if nothing was changed.
    agent: Option<Agent>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<StaffLinkRemoveError>,
}

user_error! {
    /// Why `staffLinkRemove` did nothing.
    StaffLinkRemoveError,
    /// The reasons of `staffLinkRemove` to do nothing.
    StaffLinkRemoveErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// No account of yours is linked in the project.
        NotLinked,
    }
}

#[derive(Default)]
pub(crate) struct StaffLinkRemove;

#[Object]
impl StaffLinkRemove {
    /// Ends the link of your Telegram account in a project: it gets no notices any more. Not to be done with an API token.
    async fn staff_link_remove(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The project whose notices you no longer want.")] input: StaffLinkRemoveInput,
    ) -> Result<StaffLinkRemovePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, input)).await?;
        Ok(StaffLinkRemovePayload { agent: done.map(|agent| Agent::new(Arc::new(agent), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: StaffLinkRemoveInput,
) -> Result<domain::Agent, Stop<domain::Agent, StaffLinkRemoveError>> {
    let project_id = id::parse(&input.project_id).map_err(|invalid| {
        StaffLinkRemoveError::new(StaffLinkRemoveErrorCode::InvalidId, Some("projectId"), invalid)
    })?;
    let removed = view.desk().staff_link_remove(view.actor(), project_id).await;
    removed.map_err(|rejected| Stop::of(rejected, explain))?;
    Ok(view.actor().agent.clone())
}

fn explain(refusal: Refusal) -> Stop<domain::Agent, StaffLinkRemoveError> {
    use StaffLinkRemoveErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => return Stop::unexpected(refusal),
        Refusal::NotLinked => (Code::NotLinked, Some("projectId")),
    };
    StaffLinkRemoveError::new(code, field, refusal).into()
}
