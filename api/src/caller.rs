//! Who calls: an access token becomes an agent with the rights that they have now.

use desk::Desk;
use desk::keys::TokenError;
use domain::{AgentId, TokenFamilyId};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use tokio::sync::OnceCell;

use crate::transport::{AuthenticationError, Authenticator, Caller};
use crate::view::View;

/// Takes the access tokens that this desk issued.
pub struct Tokens {
    desk: Desk,
}

impl Tokens {
    /// For the tokens of this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    async fn caller(&self, token: &str) -> Result<Caller, AuthenticationError> {
        let (agent_id, family_id, expires_at) = self.desk.verify_access_token(token).map_err(refusal)?;
        match self.desk.actor(agent_id, family_id).await {
            // Rights can change while a socket is open, so each operation asks for them anew.
            Ok(_) => Ok(Caller::new()
                .attach_with(move |operation| operation.insert(SignedIn::new(agent_id, family_id)))
                .expiring_at(expires_at)),
            Err(desk::Error::Unauthenticated) => Err(AuthenticationError::Invalid),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "an access token cannot be checked");
                Err(AuthenticationError::Unavailable)
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

fn refusal(error: TokenError) -> AuthenticationError {
    match error {
        TokenError::Expired => AuthenticationError::Expired,
        _ => AuthenticationError::Invalid,
    }
}

/// The sign-in on whose behalf one operation runs. An operation without it is anonymous.
#[derive(Debug)]
pub struct SignedIn {
    pub(crate) agent_id: AgentId,
    pub(crate) family_id: TokenFamilyId,
    pub(crate) view: OnceCell<View>,
}

impl SignedIn {
    /// For one operation of an agent, who acts through a sign-in.
    pub fn new(agent_id: AgentId, family_id: TokenFamilyId) -> Self {
        Self { agent_id, family_id, view: OnceCell::new() }
    }
}
