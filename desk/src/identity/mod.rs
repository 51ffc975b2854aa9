//! Signing in and staying signed in.

mod accept;
mod attempts;
mod ledger;
mod refresh;
mod sign_in;
mod sign_out;
mod verified;

use std::time::Duration;

use domain::{Agent, Time, TokenFamilyId};
use store::Tx;

pub use accept::InvitationAcceptRefusal;
pub(crate) use attempts::Attempts;
pub use refresh::RefreshRefusal;
pub use sign_in::SignInRefusal;
pub(crate) use verified::VerifiedTokens;

use crate::keys::{AccessClaims, OpaqueToken, TokenKind};
use crate::{Credential, Desk, Error};

/// How long a sign-in lasts without being signed in anew, however often it is renewed.
pub const SIGN_IN_LASTS: chrono::Duration = chrono::Duration::days(30);

/// What a sign-in or its renewal gives.
pub struct Grant {
    /// For the `Authorization` header, valid until `expires_at`.
    pub access_token: String,
    /// To be exchanged, once, for the next grant.
    pub refresh_token: String,
    /// When the access token ends.
    pub expires_at: Time,
    /// Who signed in.
    pub agent: Agent,
}

/// A wait in whole seconds, so that whoever waits for them has waited long enough.
fn whole_seconds(wait: Duration) -> u64 {
    wait.as_secs() + u64::from(wait.subsec_nanos() > 0)
}

impl Desk {
    /// The tokens of a sign-in; the refresh token's hash is stored in the transaction.
    async fn grant(&self, tx: &mut Tx, agent: Agent, family: TokenFamilyId) -> Result<Grant, Error> {
        let claims = AccessClaims::new(agent.id, family, self.now());
        let refresh_token = OpaqueToken::generate(TokenKind::Refresh);
        tx.insert_refresh_token(self.keys.opaque_tokens.hash(&refresh_token).as_str(), family).await?;
        Ok(Grant {
            access_token: self.keys.access_tokens.issue(&claims),
            refresh_token: refresh_token.reveal().to_owned(),
            expires_at: claims.expires_at,
            agent,
        })
    }

    /// The credential that an access token stands for, and when the token ends.
    pub fn verify_access_token(&self, token: &str) -> Result<(Credential, Time), crate::keys::TokenError> {
        let now = self.now();
        let claims = match self.verified_tokens.get(token, now) {
            Some(claims) => claims,
            None => {
                let claims = self.keys.access_tokens.verify(token, now)?;
                self.verified_tokens.remember(token, &claims, now);
                claims
            }
        };
        let credential = Credential::SignIn { agent_id: claims.agent_id, family_id: claims.family_id };
        Ok((credential, claims.expires_at))
    }
}
