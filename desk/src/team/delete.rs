//! Deleting a team.

use domain::audit::ObjectKind;
use domain::{ApiScope, Role, TeamId};
use serde_json::json;

use super::TeamRefusal;
use crate::agent::SightChange;
use crate::audit::Audited;
use crate::retry::retried;
use crate::routing::aim_past_team;
use crate::session::release_team;
use crate::{Actor, Desk, Rejected, todo};

impl Desk {
    /// Deletes a team: nobody is in it any more, its groups get no more notices, and diversion links lead to no team where
    /// they led to it. Routing rules that give sessions to it alone are switched off, and where the settings did, they are
    /// for all agents. Its open sessions are for no particular team from then on; closed ones stay hidden from those who
    /// could not see them before.
    pub async fn team_delete(
        &self,
        actor: &Actor,
        id: TeamId,
        expected_version: Option<i64>,
    ) -> Result<TeamId, Rejected<TeamRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_team_delete(actor, id, expected_version)).await
    }

    async fn try_team_delete(
        &self,
        actor: &Actor,
        id: TeamId,
        expected_version: Option<i64>,
    ) -> Result<TeamId, Rejected<TeamRefusal>> {
        let known = self.teams_by_id(actor, &[id]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        let (mut tx, project) = self.change_in_project(actor, known.project_id, Role::Supervisor).await??;
        tx.lock_people(project.workspace_id).await?;
        let team = tx.teams(&[id.0]).await?.pop().ok_or(TeamRefusal::NotFound)?;
        if expected_version.is_some_and(|expected| expected != team.version) {
            return Err(TeamRefusal::VersionConflict(Box::new(team)).into());
        }
        let wall = self.now();
        aim_past_team(&mut tx, actor, &project, id, wall).await?;
        let mut changes = Vec::new();
        for (_, member) in tx.team_members(&[id.0]).await? {
            changes.push(SightChange::begin(&mut tx, &project, member).await?);
        }
        if !tx.delete_team(&team, wall).await? {
            return Err(TeamRefusal::NotFound.into());
        }
        for change in changes {
            change.end(&mut tx, wall).await?;
        }
        release_team(&mut tx, &project, id, wall).await?;
        todo::leave_team(&mut tx, &project, id, wall).await?;
        let audited = Audited::in_project(&actor.agent, &project, "teamDelete", (ObjectKind::Team, id.0), wall);
        audited.with(&json!({ "name": team.name, "line": team.line })).write(&mut tx).await?;
        self.commit_rights(tx).await?;
        tracing::info!(team = %id, project = %project.id, agent = %actor.agent.id, "a team was deleted");
        Ok(id)
    }
}
