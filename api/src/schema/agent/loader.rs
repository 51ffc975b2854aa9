//! Agents by their ids, their teams, and whether they are there.

use desk::Error;
use domain::routing::Presence;
use domain::{AgentId, ProjectId};

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

/// The teams that agents are in.
pub(crate) struct TeamsOfAgent;

impl Relation for TeamsOfAgent {
    type Key = AgentId;
    type Value = Vec<domain::Team>;

    async fn load(source: &Source, keys: &[AgentId]) -> Result<Found<Self>, Error> {
        let mut found = source.desk.teams_of_agents(&source.actor, keys).await?;
        let of_agent = |agent: &AgentId| {
            let teams = found.extract_if(.., |(of, _)| of == agent).map(|(_, team)| team).collect();
            (*agent, teams)
        };
        Ok(keys.iter().map(of_agent).collect())
    }
}

/// Whether agents are there in projects.
pub(crate) struct PresenceOfAgent;

impl Relation for PresenceOfAgent {
    type Key = (ProjectId, AgentId);
    type Value = Presence;

    async fn load(source: &Source, keys: &[(ProjectId, AgentId)]) -> Result<Found<Self>, Error> {
        source.desk.presence_of(&source.actor, keys).await
    }
}
