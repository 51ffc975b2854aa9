//! Signing in with a password.

use domain::agent::normal_email;

use super::{Grant, SIGN_IN_LASTS};
use crate::keys::PasswordCheck;
use crate::{Desk, Error, Rejected};

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// No active agent has this address and password. Which of them is wrong is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
}

impl Desk {
    /// Signs an agent in. An unknown address takes as long as a wrong password.
    pub async fn sign_in(&self, email: &str, password: &str) -> Result<Grant, Rejected<SignInRefusal>> {
        let wrong = || Rejected::Refused(SignInRefusal::WrongCredentials);
        let found = self.store.read().await?.agent_by_email(&normal_email(email)).await?;
        let Some((agent, hash)) = found.filter(|(agent, _)| agent.active) else {
            self.keys.passwords.verify_dummy(password).await.map_err(Error::internal)?;
            return Err(wrong());
        };
        let check = self.keys.passwords.verify(password, &hash).await.map_err(Error::internal)?;
        let rehash = match check {
            PasswordCheck::Wrong => return Err(wrong()),
            PasswordCheck::Right => None,
            PasswordCheck::RightNeedsRehash => Some(self.keys.passwords.hash(password).await.map_err(Error::internal)?),
        };
        let now = self.now();
        let mut tx = self.store.begin().await?;
        if let Some(hash) = rehash {
            tx.set_password(agent.id, &hash).await?;
        }
        let family = tx.insert_token_family(agent.id, now, now + SIGN_IN_LASTS).await?;
        let grant = self.grant(&mut tx, agent, family).await?;
        self.commit(tx).await?;
        Ok(grant)
    }
}
