//! The linked accounts of agents.

use std::collections::HashMap;

use desk::Error;
use domain::AgentId;

use crate::loader::{Found, Relation, Source};

/// The linked accounts of agents.
pub(crate) struct LinksOfAgent;

impl Relation for LinksOfAgent {
    type Key = AgentId;
    type Value = Vec<domain::StaffLink>;

    async fn load(source: &Source, keys: &[AgentId]) -> Result<Found<Self>, Error> {
        let links = source.desk.staff_links_of(&source.actor, keys).await?;
        let mut of_agent: HashMap<AgentId, Vec<domain::StaffLink>> = HashMap::new();
        for link in links {
            of_agent.entry(link.agent_id).or_default().push(link);
        }
        Ok(of_agent.into_iter().collect())
    }
}
