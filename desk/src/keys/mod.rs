//! Keys: everything that the desk keeps secret, signs or hashes, out of one master secret.
//!
//! Nothing here reads a clock or a database: the time is an argument, and what is stored is
//! handed over as text. Every key follows from the [`SecretKey`], so processes that share it
//! accept each other's tokens and open each other's seals. When the secret changes, the previous
//! one can be kept for a while: what it made is still accepted, and nothing new is made with it.

mod access_token;
mod cursor_sealer;
mod mac;
mod opaque_token;
mod password;
mod random;
mod seal;
mod secret;
mod secret_file;
mod signing_key;

pub use access_token::{ACCESS_TOKEN_LIFETIME, AccessClaims, TokenError, TokenIssuer};
pub use cursor_sealer::{CursorSealer, SEALED_BYTES as SEALED_CURSOR_BYTES};
pub use mac::Mac;
pub use opaque_token::{OpaqueToken, OpaqueTokenError, TokenHash, TokenHasher, TokenKind};
pub use password::{
    LONGEST_PASSWORD_BYTES, PasswordCheck, PasswordError, PasswordRule, Passwords, SHORTEST_PASSWORD_BYTES, Turn,
    check_password_rules, random_password,
};
pub(crate) use random::{random_id, random_number};
pub use seal::{SealError, Sealer};
pub use secret::{KEY_BYTES, SecretKey, SecretKeyError};

use secret::Purpose;

/// The keys of one desk, each for its own use.
#[derive(Debug)]
pub struct Keyring {
    /// Encrypts bot tokens at rest.
    pub sealer: Sealer,
    /// Hashes and checks passwords. It needs no key.
    pub passwords: Passwords,
    /// Issues and checks access tokens.
    pub access_tokens: TokenIssuer,
    /// Hashes refresh tokens and API tokens.
    pub opaque_tokens: TokenHasher,
    /// Encrypts the event cursors that clients hand back.
    pub cursors: CursorSealer,
    /// Authenticates what an idempotency key was used for.
    pub idempotency_keys: Mac,
    /// Makes up the addresses and secrets of webhooks and the tokens of simulated bots, so that
    /// none of them has to be stored and every process of the desk agrees on them.
    pub webhooks: Mac,
    /// Authenticates the tickets of downloads.
    pub download_tickets: Mac,
}

impl Keyring {
    /// Derives every key from the secret, and those that still accept from the previous one.
    pub fn new(secret: &SecretKey, previous: Option<&SecretKey>) -> Self {
        let previous = previous.filter(|previous| *previous != secret);
        Self {
            sealer: Sealer::new(secret, previous),
            passwords: Passwords::default(),
            access_tokens: TokenIssuer::new(secret, previous),
            opaque_tokens: TokenHasher::new(secret, previous),
            cursors: CursorSealer::new(secret, previous),
            idempotency_keys: Mac::new(Purpose::IdempotencyKeys, secret, previous),
            webhooks: Mac::new(Purpose::Webhooks, secret, previous),
            download_tickets: Mac::new(Purpose::DownloadTickets, secret, previous),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_processes_with_one_secret_open_each_others_seals() {
        let secret = SecretKey::generate();
        let sealed = Keyring::new(&secret, None).sealer.seal("token", "project:12:bot_token");
        let opened = Keyring::new(&secret, None).sealer.open(&sealed, "project:12:bot_token");
        assert_eq!(opened.unwrap(), "token");
    }

    #[test]
    fn the_current_secret_given_again_as_the_previous_one_counts_once() {
        let secret = SecretKey::generate();
        let keyring = Keyring::new(&secret, Some(&secret.clone()));
        assert_eq!(keyring.access_tokens.jwks()["keys"].as_array().unwrap().len(), 1);
    }

    #[test]
    fn debug_shows_no_key() {
        let secret = SecretKey::generate();
        let shown = format!("{:?}", Keyring::new(&secret, None));
        let seed = secret.derive(Purpose::AccessTokens);
        assert!(!shown.contains(&format!("{seed:?}")[1..20]), "{shown}");
        assert!(!shown.contains(&secret.to_setting()), "{shown}");
    }
}
