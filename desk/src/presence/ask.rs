//! Asking who is there.

use std::collections::{BTreeMap, BTreeSet};

use domain::routing::Presence;
use domain::{AgentId, ApiScope, ProjectId};

use super::GRACE;
use crate::{Actor, Desk, Error};

impl Desk {
    /// Whether each of these agents is there in a project, with one statement for each project. Projects that the actor
    /// may not see are left out.
    pub async fn presence_of(
        &self,
        actor: &Actor,
        places: &[(ProjectId, AgentId)],
    ) -> Result<Vec<((ProjectId, AgentId), Presence)>, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        let mut projects: BTreeMap<ProjectId, Vec<AgentId>> = BTreeMap::new();
        for (project, agent) in places {
            projects.entry(*project).or_default().push(*agent);
        }
        let since = self.now() - GRACE;
        let mut found = Vec::with_capacity(places.len());
        for (project, agents) in projects {
            if self.role_in(actor, project).await?.is_none() {
                continue;
            }
            let present = self.store.read().await?.present(project, since).await?;
            let present: BTreeSet<AgentId> = present.into_iter().map(|one| one.agent_id).collect();
            found.extend(agents.into_iter().map(|agent| {
                let is_there = present.contains(&agent);
                ((project, agent), if is_there { Presence::Online } else { Presence::Offline })
            }));
        }
        Ok(found)
    }
}
