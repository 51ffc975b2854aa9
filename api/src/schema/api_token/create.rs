//! Making an API token.

use std::sync::Arc;

use async_graphql::{Context, InputObject, Object, SimpleObject};
use desk::IdempotencyKeyRefusal;
use desk::api_token::{ApiTokenCreateRefusal as Refusal, NewApiToken, NewApiTokenSecret};
use domain::api_token::ApiTokenRefusal;

use super::ApiToken;
use super::scope::ApiScope;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::View;

/// What `apiTokenCreate` takes.
#[derive(InputObject)]
pub(crate) struct ApiTokenCreateInput {
    /// What the token is for, 1 to 100 characters.
    name: String,
    /// What it is to be good for: at least one scope, and best no more than the integration needs.
    scopes: Vec<ApiScope>,
    /// When it is to end by itself. Null or left out: when it is revoked.
    expires_at: Option<DateTime>,
    /// A key that you choose for this request, 1 to 255 bytes, best a random UUID. Within 24 hours the same key with the
    /// same input makes no other token and gives the first one, without its secret. Null or left out: sending again
    /// makes another token.
    idempotency_key: Option<String>,
}

/// What came of `apiTokenCreate`.
#[derive(SimpleObject, Default)]
pub(crate) struct ApiTokenCreatePayload {
    /// The new token. Null if none was made.
    api_token: Option<ApiToken>,
    /// What the integration sends as `Authorization: Bearer <secret>`. It is shown this once and not kept: store it in a
    /// safe place. Null if no token was made, and if an earlier request with the same idempotency key made it.
    secret: Option<String>,
    /// Why no token was made. Empty if all went well.
    user_errors: Vec<ApiTokenCreateError>,
}

user_error! {
    /// Why `apiTokenCreate` made no token.
    ApiTokenCreateError,
    /// The reasons of `apiTokenCreate` to make no token.
    ApiTokenCreateErrorCode {
        /// The name has no visible character.
        NameEmpty,
        /// The name has more than 100 characters.
        NameTooLong,
        /// The name has a control character or one that turns the direction of writing.
        NameInvalid,
        /// There is no scope.
        ScopesEmpty,
        /// The token would have ended already.
        ExpiresInThePast,
        /// You have 100 tokens that are in force.
        TooManyTokens,
        /// The idempotency key is empty or too long.
        IdempotencyKeyMalformed,
        /// The idempotency key was used for another request within 24 hours.
        IdempotencyKeyReused,
    }
}

#[derive(Default)]
pub(crate) struct ApiTokenCreate;

#[Object]
impl ApiTokenCreate {
    /// Makes an API token with which an integration acts as you, within its scopes. Not to be done with an API token.
    async fn api_token_create(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The token to make.")] input: ApiTokenCreateInput,
    ) -> Result<ApiTokenCreatePayload> {
        let view = View::fresh(context).await?;
        let new = NewApiToken {
            name: input.name,
            scopes: input.scopes.into_iter().map(domain::ApiScope::from).collect(),
            expires_at: input.expires_at.map(|end| end.0),
            idempotency_key: input.idempotency_key,
        };
        let created = view.desk().api_token_create(view.actor(), &new).await;
        let (created, user_errors) = settle(created.map_err(|rejected| Stop::of(rejected, explain)))?;
        let Some(NewApiTokenSecret { token, secret }) = created else {
            return Ok(ApiTokenCreatePayload { user_errors, ..ApiTokenCreatePayload::default() });
        };
        Ok(ApiTokenCreatePayload { api_token: Some(ApiToken::new(Arc::new(token), &view)), secret, user_errors })
    }
}

fn explain(refusal: Refusal) -> Stop<NewApiTokenSecret, ApiTokenCreateError> {
    use ApiTokenCreateErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Token(ApiTokenRefusal::NameEmpty) => (Code::NameEmpty, Some("name")),
        Refusal::Token(ApiTokenRefusal::NameTooLong) => (Code::NameTooLong, Some("name")),
        Refusal::Token(ApiTokenRefusal::NameInvalid) => (Code::NameInvalid, Some("name")),
        Refusal::Token(ApiTokenRefusal::NoScope) => (Code::ScopesEmpty, Some("scopes")),
        Refusal::Token(ApiTokenRefusal::EndsInThePast) => (Code::ExpiresInThePast, Some("expiresAt")),
        Refusal::TooMany => (Code::TooManyTokens, None),
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Malformed) => {
            (Code::IdempotencyKeyMalformed, Some("idempotencyKey"))
        }
        Refusal::IdempotencyKey(IdempotencyKeyRefusal::Reused) => (Code::IdempotencyKeyReused, Some("idempotencyKey")),
    };
    ApiTokenCreateError::new(code, field, refusal).into()
}
