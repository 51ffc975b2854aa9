//! Renewing a sign-in.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use desk::Rejected;
use desk::identity::{Grant, RefreshRefusal as Refusal};

use super::{granted_agent, milliseconds, network};
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::desk;

/// What `tokenRefresh` takes.
#[derive(InputObject)]
pub(crate) struct TokenRefreshInput {
    /// The refresh token that `signIn` or the last `tokenRefresh` returned. Each is taken once: a second use ends the whole
    /// sign-in, since somebody else may have a copy.
    #[graphql(secret)]
    refresh_token: String,
}

/// What came of `tokenRefresh`.
#[derive(SimpleObject, Default)]
pub(crate) struct TokenRefreshPayload {
    /// The new access token, used as the one of `signIn`. Null if the sign-in was not renewed.
    access_token: Option<String>,
    /// To be exchanged, once, for the next grant. Keep it secret. Null if the sign-in was not renewed.
    refresh_token: Option<String>,
    /// When the access token ends; a WebSocket opened with it is closed then. Null if the sign-in was not renewed.
    expires_at: Option<DateTime>,
    /// Who is signed in. Null if the sign-in was not renewed.
    agent: Option<Agent>,
    /// How many milliseconds to wait before the next attempt, after `TOO_MANY_ATTEMPTS`. Null otherwise.
    retry_after_ms: Option<i32>,
    /// Why the sign-in was not renewed. Empty if all went well.
    user_errors: Vec<TokenRefreshError>,
}

user_error! {
    /// Why `tokenRefresh` did not renew the sign-in.
    TokenRefreshError,
    /// The reasons of `tokenRefresh` not to renew the sign-in. For each of them but `TOO_MANY_ATTEMPTS`, sign in again.
    TokenRefreshErrorCode {
        /// The token is unknown, the sign-in has ended, or the agent is no longer active.
        RefreshTokenInvalid,
        /// The token was used before. The sign-in has been ended for safety.
        RefreshTokenReused,
        /// Too many tokens from the network of the client were not valid. The token was not looked at: try it again after
        /// `retryAfterMs`.
        TooManyAttempts,
    }
}

#[derive(Default)]
pub(crate) struct TokenRefresh;

#[Object]
impl TokenRefresh {
    /// Exchanges a refresh token for a new access token and the next refresh token. Needs no access token. A sign-in can be
    /// renewed for 30 days.
    async fn token_refresh(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token to exchange.")] input: TokenRefreshInput,
    ) -> Result<TokenRefreshPayload> {
        let desk = desk(context);
        let granted = desk.token_refresh(network(context), &input.refresh_token).await;
        let retry_after_ms = match &granted {
            Err(Rejected::Refused(Refusal::TooManyAttempts { retry_after })) => Some(milliseconds(*retry_after)),
            _ => None,
        };
        let (grant, user_errors) = settle(granted.map_err(|rejected| Stop::of(rejected, explain)))?;
        let Some(grant) = grant else {
            return Ok(TokenRefreshPayload { retry_after_ms, user_errors, ..TokenRefreshPayload::default() });
        };
        Ok(TokenRefreshPayload {
            agent: Some(granted_agent(desk, &grant).await?),
            access_token: Some(grant.access_token),
            refresh_token: Some(grant.refresh_token),
            expires_at: Some(grant.expires_at.into()),
            retry_after_ms,
            user_errors,
        })
    }
}

fn explain(refusal: Refusal) -> Stop<Grant, TokenRefreshError> {
    let (code, field) = match refusal {
        Refusal::Invalid => (TokenRefreshErrorCode::RefreshTokenInvalid, Some("refreshToken")),
        Refusal::Reused => (TokenRefreshErrorCode::RefreshTokenReused, Some("refreshToken")),
        Refusal::TooManyAttempts { .. } => (TokenRefreshErrorCode::TooManyAttempts, None),
    };
    TokenRefreshError::new(code, field, refusal).into()
}
