//! Ending an API token.

use domain::audit::ObjectKind;
use domain::{ApiToken, ApiTokenId};
use serde_json::json;

use crate::audit::Audited;
use crate::{Actor, Credential, Desk, Error, Rejected};

/// Why a token was not ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiTokenRevokeRefusal {
    /// There is no such token, or the actor may not know of it.
    #[error("there is no such API token")]
    NotFound,
}

impl Desk {
    /// Ends an API token of the actor or, for an administrator, of a colleague. It is taken
    /// nowhere any more within a second, and what runs with it ends. To revoke it again changes
    /// nothing.
    pub async fn api_token_revoke(
        &self,
        actor: &Actor,
        id: ApiTokenId,
    ) -> Result<ApiToken, Rejected<ApiTokenRevokeRefusal>> {
        actor.needs_sign_in()?;
        if self.api_tokens_by_id(actor, &[id]).await?.is_empty() {
            return Err(Rejected::Refused(ApiTokenRevokeRefusal::NotFound));
        }
        let (mut tx, now) = (self.store.begin().await?, self.now());
        let before = tx.api_tokens(&[id.0]).await?.pop().ok_or(Error::NotFound("API token"))?;
        tx.revoke_api_token(id, now).await?;
        let token = tx.api_tokens(&[id.0]).await?.pop().ok_or(Error::NotFound("API token"))?;
        if before.revoked_at.is_none() {
            let audited = Audited::in_workspace(&actor.agent, "apiTokenRevoke", (ObjectKind::ApiToken, id.0), now);
            audited.with(&json!({ "agent": token.agent_id })).write(&mut tx).await?;
        }
        self.commit(tx).await?;
        self.actors.end(Credential::ApiToken(id));
        tracing::info!(token = %id, agent = %actor.agent.id, "an API token was revoked");
        Ok(token)
    }
}
