//! Becoming an agent by an invitation, and signing in by that.

use std::net::IpAddr;
use std::time::Duration;

use domain::invitation::{InvitationState, may_hand_out};
use domain::{Agent, Invitation};
use store::agents::NewAgent;
use store::{Error as StoreError, Tx};

use super::sign_in::failure;
use super::{Grant, SIGN_IN_LASTS, whole_seconds};
use crate::agent::SeatLimitReached;
use crate::invitation::{audit, projects_of};
use crate::keys::{OpaqueToken, PasswordError, PasswordRule, TokenKind};
use crate::retry::retried;
use crate::{Desk, Error, Rejected};

/// Why an invitation was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationAcceptRefusal {
    /// The code is unknown, was used or revoked, has run out, or gives what its maker may no longer give.
    #[error("the invitation is not valid: ask for another one")]
    Invalid,
    /// The password may not be set.
    #[error(transparent)]
    Password(#[from] PasswordRule),
    /// Somebody has become an agent with the address since.
    #[error("an agent has the address of this invitation by now: sign in with it, or ask for another invitation")]
    EmailTaken,
    /// There are fewer seats than there were.
    #[error(transparent)]
    SeatLimit(#[from] SeatLimitReached),
    /// Too many codes from the client's network were not valid, so this one was not looked at.
    #[error(
        "too many codes from your network were not valid: try again in {} seconds", whole_seconds(*retry_after)
    )]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl<E: Into<InvitationAcceptRefusal>> From<E> for Rejected<InvitationAcceptRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes an agent of whoever has the code of an invitation, with a password of their own, and signs them in. A code
    /// works once. Codes that are none count for the network of the client, like refresh tokens that are none: an IPv4
    /// address, or the first address of an IPv6 /64.
    pub async fn invitation_accept(
        &self,
        network: IpAddr,
        code: &str,
        password: &str,
    ) -> Result<Grant, Rejected<InvitationAcceptRefusal>> {
        let too_many = |retry_after| InvitationAcceptRefusal::TooManyAttempts { retry_after };
        self.attempts.begin_renewal(network, self.now()).map_err(too_many)?;
        let outcome = self.accept(code, password).await;
        if !matches!(outcome, Err(Rejected::Refused(InvitationAcceptRefusal::Invalid))) {
            self.attempts.undo_renewal(network, self.now());
        }
        outcome
    }

    async fn accept(&self, code: &str, password: &str) -> Result<Grant, Rejected<InvitationAcceptRefusal>> {
        let invalid = || InvitationAcceptRefusal::Invalid;
        let code: OpaqueToken = code.trim().parse().map_err(|_| invalid())?;
        if code.kind() != TokenKind::Invitation {
            return Err(invalid().into());
        }
        // Guesses must neither wait for the one transaction that writes to SQLite nor cost the hashing of a password.
        let found = self.invitation_of(&code).await?.filter(|known| known.state(self.now()) == InvitationState::Open);
        let known = found.ok_or_else(invalid)?;
        let password_hash = match self.keys.passwords.hash(password).await {
            Err(PasswordError::Rule(rule)) => return Err(rule.into()),
            hashed => hashed.map_err(failure)?,
        };
        retried(|| self.try_accept(&known, &password_hash)).await
    }

    async fn try_accept(
        &self,
        known: &Invitation,
        password_hash: &str,
    ) -> Result<Grant, Rejected<InvitationAcceptRefusal>> {
        let now = self.now();
        let mut tx = self.store.begin().await?;
        tx.lock_people(known.workspace_id).await?;
        let invitation = tx.lock_invitation(known.id).await?;
        let invitation = invitation.filter(|invitation| invitation.state(now) == InvitationState::Open);
        let invitation = invitation.ok_or(InvitationAcceptRefusal::Invalid)?;
        if !stands(&mut tx, &invitation).await? {
            return Err(InvitationAcceptRefusal::Invalid.into());
        }
        // The seat was taken when the invitation was made.
        let seats = tx.seats(invitation.workspace_id, now).await?;
        if seats.is_overbooked() {
            return Err(SeatLimitReached { limit: seats.limit.unwrap_or_default() }.into());
        }
        if tx.agent_by_email(&invitation.email).await?.is_some() {
            return Err(InvitationAcceptRefusal::EmailTaken.into());
        }
        let agent = join(&mut tx, &invitation, password_hash, now).await?;
        tx.accept_invitation(invitation.id, agent.id, now).await?;
        let family = tx.insert_token_family(agent.id, now, now + SIGN_IN_LASTS).await?;
        let grant = self.grant(&mut tx, agent.clone(), family).await?;
        let projects = projects_of(&mut tx, &invitation).await?;
        audit(&mut tx, &agent, "invitationAccept", &invitation, &projects, now).await?;
        self.commit_rights(tx).await?;
        tracing::info!(invitation = %invitation.id, agent = %agent.id, "an invitation was accepted");
        Ok(grant)
    }

    /// The invitation that a code is of, which may be from before the secret was changed.
    async fn invitation_of(&self, code: &OpaqueToken) -> Result<Option<Invitation>, StoreError> {
        let mut reader = self.store.read().await?;
        for hash in self.keys.opaque_tokens.lookup_hashes(code) {
            if let Some(invitation) = reader.invitation_by_hash(hash.as_str()).await? {
                return Ok(Some(invitation));
            }
        }
        Ok(None)
    }
}

/// Whether whoever made the invitation could still make it.
async fn stands(tx: &mut Tx, invitation: &Invitation) -> Result<bool, Error> {
    let Some(inviter) = tx.agent(invitation.invited_by).await? else { return Ok(false) };
    let memberships = tx.memberships(inviter.id).await?;
    Ok(may_hand_out(&inviter, &memberships, invitation.workspace_role, &invitation.roles))
}

/// Adds the agent with what the invitation gives. A team that is gone meanwhile is left out.
async fn join(
    tx: &mut Tx,
    invitation: &Invitation,
    password_hash: &str,
    now: domain::Time,
) -> Result<Agent, StoreError> {
    let new = NewAgent {
        workspace_id: invitation.workspace_id,
        email: invitation.email.clone(),
        name: invitation.name.clone(),
        password_hash: password_hash.to_owned(),
        workspace_role: invitation.workspace_role,
        created_at: now,
    };
    let agent = tx.insert_agent(&new).await?;
    for role in &invitation.roles {
        tx.set_membership(role.project_id, agent.id, role.role).await?;
        let ids: Vec<i64> = role.team_ids.iter().map(|team| team.0).collect();
        for team in tx.teams(&ids).await? {
            tx.add_team_member(team.id, agent.id).await?;
        }
    }
    Ok(agent)
}
