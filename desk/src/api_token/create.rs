//! Making an API token.

use domain::api_token::{ApiTokenRefusal, parse_end, parse_name, parse_scopes};
use domain::audit::ObjectKind;
use domain::{ApiScope, ApiToken, Time, TokenFamilyId};
use serde_json::json;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::keys::{OpaqueToken, TokenKind};
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// An API token to be made.
#[derive(Debug, Clone)]
pub struct NewApiToken {
    /// What the agent calls it.
    pub name: String,
    /// What it is to be good for.
    pub scopes: Vec<ApiScope>,
    /// When it is to end by itself, if ever.
    pub expires_at: Option<Time>,
    /// Makes sending the same request again harmless for 24 hours.
    pub idempotency_key: Option<String>,
}

/// An API token that was made, with what nobody is told again.
pub struct NewApiTokenSecret {
    /// The token.
    pub token: ApiToken,
    /// What the integration sends. Nothing if an earlier request made the token: its secret was
    /// told then.
    pub secret: Option<String>,
}

/// How many live tokens an agent has at most.
pub const MOST_TOKENS: i64 = 100;

/// Why no token was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ApiTokenCreateRefusal {
    /// It cannot be made as asked.
    #[error(transparent)]
    Token(#[from] ApiTokenRefusal),
    /// The agent has enough of them.
    #[error("you have {MOST_TOKENS} API tokens that are in force: revoke those that nobody uses")]
    TooMany,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<ApiTokenCreateRefusal>> From<E> for Rejected<ApiTokenCreateRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Makes an API token that acts as the actor, within its scopes.
    pub async fn api_token_create(
        &self,
        actor: &Actor,
        new: &NewApiToken,
    ) -> Result<NewApiTokenSecret, Rejected<ApiTokenCreateRefusal>> {
        let sign_in = actor.needs_sign_in()?;
        retried(|| self.try_api_token_create(actor, sign_in, new)).await
    }

    async fn try_api_token_create(
        &self,
        actor: &Actor,
        sign_in: TokenFamilyId,
        new: &NewApiToken,
    ) -> Result<NewApiTokenSecret, Rejected<ApiTokenCreateRefusal>> {
        let agent_id = actor.agent.id;
        let name = parse_name(&new.name)?;
        let scopes = parse_scopes(new.scopes.clone())?;
        let names: Vec<&str> = scopes.iter().map(|scope| scope.name()).collect();
        let input = (&name, &names, new.expires_at);
        let request = Request::new(agent_id, new.idempotency_key.as_deref(), "apiTokenCreate", &input)??;
        let mut tx = self.store.begin().await?;
        // What ends the sign-in ends the tokens as well, and this one must not come after.
        tx.lock_credentials(agent_id).await?;
        if tx.live_token_families(&[sign_in.0], self.now()).await?.is_empty() {
            return Err(Error::Unauthenticated.into());
        }
        if let Some(earlier) = request.earlier(self, &mut tx).await?? {
            let token = tx.api_tokens(&[earlier]).await?.pop().ok_or(Error::NotFound("API token"))?;
            return Ok(NewApiTokenSecret { token, secret: None });
        }
        let now = self.now();
        let expires_at = parse_end(new.expires_at, now)?;
        if tx.live_api_token_count(agent_id, now).await? >= MOST_TOKENS {
            return Err(ApiTokenCreateRefusal::TooMany.into());
        }
        let secret = OpaqueToken::generate(TokenKind::Api);
        let hash = self.keys.opaque_tokens.hash(&secret).as_str().to_owned();
        let new = store::api_tokens::NewApiToken { hash, agent_id, name, scopes, expires_at, created_at: now };
        let token = tx.insert_api_token(&new).await?;
        request.answer(self, &mut tx, token.id.0).await?;
        let audited = Audited::in_workspace(&actor.agent, "apiTokenCreate", (ObjectKind::ApiToken, token.id.0), now);
        audited.with(&json!({ "scopes": names })).write(&mut tx).await?;
        self.commit(tx).await?;
        tracing::info!(token = %token.id, agent = %agent_id, "an API token was made");
        Ok(NewApiTokenSecret { token, secret: Some(secret.reveal().to_owned()) })
    }
}
