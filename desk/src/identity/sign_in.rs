//! Signing in with a password.

use std::net::IpAddr;
use std::time::Duration;

use domain::Agent;
use domain::agent::normal_email;

use super::{Grant, SIGN_IN_LASTS, whole_seconds};
use crate::keys::{PasswordCheck, PasswordError, Turn};
use crate::{Desk, Error, Rejected};

/// Why nobody was signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignInRefusal {
    /// No active agent has this address and password. Which of them is wrong is not said.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// Too many attempts have failed, so the password was not looked at.
    #[error(
        "too many attempts to sign in have failed, and until some time has passed none is looked at, even with the \
         right password: try again in {} seconds", whole_seconds(*retry_after)
    )]
    TooManyAttempts {
        /// How long to wait.
        retry_after: Duration,
    },
}

/// Who was found to have a right password.
struct Recognised {
    agent: Agent,
    /// The hash of the password that was right.
    hash: String,
    /// The hash to store from now on, if the stored one is out of date.
    new_hash: Option<String>,
}

impl Desk {
    /// Signs an agent in. An unknown address takes as long as a wrong password. Failures count for the account and for
    /// the network of the client: an IPv4 address, or the first address of an IPv6 /64.
    pub async fn sign_in(
        &self,
        network: IpAddr,
        email: &str,
        password: &str,
    ) -> Result<Grant, Rejected<SignInRefusal>> {
        let email = normal_email(email);
        let attempt = self.attempts.attempt(&email, network);
        let too_many = |retry_after| Rejected::Refused(SignInRefusal::TooManyAttempts { retry_after });
        // Asked before the queue too, so that those who are refused do not keep others waiting.
        self.attempts.check(attempt, self.now()).map_err(too_many)?;
        let turn = self.keys.passwords.turn().await.map_err(failure)?;
        self.attempts.begin(attempt, self.now()).map_err(too_many)?;
        let recognised = self.recognise(&turn, &email, password).await;
        drop(turn);
        let grant = match recognised {
            Ok(Some(recognised)) => self.start_sign_in(recognised).await,
            Ok(None) => Ok(None),
            Err(error) => Err(error),
        };
        match grant {
            Ok(Some(grant)) => {
                self.attempts.granted(attempt, self.now());
                Ok(grant)
            }
            Ok(None) => Err(Rejected::Refused(SignInRefusal::WrongCredentials)),
            Err(error) => {
                self.attempts.undo(attempt, self.now());
                Err(error.into())
            }
        }
    }

    async fn recognise(&self, turn: &Turn, email: &str, password: &str) -> Result<Option<Recognised>, Error> {
        let found = self.store.read().await?.agent_by_email(email).await?;
        let Some((agent, hash)) = found.filter(|(agent, _)| agent.active) else {
            turn.verify_dummy(password).await.map_err(failure)?;
            return Ok(None);
        };
        let new_hash = match turn.verify(password, &hash).await.map_err(failure)? {
            PasswordCheck::Wrong => return Ok(None),
            PasswordCheck::Right => None,
            PasswordCheck::RightNeedsRehash => Some(turn.hash(password).await.map_err(failure)?),
        };
        Ok(Some(Recognised { agent, hash, new_hash }))
    }

    /// Starts a sign-in, unless the agent was deactivated or has got another password since the one given was found
    /// right: whoever did that has ended every sign-in, and this one must not come after.
    async fn start_sign_in(&self, recognised: Recognised) -> Result<Option<Grant>, Error> {
        let Recognised { agent, hash, new_hash } = recognised;
        let now = self.now();
        let mut tx = self.store.begin().await?;
        if tx.lock_credentials(agent.id).await? != Some((true, hash)) {
            tx.roll_back().await?;
            return Ok(None);
        }
        if let Some(hash) = new_hash {
            tx.set_password(agent.id, &hash).await?;
        }
        let family = tx.insert_token_family(agent.id, now, now + SIGN_IN_LASTS).await?;
        let grant = self.grant(&mut tx, agent, family).await?;
        self.commit(tx).await?;
        Ok(Some(grant))
    }
}

pub(super) fn failure(error: PasswordError) -> Error {
    match error {
        PasswordError::Busy => Error::Busy,
        error => Error::internal(error),
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::Arc;

    use ::tests::{Database, on_both_engines};

    use super::*;
    use crate::SystemClock;
    use crate::keys::SecretKey;
    use crate::open::{Settings, Sharing};

    const EMAIL: &str = "ada@example.com";
    const OLD: &str = "the old password of ada";
    const NEW: &str = "the new password of ada";

    async fn desk(database: &Database) -> Desk {
        let settings = Settings {
            database_url: database.url(),
            sharing: Sharing::Exclusive,
            secret: &SecretKey::generate(),
            previous_secret: None,
            clock: Arc::new(SystemClock),
        };
        let desk = Desk::open(settings).await.unwrap().0;
        desk.set_up(EMAIL, Some(OLD)).await.unwrap();
        desk
    }

    /// What is known when a password has been found right, and nothing has been written yet.
    async fn recognised(desk: &Desk, password: &str) -> Recognised {
        let turn = desk.keys.passwords.turn().await.unwrap();
        desk.recognise(&turn, EMAIL, password).await.unwrap().unwrap()
    }

    async fn can_sign_in(desk: &Desk, password: &str) -> bool {
        desk.sign_in(Ipv4Addr::LOCALHOST.into(), EMAIL, password).await.is_ok()
    }

    on_both_engines! {
        async fn a_sign_in_under_way_does_not_survive_a_password_reset(engine: Engine) {
            let database = Database::new(engine).await;
            let desk = desk(&database).await;
            let under_way = recognised(&desk, OLD).await;
            // Of another one the hash is out of date.
            let new_hash = Some(under_way.hash.clone());
            let out_of_date = Recognised { new_hash, ..recognised(&desk, OLD).await };
            desk.admin_password_reset(EMAIL, NEW).await.unwrap();
            assert!(desk.start_sign_in(under_way).await.unwrap().is_none());
            assert!(desk.start_sign_in(out_of_date).await.unwrap().is_none());
            assert!(can_sign_in(&desk, NEW).await && !can_sign_in(&desk, OLD).await);
        }

        async fn a_sign_in_under_way_does_not_survive_a_deactivation(engine: Engine) {
            let database = Database::new(engine).await;
            let desk = desk(&database).await;
            let under_way = recognised(&desk, OLD).await;
            desk.admin_agent_activate(EMAIL, false).await.unwrap();
            assert!(desk.start_sign_in(under_way).await.unwrap().is_none());
        }

        async fn nothing_in_between_lets_it_go_on(engine: Engine) {
            let database = Database::new(engine).await;
            let desk = desk(&database).await;
            let under_way = recognised(&desk, OLD).await;
            assert!(desk.start_sign_in(under_way).await.unwrap().is_some());
        }
    }
}
