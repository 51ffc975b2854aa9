//! Who is in a team.

use domain::audit::ObjectKind;
use domain::{AgentId, ApiScope, Project, Role, Team, TeamId};
use serde_json::json;
use store::Tx;

use crate::agent::{SightChange, member};
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// Why the members of a team were left as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TeamMemberRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such team, or the actor may not know of it.
    #[error("there is no such team")]
    TeamNotFound,
    /// The agent is not of the project.
    #[error("there is no such agent in this project: choose one of its active agents")]
    AgentNotFound,
}

impl<E: Into<TeamMemberRefusal>> From<E> for Rejected<TeamMemberRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Puts an agent into a team: they see what waits for it. To do it again changes nothing.
    pub async fn team_member_add(
        &self,
        actor: &Actor,
        team: TeamId,
        agent: AgentId,
    ) -> Result<Team, Rejected<TeamMemberRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_member_add(actor, team, agent)).await
    }

    async fn try_team_member_add(
        &self,
        actor: &Actor,
        team: TeamId,
        agent: AgentId,
    ) -> Result<Team, Rejected<TeamMemberRefusal>> {
        let (mut tx, project, team) = self.change_members(actor, team).await?;
        if member(&mut tx, &project, agent).await?.is_none() {
            return Err(TeamMemberRefusal::AgentNotFound.into());
        }
        let change = SightChange::begin(&mut tx, &project, agent).await?;
        if tx.add_team_member(team.id, agent).await? {
            change.end(&mut tx, self.now()).await?;
            self.finish_members(tx, actor, &project, &team, "teamMemberAdd", agent).await?;
        }
        Ok(team)
    }

    /// Takes an agent out of a team. The sessions that they answer stay with them. To do it again changes nothing.
    pub async fn team_member_remove(
        &self,
        actor: &Actor,
        team: TeamId,
        agent: AgentId,
    ) -> Result<Team, Rejected<TeamMemberRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_member_remove(actor, team, agent)).await
    }

    async fn try_team_member_remove(
        &self,
        actor: &Actor,
        team: TeamId,
        agent: AgentId,
    ) -> Result<Team, Rejected<TeamMemberRefusal>> {
        let (mut tx, project, team) = self.change_members(actor, team).await?;
        let change = SightChange::begin(&mut tx, &project, agent).await?;
        if tx.remove_team_member(team.id, agent).await? {
            change.end(&mut tx, self.now()).await?;
            self.finish_members(tx, actor, &project, &team, "teamMemberRemove", agent).await?;
        }
        Ok(team)
    }

    async fn change_members(
        &self,
        actor: &Actor,
        id: TeamId,
    ) -> Result<(Tx, Project, Team), Rejected<TeamMemberRefusal>> {
        let known = self.teams_by_id(actor, &[id]).await?.pop().ok_or(TeamMemberRefusal::TeamNotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        tx.lock_people(project.workspace_id).await?;
        let team = tx.teams(&[id.0]).await?.pop().ok_or(TeamMemberRefusal::TeamNotFound)?;
        Ok((tx, project, team))
    }

    async fn finish_members(
        &self,
        mut tx: Tx,
        actor: &Actor,
        project: &Project,
        team: &Team,
        action: &'static str,
        agent: AgentId,
    ) -> Result<(), Rejected<TeamMemberRefusal>> {
        let object = (ObjectKind::Team, team.id.0);
        let audited = Audited::in_project(&actor.agent, project, action, object, self.now());
        audited.with(&json!({ "agent": agent })).write(&mut tx).await?;
        Ok(self.commit_rights(tx).await?)
    }
}
