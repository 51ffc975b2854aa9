//! Finding the API token that a secret belongs to.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ApiTokenId;

use crate::keys::{OpaqueToken, TokenKind};
use crate::{Credential, Desk, Error};

/// How many tokens are remembered before all of them are forgotten.
const REMEMBERED: usize = 4096;

/// The tokens that were found lately, by their hashes. Whose they are and whether they are still
/// taken is asked elsewhere, each time; a hash never belongs to another token.
#[derive(Default)]
pub(crate) struct KnownApiTokens(Mutex<HashMap<Box<str>, ApiTokenId>>);

impl KnownApiTokens {
    fn get(&self, hash: &str) -> Option<ApiTokenId> {
        self.tokens().get(hash).copied()
    }

    fn remember(&self, hash: &str, id: ApiTokenId) {
        let mut tokens = self.tokens();
        if tokens.len() >= REMEMBERED {
            tokens.clear();
        }
        tokens.insert(hash.into(), id);
    }

    fn tokens(&self) -> MutexGuard<'_, HashMap<Box<str>, ApiTokenId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The credential that the secret of an API token stands for. Fails with
    /// [`Error::Unauthenticated`] if there is no such token. Whether it is still taken shows when
    /// its [`actor`](Desk::actor) is asked for.
    pub async fn api_token_credential(&self, secret: &OpaqueToken) -> Result<Credential, Error> {
        if secret.kind() != TokenKind::Api {
            return Err(Error::Unauthenticated);
        }
        let hash = self.keys.opaque_tokens.hash(secret);
        if let Some(id) = self.known_api_tokens.get(hash.as_str()) {
            return Ok(Credential::ApiToken(id));
        }
        for stored in self.keys.opaque_tokens.lookup_hashes(secret) {
            let found = self.store.read().await?.api_token_by_hash(stored.as_str()).await?;
            let Some(id) = found else { continue };
            if stored != hash {
                // It was made before the secret key was changed, and must outlive the next change.
                let mut tx = self.store.begin().await?;
                tx.set_api_token_hash(id, hash.as_str()).await?;
                tx.commit_silently().await?;
            }
            self.known_api_tokens.remember(hash.as_str(), id);
            return Ok(Credential::ApiToken(id));
        }
        Err(Error::Unauthenticated)
    }
}
