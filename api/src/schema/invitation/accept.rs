//! Accepting an invitation.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use desk::Rejected;
use desk::identity::{Grant, InvitationAcceptRefusal as Refusal};
use desk::keys::PasswordRule;

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::identity::{granted_agent, milliseconds, network};
use crate::schema::scalar::DateTime;
use crate::schema::user_error::{Stop, UserError as _, settle, user_error};
use crate::view::desk;

/// What `invitationAccept` takes.
#[derive(InputObject)]
pub(crate) struct InvitationAcceptInput {
    /// The code that `agentInvite` returned as `acceptCode`.
    #[graphql(secret)]
    code: String,
    /// The password that you choose, 8 to 1024 bytes.
    #[graphql(secret)]
    password: String,
}

/// What came of `invitationAccept`.
#[derive(SimpleObject, Default)]
pub(crate) struct InvitationAcceptPayload {
    /// Used as the one of `signIn`. Null if the invitation was not accepted.
    access_token: Option<String>,
    /// To be exchanged, once, by `tokenRefresh`. Keep it secret. Null if the invitation was not accepted.
    refresh_token: Option<String>,
    /// When the access token ends. Null if the invitation was not accepted.
    expires_at: Option<DateTime>,
    /// The new agent, who is signed in. Null if the invitation was not accepted.
    agent: Option<Agent>,
    /// How many milliseconds to wait before the next attempt, after `TOO_MANY_ATTEMPTS`. Null otherwise.
    retry_after_ms: Option<i32>,
    /// Why the invitation was not accepted. Empty if all went well.
    user_errors: Vec<InvitationAcceptError>,
}

user_error! {
    /// Why `invitationAccept` accepted nothing.
    InvitationAcceptError,
    /// The reasons of `invitationAccept` to accept nothing.
    InvitationAcceptErrorCode {
        /// The code is unknown, was used or revoked, or has run out, or who made it may no longer give what it gives. Which
        /// of it is not said.
        InvitationNotValid,
        /// The password is shorter than 8 bytes.
        WeakPassword,
        /// The password is longer than 1024 bytes.
        PasswordTooLong,
        /// An agent has the address of the invitation by now.
        EmailTaken,
        /// There are fewer seats than when you were invited, and all of them are taken.
        SeatLimitReached,
        /// Too many codes from the network of the client were not valid. The code was not looked at: try it again after
        /// `retryAfterMs`.
        TooManyAttempts,
    }
}

#[derive(Default)]
pub(crate) struct InvitationAccept;

#[Object]
impl InvitationAccept {
    /// Makes you an agent by an invitation, and signs you in. Needs no access token. A code works once.
    async fn invitation_accept(
        &self,
        context: &Context<'_>,
        #[graphql(desc = "The code and your password.")] input: InvitationAcceptInput,
    ) -> Result<InvitationAcceptPayload> {
        let desk = desk(context);
        let granted = desk.invitation_accept(network(context), &input.code, &input.password).await;
        let retry_after_ms = match &granted {
            Err(Rejected::Refused(Refusal::TooManyAttempts { retry_after })) => Some(milliseconds(*retry_after)),
            _ => None,
        };
        let (grant, user_errors) = settle(granted.map_err(|rejected| Stop::of(rejected, explain)))?;
        let Some(grant) = grant else {
            return Ok(InvitationAcceptPayload { retry_after_ms, user_errors, ..InvitationAcceptPayload::default() });
        };
        Ok(InvitationAcceptPayload {
            agent: Some(granted_agent(desk, &grant).await?),
            access_token: Some(grant.access_token),
            refresh_token: Some(grant.refresh_token),
            expires_at: Some(grant.expires_at.into()),
            retry_after_ms,
            user_errors,
        })
    }
}

fn explain(refusal: Refusal) -> Stop<Grant, InvitationAcceptError> {
    use InvitationAcceptErrorCode as Code;
    let (code, field) = match refusal {
        Refusal::Invalid => (Code::InvitationNotValid, Some("code")),
        Refusal::Password(PasswordRule::TooShort) => (Code::WeakPassword, Some("password")),
        Refusal::Password(PasswordRule::TooLong) => (Code::PasswordTooLong, Some("password")),
        Refusal::EmailTaken => (Code::EmailTaken, None),
        Refusal::SeatLimit(_) => (Code::SeatLimitReached, None),
        Refusal::TooManyAttempts { .. } => (Code::TooManyAttempts, None),
    };
    InvitationAcceptError::new(code, field, refusal).into()
}
