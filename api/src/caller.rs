//! Who calls: an access token or an API token becomes an agent with the rights that they have now.

use desk::keys::{OpaqueToken, OpaqueTokenError, TokenError};
use desk::{Credential, Desk, Error};
use domain::Time;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::transport::{AuthenticationError, Authenticator, Caller};
use crate::view::View;

/// Takes the access tokens and the API tokens that this desk issued.
pub struct Tokens {
    desk: Desk,
}

impl Tokens {
    /// For the tokens of this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn caller(&self, token: &str) -> Result<Caller, AuthenticationError> {
        let (credential, expires_at) = self.credential(token).await?;
        let actor = self.desk.actor(credential).await.map_err(failure)?;
        let desk = self.desk.clone();
        // Rights can change while a socket is open, so each operation asks for them anew.
        let caller = Caller::new()
            .identified_by(identity(credential))
            .attach_with(move |operation| operation.insert(SignedIn::new(credential)))
            .until(move || {
                let desk = desk.clone();
                async move { desk.credential_ended(credential).await }.boxed()
            });
        Ok(match [expires_at, actor.expires_at()].into_iter().flatten().min() {
            Some(expires_at) => caller.expiring_at(expires_at),
            None => caller,
        })
    }

    /// The credential that a token stands for, and when the token ends if that is before the credential does.
    pub(crate) async fn credential(&self, token: &str) -> Result<(Credential, Option<Time>), AuthenticationError> {
        match token.parse::<OpaqueToken>() {
            Ok(secret) => Ok((self.desk.api_token_credential(&secret).await.map_err(failure)?, None)),
            Err(OpaqueTokenError::Malformed) => Err(AuthenticationError::Invalid),
            Err(OpaqueTokenError::UnknownPrefix) => {
                let (credential, expires_at) = self.desk.verify_access_token(token).map_err(refusal)?;
                Ok((credential, Some(expires_at)))
            }
        }
    }
}

impl Authenticator for Tokens {
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Caller, AuthenticationError>> {
        async move {
            match bearer {
                Some(token) => self.caller(token).await,
                None => Ok(Caller::new()),
            }
        }
        .boxed()
    }
}

fn failure(error: Error) -> AuthenticationError {
    if matches!(error, Error::Unauthenticated) {
        return AuthenticationError::Invalid;
    }
    tracing::warn!(error = &error as &dyn std::error::Error, "a token cannot be checked");
    AuthenticationError::Unavailable
}

/// Under which name is counted what is spent: an agent is one however often they sign in, and each API token is one.
pub(crate) fn identity(credential: Credential) -> String {
    match credential {
        Credential::SignIn { agent_id, .. } => format!("agent:{}", agent_id.0),
        Credential::ApiToken(id) => format!("token:{}", id.0),
    }
}

fn refusal(error: TokenError) -> AuthenticationError {
    match error {
        TokenError::Expired => AuthenticationError::Expired,
        _ => AuthenticationError::Invalid,
    }
}

/// The credential on whose behalf one operation runs. An operation without it is anonymous.
#[derive(Debug)]
pub struct SignedIn {
    pub(crate) credential: Credential,
    pub(crate) view: OnceCell<View>,
}

impl SignedIn {
    /// For one operation of an agent, who acts through a credential.
    pub fn new(credential: Credential) -> Self {
        Self { credential, view: OnceCell::new() }
    }
}
