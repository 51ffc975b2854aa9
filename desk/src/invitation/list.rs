//! Reading invitations.

use domain::{ApiScope, Invitation, InvitationId, ProjectId, Role};

use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of invitations, newest first: of those that give a role in a project for its administrators, of all of the
    /// workspace for its own.
    pub async fn invitations(
        &self,
        actor: &Actor,
        project: Option<ProjectId>,
        request: PageRequest<InvitationId>,
    ) -> Result<Connection<Invitation, InvitationId>, Error> {
        self.check_inviter(actor, project).await?;
        let page = request.page()?;
        let mut reader = request.reader(&self.store).await?;
        let rows = reader.invitation_page(actor.agent.workspace_id, project, page).await?;
        let total = request.total(reader.invitation_count(actor.agent.workspace_id, project)).await?;
        reader.end().await?;
        Ok(Connection::new(page, rows, total, |invitation| invitation.id))
    }

    /// Those of the invitations that the actor may see, in no order: their own, and those to what they administer.
    pub async fn invitations_by_id(&self, actor: &Actor, ids: &[InvitationId]) -> Result<Vec<Invitation>, Error> {
        actor.needs(ApiScope::AgentsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut found = self.store.read().await?.invitations(&ids).await?;
        found.retain(|invitation| sees(actor, invitation));
        Ok(found)
    }

    async fn check_inviter(&self, actor: &Actor, project: Option<ProjectId>) -> Result<(), Error> {
        actor.needs(ApiScope::AgentsRead)?;
        match project {
            None if actor.is_workspace_admin() => Ok(()),
            None => Err(Error::Forbidden),
            Some(project) => match self.role_in(actor, project).await? {
                None => Err(Error::NotFound("project")),
                Some(role) if role < Role::Admin => Err(Error::Forbidden),
                Some(_) => Ok(()),
            },
        }
    }
}

/// Whether the actor may know of an invitation.
pub(super) fn sees(actor: &Actor, invitation: &Invitation) -> bool {
    let administers = |project| actor.role_in(project, invitation.workspace_id) == Some(Role::Admin);
    invitation.workspace_id == actor.agent.workspace_id
        && (actor.is_workspace_admin()
            || invitation.invited_by == actor.agent.id
            || invitation.roles.iter().any(|role| administers(role.project_id)))
}
