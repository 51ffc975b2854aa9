//! The agents of a project, with what they are doing.

use std::collections::{BTreeMap, HashMap};

use domain::routing::{Candidate, Presence};
use domain::{AgentId, ApiScope, Project, ProjectId, Role, TeamId, Time, WorkspaceRole};
use store::Queries;

use crate::presence::GRACE;
use crate::{Actor, Connection, Desk, Error, PageRequest};

/// An agent of a project, with what they are doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtWork {
    /// What routing sees of them.
    pub candidate: Candidate,
    /// What they are in the project.
    pub role: Role,
    /// Since when they have been there, if they are.
    pub present_since: Option<Time>,
}

/// Whoever gets sessions of a project: the active agents with a role of their own in it. An administrator of the
/// workspace may look into every project and gets sessions only where they have a role, as whoever made the project has,
/// or are in a team.
pub(crate) async fn roster(
    queries: &mut Queries,
    project: &Project,
    capacity: Option<u32>,
    wall: Time,
) -> Result<Vec<AtWork>, store::Error> {
    let mut teams: BTreeMap<AgentId, Vec<TeamId>> = BTreeMap::new();
    for (agent, team) in queries.team_members_of_project(project.id).await? {
        teams.entry(agent).or_default().push(team);
    }
    let members = queries.members_of_project(project.id).await?;
    let mut roles: BTreeMap<AgentId, Role> = members.into_iter().map(|member| (member.agent_id, member.role)).collect();
    let others: Vec<i64> = teams.keys().filter(|agent| !roles.contains_key(agent)).map(|agent| agent.0).collect();
    if !others.is_empty() {
        let admins = queries.agents(&others).await?.into_iter();
        let admins = admins.filter(|agent| agent.active && agent.workspace_id == project.workspace_id);
        let admins = admins.filter(|agent| agent.workspace_role == WorkspaceRole::Admin);
        roles.extend(admins.map(|agent| (agent.id, Role::Admin)));
    }
    let standings = queries.routing_standings(project.id).await?;
    let standings: HashMap<_, _> = standings.into_iter().map(|standing| (standing.agent_id, standing)).collect();
    let loads: HashMap<_, _> = queries.loads(project.id).await?.into_iter().collect();
    let present = queries.present(project.id, wall - GRACE).await?;
    let present: HashMap<_, _> = present.into_iter().map(|present| (present.agent_id, present.since)).collect();
    let at_work = |(agent_id, role): (AgentId, Role)| {
        let standing = standings.get(&agent_id);
        let present_since = present.get(&agent_id).copied();
        let candidate = Candidate {
            agent_id,
            team_ids: teams.remove(&agent_id).unwrap_or_default(),
            administers: role == Role::Admin,
            presence: if present_since.is_some() { Presence::Online } else { Presence::Offline },
            load: loads.get(&agent_id).map_or(0, |load| u32::try_from(*load).unwrap_or(u32::MAX)),
            capacity: standing.and_then(|standing| standing.capacity).or(capacity),
            last_turn: standing.and_then(|standing| standing.last_turn),
        };
        AtWork { candidate, role, present_since }
    };
    Ok(roles.into_iter().map(at_work).collect())
}

impl Desk {
    /// A page of the agents of a project, with what they are doing, by their identifiers.
    pub async fn agents_at_work(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        request: PageRequest<AgentId>,
    ) -> Result<Connection<AtWork, AgentId>, Error> {
        request.cut(self.all_at_work(actor, project_id).await?, |agent| agent.candidate.agent_id)
    }

    async fn all_at_work(&self, actor: &Actor, project_id: ProjectId) -> Result<Vec<AtWork>, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let mut reader = self.store.read().await?;
        let project = reader.project(project_id).await?.ok_or(Error::NotFound("project"))?;
        let policy = reader.routing_policy(project_id).await?;
        Ok(roster(&mut reader, &project, policy.and_then(|policy| policy.capacity), self.now()).await?)
    }
}
