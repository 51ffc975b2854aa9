//! Taking an invitation back.

use domain::invitation::{InvitationState, may_hand_out};
use domain::{Invitation, InvitationId, Project};
use store::Tx;

use super::audit;
use super::list::sees;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why an invitation was not taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationRevokeRefusal {
    /// There is no such invitation, or the actor may not know of it.
    #[error("there is no such invitation")]
    NotFound,
    /// It gives more than the actor administers.
    #[error("this invitation gives more than you administer: ask an administrator of the workspace to revoke it")]
    NotAdministrator,
    /// Somebody has become an agent by it.
    #[error("the invitation has been accepted: deactivate the agent, or take their roles away")]
    AlreadyAccepted,
}

impl From<InvitationRevokeRefusal> for Rejected<InvitationRevokeRefusal> {
    fn from(refusal: InvitationRevokeRefusal) -> Self {
        Self::Refused(refusal)
    }
}

impl Desk {
    /// Takes an invitation back: its code works no more, and its seat is free. To do it again changes nothing.
    pub async fn invitation_revoke(
        &self,
        actor: &Actor,
        id: InvitationId,
    ) -> Result<Invitation, Rejected<InvitationRevokeRefusal>> {
        actor.needs_sign_in()?;
        retried(|| self.try_invitation_revoke(actor, id)).await
    }

    async fn try_invitation_revoke(
        &self,
        actor: &Actor,
        id: InvitationId,
    ) -> Result<Invitation, Rejected<InvitationRevokeRefusal>> {
        let mut tx = self.store.begin().await?;
        tx.lock_people(actor.agent.workspace_id).await?;
        let found = tx.lock_invitation(id).await?.filter(|invitation| sees(actor, invitation));
        let invitation = found.ok_or(InvitationRevokeRefusal::NotFound)?;
        let me = tx.agent(actor.agent.id).await?.filter(|me| me.active).ok_or(Error::Unauthenticated)?;
        let memberships = tx.memberships(me.id).await?;
        if !may_hand_out(&me, &memberships, invitation.workspace_role, &invitation.roles) {
            return Err(InvitationRevokeRefusal::NotAdministrator.into());
        }
        let now = self.now();
        match invitation.state(now) {
            InvitationState::Accepted => return Err(InvitationRevokeRefusal::AlreadyAccepted.into()),
            InvitationState::Revoked => return Ok(invitation),
            InvitationState::Open | InvitationState::Expired => {}
        }
        tx.revoke_invitation(id, now).await?;
        let projects = projects_of(&mut tx, &invitation).await?;
        audit(&mut tx, &me, "invitationRevoke", &invitation, &projects, now).await?;
        self.commit(tx).await?;
        tracing::info!(invitation = %id, agent = %me.id, "an invitation was revoked");
        Ok(Invitation { revoked_at: Some(now), ..invitation })
    }
}

/// The projects that an invitation gives a role in.
pub(crate) async fn projects_of(tx: &mut Tx, invitation: &Invitation) -> Result<Vec<Project>, store::Error> {
    let ids: Vec<i64> = invitation.roles.iter().map(|role| role.project_id.0).collect();
    tx.projects(&ids).await
}
