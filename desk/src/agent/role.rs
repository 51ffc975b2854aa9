//! What agents are in projects.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::{Agent, AgentId, Project, ProjectId, Role, Time, WorkspaceRole};
use serde_json::json;
use store::Tx;

use super::{Member, SightChange};
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::session::release_all;
use crate::{Actor, Desk, Error, Rejected};

/// Why the role of an agent was left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProjectRoleRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// The actor does not administer the project.
    #[error("only administrators of the project give and take roles in it: ask one of them")]
    NotAdministrator,
    /// There is no such agent in the workspace, or they are not active.
    #[error("there is no such active agent in your workspace: invite them first, or have them activated")]
    AgentNotFound,
    /// The agent has no role to be taken away.
    #[error(
        "the agent was given no role in this project, so that none can be taken: `Project.members` shows who has one"
    )]
    NoRole,
    /// The project would be left to the administrators of the workspace.
    #[error(
        "the project has no other administrator: make somebody else one first, or ask an administrator of the workspace"
    )]
    LastAdmin,
}

impl From<StandingRefusal> for ProjectRoleRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::ProjectNotFound,
            StandingRefusal::NotSupervisor => Self::NotAdministrator,
        }
    }
}

impl<E: Into<ProjectRoleRefusal>> From<E> for Rejected<ProjectRoleRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Gives an agent of the workspace a role in a project, in place of the one that they had.
    pub async fn project_role_set(
        &self,
        actor: &Actor,
        project: ProjectId,
        agent: AgentId,
        role: Role,
    ) -> Result<Member, Rejected<ProjectRoleRefusal>> {
        actor.needs_sign_in()?;
        retried(|| self.try_project_role_set(actor, project, agent, role)).await
    }

    async fn try_project_role_set(
        &self,
        actor: &Actor,
        project: ProjectId,
        agent: AgentId,
        role: Role,
    ) -> Result<Member, Rejected<ProjectRoleRefusal>> {
        let (mut tx, project) = self.change_roles(actor, project).await?;
        let agent = known(&mut tx, &project, agent).await?.filter(|agent| agent.active);
        let agent = agent.ok_or(ProjectRoleRefusal::AgentNotFound)?;
        let before = role_of(&mut tx, &project, agent.id).await?;
        if before == Some(role) {
            return Ok(Member { agent, project, given: Some(role) });
        }
        if before == Some(Role::Admin) {
            check_other_admin(&mut tx, actor, &project, agent.id).await?;
        }
        let change = SightChange::begin(&mut tx, &project, agent.id).await?;
        tx.set_membership(project.id, agent.id, role).await?;
        change.end(&mut tx, self.now()).await?;
        let details = json!({ "before": before.map(Role::name), "after": role.name() });
        audit(&mut tx, actor, &project, "projectRoleSet", agent.id, &details, self.now()).await?;
        self.commit_rights(tx).await?;
        tracing::info!(agent = %agent.id, project = %project.id, by = %actor.agent.id, %role, "an agent was given a role");
        Ok(Member { agent, project, given: Some(role) })
    }

    /// Takes the role of an agent in a project away, also that of one who is not active. They leave its teams, and their
    /// open sessions wait for others.
    pub async fn project_role_remove(
        &self,
        actor: &Actor,
        project: ProjectId,
        agent: AgentId,
    ) -> Result<Agent, Rejected<ProjectRoleRefusal>> {
        actor.needs_sign_in()?;
        retried(|| self.try_project_role_remove(actor, project, agent)).await
    }

    async fn try_project_role_remove(
        &self,
        actor: &Actor,
        project: ProjectId,
        agent: AgentId,
    ) -> Result<Agent, Rejected<ProjectRoleRefusal>> {
        let (mut tx, project) = self.change_roles(actor, project).await?;
        let agent = known(&mut tx, &project, agent).await?.ok_or(ProjectRoleRefusal::AgentNotFound)?;
        let before = role_of(&mut tx, &project, agent.id).await?.ok_or(ProjectRoleRefusal::NoRole)?;
        if before == Role::Admin {
            check_other_admin(&mut tx, actor, &project, agent.id).await?;
        }
        leave_project(&mut tx, &project, &agent, self.now()).await?;
        let details = json!({ "before": before.name() });
        audit(&mut tx, actor, &project, "projectRoleRemove", agent.id, &details, self.now()).await?;
        self.commit_rights(tx).await?;
        tracing::info!(agent = %agent.id, project = %project.id, by = %actor.agent.id, "a role was taken away");
        Ok(agent)
    }

    /// Begins a change of roles by an administrator of the project, who must be one still when others are done.
    async fn change_roles(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<(Tx, Project), Rejected<ProjectRoleRefusal>> {
        let (mut tx, project) = self.change_in_project(actor, project, Role::Admin).await??;
        tx.lock_people(project.workspace_id).await?;
        let me = tx.agent(actor.agent.id).await?.filter(|me| me.active).ok_or(Error::Unauthenticated)?;
        let is_admin =
            me.workspace_role == WorkspaceRole::Admin || role_of(&mut tx, &project, me.id).await? == Some(Role::Admin);
        if is_admin { Ok((tx, project)) } else { Err(ProjectRoleRefusal::NotAdministrator.into()) }
    }
}

/// Takes an agent out of a project: its teams, its chat of the staff, and its open sessions. An administrator of the
/// workspace stays in it, whatever roles they were given there.
pub(crate) async fn leave_project(tx: &mut Tx, project: &Project, agent: &Agent, wall: Time) -> Result<(), Error> {
    let change = SightChange::begin(tx, project, agent.id).await?;
    tx.remove_membership(project.id, agent.id).await?;
    change.end(tx, wall).await?;
    if agent.workspace_role == WorkspaceRole::Admin {
        return Ok(());
    }
    tx.leave_teams(project.id, agent.id).await?;
    tx.unlink_staff(project.id, agent.id).await?;
    release_all(tx, project, agent.id, Cause::Deactivation, wall).await
}

/// An agent of the workspace that the project belongs to.
async fn known(tx: &mut Tx, project: &Project, id: AgentId) -> Result<Option<Agent>, store::Error> {
    Ok(tx.agent(id).await?.filter(|agent| agent.workspace_id == project.workspace_id))
}

/// The role that an agent was given in a project.
async fn role_of(tx: &mut Tx, project: &Project, agent: AgentId) -> Result<Option<Role>, store::Error> {
    let roles = tx.memberships(agent).await?;
    Ok(roles.into_iter().find(|(of, _)| *of == project.id).map(|(_, role)| role))
}

/// Fails if an administrator of the project would leave it without one.
async fn check_other_admin(
    tx: &mut Tx,
    actor: &Actor,
    project: &Project,
    agent: AgentId,
) -> Result<(), Rejected<ProjectRoleRefusal>> {
    if actor.is_workspace_admin() || tx.has_other_project_admin(project.id, agent).await? {
        return Ok(());
    }
    Err(ProjectRoleRefusal::LastAdmin.into())
}

async fn audit(
    tx: &mut Tx,
    actor: &Actor,
    project: &Project,
    action: &'static str,
    agent: AgentId,
    details: &serde_json::Value,
    wall: Time,
) -> Result<(), store::Error> {
    let audited = Audited::in_project(&actor.agent, project, action, (ObjectKind::Agent, agent.0), wall);
    audited.with(details).write(tx).await
}
