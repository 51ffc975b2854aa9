//! Letting an agent in again.

use std::sync::Arc;

use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use desk::agent::AgentActivityRefusal as Refusal;

use super::Agent;
use super::activity::{agent_id, explained};
use crate::schema::error::Result;
use crate::schema::user_error::{Stop, settled, user_error};
use crate::view::View;

/// What `agentActivate` takes.
#[derive(InputObject)]
pub(crate) struct AgentActivateInput {
    /// The global id of the agent.
    agent_id: ID,
}

/// What came of `agentActivate`.
#[derive(SimpleObject)]
pub(crate) struct AgentActivatePayload {
    /// The agent as they are now. Null if nothing was changed.
    agent: Option<Agent>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<AgentActivateError>,
}

user_error! {
    /// Why `agentActivate` did nothing.
    AgentActivateError,
    /// The reasons of `agentActivate` to do nothing.
    AgentActivateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such agent in your workspace.
        AgentNotFound,
        /// You do not administer the workspace.
        NotAdministrator,
        /// Every seat of the workspace is taken.
        SeatLimitReached,
    }
}

#[derive(Default)]
pub(crate) struct AgentActivate;

#[Object]
impl AgentActivate {
    /// Lets an agent in again who was deactivated, with the password and the roles that they had. They sign in anew, and get
    /// neither their sessions nor their API tokens back; what they had seen of those sessions is in `sessionsLeft`. To activate them again changes nothing. For administrators of the
    /// workspace, and not to be done with an API token.
    async fn agent_activate(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent who is to be activated.")] input: AgentActivateInput,
    ) -> Result<AgentActivatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        Ok(AgentActivatePayload { agent: done.map(|agent| Agent::new(Arc::new(agent), &view)), user_errors })
    }
}

async fn run(
    view: &View,
    input: &AgentActivateInput,
) -> Result<domain::Agent, Stop<domain::Agent, AgentActivateError>> {
    use AgentActivateErrorCode as Code;
    let id = agent_id(&input.agent_id, Code::InvalidId)?;
    explained(view.desk().agent_activate(view.actor(), id).await, |refusal| match refusal {
        Refusal::NotAdministrator => Some((Code::NotAdministrator, None)),
        Refusal::NotFound => Some((Code::AgentNotFound, Some("agentId"))),
        Refusal::SeatLimit(_) => Some((Code::SeatLimitReached, None)),
        Refusal::Oneself | Refusal::LastAdmin => None,
    })
}
