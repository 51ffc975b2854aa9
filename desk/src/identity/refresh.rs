//! Renewing a sign-in.

use std::net::IpAddr;
use std::time::Duration;

use domain::Agent;
use store::Error as StoreError;

use super::{Grant, whole_seconds};
use crate::keys::OpaqueToken;
use crate::{Credential, Desk, Rejected};

/// Why a sign-in was not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRefusal {
    /// The token is unknown, its sign-in has ended, or its agent is no longer active.
    #[error("the refresh token is not valid: sign in again")]
    Invalid,
    /// The token was exchanged before: somebody has a copy, so the whole sign-in has ended.
    #[error("the refresh token was used before, so this sign-in has been ended for safety: sign in again")]
    Reused,
    /// Too many tokens from the client's network were not valid, so this one was not looked at.
    #[error(
        "too many refresh tokens from your network were not valid: try again in {} seconds", whole_seconds(*retry_after)
    )]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl Desk {
    /// Exchanges a refresh token for a new grant. Each is taken once; a second use ends the
    /// sign-in, since one of the two users is not the agent (RFC 9700, section 4.14.2). Tokens that are none
    /// count for the network of the client: an IPv4 address, or the first address of an IPv6 /64.
    pub async fn token_refresh(&self, network: IpAddr, refresh_token: &str) -> Result<Grant, Rejected<RefreshRefusal>> {
        let too_many = |retry_after| Rejected::Refused(RefreshRefusal::TooManyAttempts { retry_after });
        self.attempts.begin_renewal(network, self.now()).map_err(too_many)?;
        let outcome = self.exchange(refresh_token).await;
        if !matches!(outcome, Err(Rejected::Refused(_))) {
            self.attempts.undo_renewal(network, self.now());
        }
        outcome
    }

    async fn exchange(&self, refresh_token: &str) -> Result<Grant, Rejected<RefreshRefusal>> {
        let invalid = || Rejected::Refused(RefreshRefusal::Invalid);
        let token: OpaqueToken = refresh_token.trim().parse().map_err(|_| invalid())?;
        // Guesses must not wait for the one transaction that writes to SQLite, nor keep others waiting for it.
        let hash = self.known_hash(&token).await?.ok_or_else(invalid)?;
        let mut tx = self.store.begin().await?;
        let known = tx.lock_refresh_token(&hash).await?.ok_or_else(invalid)?;
        let now = self.now();
        if known.used {
            tx.revoke_token_family(known.family_id, now).await?;
            self.commit(tx).await?;
            self.actors.end(Credential::SignIn { agent_id: known.agent_id, family_id: known.family_id });
            tracing::warn!(agent = %known.agent_id, "a refresh token was used twice; its sign-in has been ended");
            return Err(Rejected::Refused(RefreshRefusal::Reused));
        }
        let agent: Option<Agent> = tx.agent(known.agent_id).await?.filter(|agent| agent.active);
        let (Some(agent), false, true) = (agent, known.revoked, known.expires_at > now) else {
            return Err(invalid());
        };
        tx.use_up_refresh_token(&hash, now).await?;
        let grant = self.grant(&mut tx, agent, known.family_id).await?;
        self.commit(tx).await?;
        Ok(grant)
    }

    /// The hash under which the token is kept, which may be one from before the secret was changed.
    async fn known_hash(&self, token: &OpaqueToken) -> Result<Option<String>, StoreError> {
        let mut reader = self.store.read().await?;
        for hash in self.keys.opaque_tokens.lookup_hashes(token) {
            if reader.is_refresh_token_known(hash.as_str()).await? {
                return Ok(Some(hash.as_str().to_owned()));
            }
        }
        Ok(None)
    }
}
