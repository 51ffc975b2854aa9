//! Agents by their ids.

use desk::Error;
use domain::AgentId;

use crate::loader::{Found, Relation, Source};

/// The agents with given ids.
pub(crate) struct AgentById;

impl Relation for AgentById {
    type Key = AgentId;
    type Value = domain::Agent;

    async fn load(source: &Source, keys: &[AgentId]) -> Result<Found<Self>, Error> {
        let agents = source.desk.agents_by_id(&source.actor, keys).await?;
        Ok(agents.into_iter().map(|agent| (agent.id, agent)).collect())
    }
}
