//! Access tokens whose signature was found right a moment ago.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Time;

use crate::keys::AccessClaims;

/// How many tokens are remembered before those that ran out are dropped, and all of them if
/// none did.
const REMEMBERED: usize = 4096;

/// The claims of tokens that were checked. A console sends the same token with each request,
/// and to check an Ed25519 signature costs more than to look at a session. Whether the sign-in
/// still stands is asked elsewhere, each time; only that the desk signed these very bytes is
/// remembered here.
#[derive(Default)]
pub(crate) struct VerifiedTokens(Mutex<HashMap<Box<str>, AccessClaims>>);

impl VerifiedTokens {
    /// The claims of a token that is known and has not run out.
    pub(super) fn get(&self, token: &str, now: Time) -> Option<AccessClaims> {
        let tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        tokens.get(token).filter(|claims| claims.expires_at > now).copied()
    }

    pub(super) fn remember(&self, token: &str, claims: &AccessClaims, now: Time) {
        let mut tokens = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= REMEMBERED {
            tokens.retain(|_, claims| claims.expires_at > now);
            if tokens.len() >= REMEMBERED {
                tokens.clear();
            }
        }
        tokens.insert(token.into(), *claims);
    }
}
