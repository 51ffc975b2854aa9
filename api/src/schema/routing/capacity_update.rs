//! Saying how many sessions an agent may have.

use async_graphql::{ComplexObject, Context, ID, InputObject, Object, SimpleObject};
use desk::project::StandingRefusal;
use desk::routing::{AtWork, CapacityRefusal as Refusal};

use super::agent::ProjectAgent;
use crate::schema::error::Result;
use crate::schema::id;
use crate::schema::project::{Parent, Project};
use crate::schema::user_error::{Stop, UserError as _, settled, user_error};
use crate::view::View;

/// What `agentCapacityUpdate` takes.
#[derive(InputObject)]
pub(crate) struct AgentCapacityUpdateInput {
    /// The global id of the project.
    project_id: ID,
    /// The global id of the agent.
    agent_id: ID,
    /// How many sessions that need work the agent may have before the desk gives them no more, 0 to 10000; 0 gives them
    /// none. Null or left out for what the project says.
    capacity: Option<i64>,
}

/// What came of `agentCapacityUpdate`.
#[derive(SimpleObject)]
#[graphql(complex)]
pub(crate) struct AgentCapacityUpdatePayload {
    /// The agent as they are in the project now. Null if nothing was changed.
    project_agent: Option<ProjectAgent>,
    /// Why it was not done. Empty if all went well.
    user_errors: Vec<AgentCapacityUpdateError>,
    #[graphql(skip)]
    parent: Parent,
}

#[ComplexObject]
impl AgentCapacityUpdatePayload {
    /// The project that the agent is shown in. Null if nothing was changed.
    async fn project(&self) -> Option<Result<Project>> {
        self.parent.project().await
    }
}

user_error! {
    /// Why `agentCapacityUpdate` did nothing.
    AgentCapacityUpdateError,
    /// The reasons of `agentCapacityUpdate` to do nothing.
    AgentCapacityUpdateErrorCode {
        /// An id is not that of an object of the kind that is wanted.
        InvalidId,
        /// There is no such project, or you may not see it.
        ProjectNotFound,
        /// You are neither a supervisor nor an administrator of the project.
        NotSupervisor,
        /// The agent is unknown, not active, or has no role in the project.
        NoSuchAgent,
        /// The capacity is below 0 or above 10000.
        CapacityOutOfRange,
    }
}

#[derive(Default)]
pub(crate) struct AgentCapacityUpdate;

#[Object]
impl AgentCapacityUpdate {
    /// Says how many sessions an agent may have before the desk gives them no more. What they have stays with them. For
    /// supervisors and administrators of the project.
    async fn agent_capacity_update(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The agent and how many sessions they may have.")] input: AgentCapacityUpdateInput,
    ) -> Result<AgentCapacityUpdatePayload> {
        let view = View::fresh(context).await?;
        let (done, user_errors) = settled(run(&view, &input)).await?;
        let parent = Parent::new(done.is_some(), &input.project_id, &view);
        let project_agent = done.map(|agent| ProjectAgent::new(agent, &view));
        Ok(AgentCapacityUpdatePayload { project_agent, user_errors, parent })
    }
}

async fn run(view: &View, input: &AgentCapacityUpdateInput) -> Result<AtWork, Stop<AtWork, AgentCapacityUpdateError>> {
    use AgentCapacityUpdateErrorCode as Code;
    let project_id = id::parse(&input.project_id)
        .map_err(|invalid| AgentCapacityUpdateError::new(Code::InvalidId, Some("projectId"), invalid))?;
    let agent_id = id::parse(&input.agent_id)
        .map_err(|invalid| AgentCapacityUpdateError::new(Code::InvalidId, Some("agentId"), invalid))?;
    let capacity = input.capacity.map(|most| u32::try_from(most).unwrap_or(u32::MAX));
    let changed = view.desk().agent_capacity_update(view.actor(), project_id, agent_id, capacity).await;
    changed.map_err(|rejected| Stop::of(rejected, explain))
}

fn explain(refusal: Refusal) -> Stop<AtWork, AgentCapacityUpdateError> {
    use AgentCapacityUpdateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Standing(StandingRefusal::NotFound) => (Code::ProjectNotFound, Some("projectId")),
        Refusal::Standing(StandingRefusal::NotSupervisor) => (Code::NotSupervisor, None),
        Refusal::NoSuchAgent => (Code::NoSuchAgent, Some("agentId")),
        Refusal::Capacity => (Code::CapacityOutOfRange, Some("capacity")),
    };
    AgentCapacityUpdateError::new(code, field, refusal).into()
}
