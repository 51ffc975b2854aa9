//! Reading who is there.

use std::collections::HashMap;

use domain::{Agent, AgentId, ApiScope, Project, Role, Team, TeamId, WorkspaceRole};

use crate::{Actor, Connection, Desk, Error, PageRequest};

/// Somebody who works in a project.
#[derive(Debug, Clone)]
pub struct Member {
    /// The agent.
    pub agent: Agent,
    /// The project.
    pub project: Project,
    /// The role that they were given in it; nothing for an administrator of the workspace who was given none.
    pub given: Option<Role>,
}

impl Member {
    /// What they may do in the project.
    pub fn role(&self) -> Role {
        match (self.agent.workspace_role, self.given) {
            (WorkspaceRole::Member, Some(role)) => role,
            (WorkspaceRole::Admin, _) | (WorkspaceRole::Member, None) => Role::Admin,
        }
    }
}

impl Desk {
    /// A page of the agents of the actor's workspace, or of those who are active or are not, oldest first: for those who
    /// administer the workspace or a project of it.
    pub async fn agents(
        &self,
        actor: &Actor,
        active: Option<bool>,
        request: PageRequest<AgentId>,
    ) -> Result<Connection<Agent, AgentId>, Error> {
        check_admin(actor)?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.agent_page(actor.agent.workspace_id, active, page).await?;
        let total = request.total(reader.agent_count(actor.agent.workspace_id, active)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |agent| agent.id))
    }

    /// A page of the active agents who work in a project, oldest first, for everybody who works there.
    pub async fn members(
        &self,
        actor: &Actor,
        project: &Project,
        request: PageRequest<AgentId>,
    ) -> Result<Connection<Member, AgentId>, Error> {
        check_member(actor, project)?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.member_page(project.workspace_id, project.id, page).await?;
        let total = request.total(reader.member_count(project.workspace_id, project.id)).await?;
        reader.end().await?;
        let member = |(agent, given)| Member { agent, project: project.clone(), given };
        Ok(Connection::new(page, rows.into_iter().map(member).collect(), total, |member| member.agent.id))
    }

    /// The teams that these agents are in and that the actor may see, by line and name.
    pub async fn teams_of_agents(&self, actor: &Actor, agents: &[AgentId]) -> Result<Vec<(AgentId, Team)>, Error> {
        let agents: Vec<i64> = agents.iter().map(|agent| agent.0).collect();
        let found = self.store.read().await?.teams_of_agents(&agents).await?;
        let ids: Vec<TeamId> = found.iter().map(|(_, team)| *team).collect();
        let teams: HashMap<TeamId, Team> =
            self.teams_by_id(actor, &ids).await?.into_iter().map(|team| (team.id, team)).collect();
        let mut of_agents: Vec<(AgentId, Team)> =
            found.into_iter().filter_map(|(agent, team)| Some((agent, teams.get(&team)?.clone()))).collect();
        of_agents.sort_by(|(_, one), (_, other)| (one.line, &one.name).cmp(&(other.line, &other.name)));
        Ok(of_agents)
    }

    /// The agents who are in these teams, which the actor may see if they may see the teams, by name.
    pub async fn members_of_teams(&self, actor: &Actor, teams: &[TeamId]) -> Result<Vec<(TeamId, Agent)>, Error> {
        let teams = self.teams_by_id(actor, teams).await?;
        let teams: Vec<i64> = teams.iter().map(|team| team.id.0).collect();
        let found = self.store.read().await?.team_members(&teams).await?;
        let ids: Vec<AgentId> = found.iter().map(|(_, agent)| *agent).collect();
        let agents: HashMap<AgentId, Agent> =
            self.agents_by_id(actor, &ids).await?.into_iter().map(|agent| (agent.id, agent)).collect();
        let mut of_teams: Vec<(TeamId, Agent)> =
            found.into_iter().filter_map(|(team, agent)| Some((team, agents.get(&agent)?.clone()))).collect();
        of_teams.sort_by(|(_, one), (_, other)| (&one.name, one.id).cmp(&(&other.name, other.id)));
        Ok(of_teams)
    }
}

fn check_admin(actor: &Actor) -> Result<(), Error> {
    actor.needs(ApiScope::AgentsRead)?;
    if actor.is_admin_somewhere() { Ok(()) } else { Err(Error::Forbidden) }
}

fn check_member(actor: &Actor, project: &Project) -> Result<(), Error> {
    actor.needs(ApiScope::AgentsRead)?;
    if actor.may_see(project) { Ok(()) } else { Err(Error::NotFound("project")) }
}
