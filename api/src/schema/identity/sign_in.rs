//! Signing in with a password.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use desk::Rejected;
use desk::identity::{Grant, SignInRefusal as Refusal};

use super::{granted_agent, milliseconds, network};
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::desk;

/// What `signIn` takes.
#[derive(InputObject)]
pub(crate) struct SignInInput {
    /// The address of the agent. Capital letters do not matter.
    email: String,
    /// The password of the agent.
    #[graphql(secret)]
    password: String,
}

/// What came of `signIn`.
#[derive(SimpleObject, Default)]
pub(crate) struct SignInPayload {
    /// To be sent as `Authorization: Bearer <accessToken>`, or as `{"Authorization": "Bearer <accessToken>"}` in the
    /// payload of `connection_init` on a WebSocket. Null if nobody was signed in.
    access_token: Option<String>,
    /// To be exchanged, once, by `tokenRefresh`. Keep it secret. Null if nobody was signed in.
    refresh_token: Option<String>,
    /// When the access token ends; a WebSocket opened with it is closed then. Null if nobody was signed in.
    expires_at: Option<DateTime>,
    /// Who is signed in. Null if nobody is.
    agent: Option<Agent>,
    /// How many milliseconds to wait before the next attempt, after `TOO_MANY_ATTEMPTS`. Null otherwise.
    retry_after_ms: Option<i32>,
    /// Why nobody was signed in. Empty if all went well.
    user_errors: Vec<SignInError>,
}

user_error! {
    /// Why `signIn` signed nobody in.
    SignInError,
    /// The reasons of `signIn` to sign nobody in.
    SignInErrorCode {
        /// No active agent has this address and password. Which of them is wrong is not said.
        InvalidCredentials,
        /// Too many attempts have failed. Until `retryAfterMs` has passed none is looked at, not even one with the right
        /// password.
        TooManyAttempts,
    }
}

#[derive(Default)]
pub(crate) struct SignIn;

#[Object]
impl SignIn {
    /// Signs an agent in. Needs no access token. Failures are limited for each account and each client address.
    async fn sign_in(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The credentials.")] input: SignInInput,
    ) -> Result<SignInPayload> {
        let desk = desk(context);
        let granted = desk.sign_in(network(context), &input.email, &input.password).await;
        let retry_after_ms = match &granted {
            Err(Rejected::Refused(Refusal::TooManyAttempts { retry_after })) => Some(milliseconds(*retry_after)),
            _ => None,
        };
        let (grant, user_errors) = settle(granted.map_err(|rejected| Stop::of(rejected, explain)))?;
        let Some(grant) = grant else {
            return Ok(SignInPayload { retry_after_ms, user_errors, ..SignInPayload::default() });
        };
        Ok(SignInPayload {
            agent: Some(granted_agent(desk, &grant).await?),
            access_token: Some(grant.access_token),
            refresh_token: Some(grant.refresh_token),
            expires_at: Some(grant.expires_at.into()),
            retry_after_ms,
            user_errors,
        })
    }
}

fn explain(refusal: Refusal) -> Stop<Grant, SignInError> {
    let code = match refusal {
        Refusal::WrongCredentials => SignInErrorCode::InvalidCredentials,
        Refusal::TooManyAttempts { .. } => SignInErrorCode::TooManyAttempts,
    };
    SignInError::new(code, None, refusal).into()
}
