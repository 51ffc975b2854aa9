//! Renewing a sign-in.

use domain::Agent;
use store::tokens::RefreshToken;
use store::{Error as StoreError, Tx};

use super::Grant;
use crate::keys::OpaqueToken;
use crate::{Desk, Rejected};

/// Why a sign-in was not renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RefreshRefusal {
    /// The token is unknown, its sign-in has ended, or its agent is no longer active.
    #[error("the refresh token is not valid: sign in again")]
    Invalid,
    /// The token was exchanged before: somebody has a copy, so the whole sign-in has ended.
    #[error("the refresh token was used before, so this sign-in has been ended for safety: sign in again")]
    Reused,
}

impl Desk {
    /// Exchanges a refresh token for a new grant. Each is taken once; a second use ends the
    /// sign-in, since one of the two users is not the agent (RFC 9700, section 4.14.2).
    pub async fn token_refresh(&self, refresh_token: &str) -> Result<Grant, Rejected<RefreshRefusal>> {
        let invalid = || Rejected::Refused(RefreshRefusal::Invalid);
        let token: OpaqueToken = refresh_token.trim().parse().map_err(|_| invalid())?;
        let mut tx = self.store.begin().await?;
        let Some((hash, known)) = self.lock_known(&mut tx, &token).await? else { return Err(invalid()) };
        let now = self.now();
        if known.used {
            tx.revoke_token_family(known.family_id, now).await?;
            self.commit(tx).await?;
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

    /// The stored token, which may have been hashed before the secret was changed.
    async fn lock_known(&self, tx: &mut Tx, token: &OpaqueToken) -> Result<Option<(String, RefreshToken)>, StoreError> {
        for hash in self.keys.opaque_tokens.lookup_hashes(token) {
            if let Some(known) = tx.lock_refresh_token(hash.as_str()).await? {
                return Ok(Some((hash.as_str().to_owned(), known)));
            }
        }
        Ok(None)
    }
}
