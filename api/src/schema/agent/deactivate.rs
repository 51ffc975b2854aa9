//! Letting an agent in no longer.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::agent::AgentActivityRefusal as Refusal;

use super::Agent;
use super::activity::{agent_id, explained};
use crate::schema::error::Result;
use crate::schema::user_error::{Stop, settled, user_error};
use crate::view::View;

/// What `agentDeactivate` takes.
#[derive(InputObject)]
pub(crate) struct AgentDeactivateInput {
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `agentDeactivate`.
#[derive(SimpleObject)]
pub(crate) struct AgentDeactivatePayload {
    /// The agent as they are now. Null if nothing was changed.
    agent: Option<Agent>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<AgentDeactivateError>,
}

user_error! {
    /// Why `agentDeactivate` did nothing.
    AgentDeactivateError,
    /// The reasons of `agentDeactivate` to do nothing.
    AgentDeactivateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such agent in your workspace.
        AgentNotFound,
        /// You do not administer the workspace.
        NotAdministrator,
        /// This is you: another administrator of the workspace has to do it.
        Oneself,
        /// Nobody else administers the workspace.
        LastAdmin,
    }
}

#[derive(Default)]
pub(crate) struct AgentDeactivate;

#[Object]
impl AgentDeactivate {
    /// Lets an agent in no longer. Within a second everything ends that they are signed in with, their API tokens and their
    /// subscriptions included; invitations of theirs that nobody has accepted are revoked; their open sessions wait for
    /// others, with the team that they are for; their tickets go back to their teams; and their seat is free. To deactivate
    /// them again changes nothing. For administrators of the workspace, and not to be done with an API token.
    async fn agent_deactivate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent who is to be deactivated.")] input: AgentDeactivateInput,
    ) -> Result<AgentDeactivatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(AgentDeactivatePayload { agent: done.map(|agent| Agent::new(Arc::new(agent), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: &AgentDeactivateInput,
) -> Result<domain::Agent, Stop<domain::Agent, AgentDeactivateError>> {
    use AgentDeactivateErrorCode as Code;
    let id = agent_id(&input.agent_id, Code::InvalidId)?;
    explained(view.desk().agent_deactivate(view.actor(), id).await, |refusal| match refusal {
        Refusal::NotAdministrator => Some((Code::NotAdministrator, None)),
        Refusal::NotFound => Some((Code::AgentNotFound, Some("agentId"))),
        Refusal::Oneself => Some((Code::Oneself, Some("agentId"))),
        Refusal::LastAdmin => Some((Code::LastAdmin, Some("agentId"))),
        Refusal::SeatLimit(_) => None,
    })
}
