//! Opaque tokens: long random texts that mean something only through a row of the database.
//!
//! The client holds the text, the database only its hash. The hash is keyed: a copy of the
//! database gives no token away, and whoever can only write to it cannot plant one.

use std::fmt;
use std::str::FromStr;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::mac::Mac;
use super::random::random_bytes;
use super::secret::{Purpose, SecretKey};

/// The random part, in bytes: 256 bits.
const RANDOM_BYTES: usize = 32;

/// What an opaque token is for. The kind is the first part of its text, so that a token in the
/// wrong place is recognised, also by tools that look for leaked secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// Renews the access token of a person who signed in: `sbr_…`.
    Refresh,
    /// Signs in an integration: `sba_…`.
    Api,
    /// Makes an agent of whoever is invited: `sbi_…`.
    Invitation,
}

impl TokenKind {
    const ALL: [Self; 3] = [Self::Refresh, Self::Api, Self::Invitation];

    fn prefix(self) -> &'static str {
        match self {
            Self::Refresh => "sbr_",
            Self::Api => "sba_",
            Self::Invitation => "sbi_",
        }
    }
}

/// An opaque token as its holder knows it. Its text is the secret: show it once, store its hash.
#[derive(Clone)]
pub struct OpaqueToken {
    kind: TokenKind,
    text: String,
}

impl OpaqueToken {
    /// Draws a new token.
    pub fn generate(kind: TokenKind) -> Self {
        let random = URL_SAFE_NO_PAD.encode(random_bytes::<RANDOM_BYTES>());
        Self { kind, text: format!("{}{random}", kind.prefix()) }
    }

    /// What the token is for.
    pub fn kind(&self) -> TokenKind {
        self.kind
    }

    /// The text for the holder: the prefix of its kind and 43 characters of base64url.
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl FromStr for OpaqueToken {
    type Err = OpaqueTokenError;

    fn from_str(text: &str) -> Result<Self, OpaqueTokenError> {
        let (kind, random) = TokenKind::ALL
            .into_iter()
            .find_map(|kind| Some((kind, text.strip_prefix(kind.prefix())?)))
            .ok_or(OpaqueTokenError::UnknownPrefix)?;
        let mut bytes = [0; RANDOM_BYTES];
        match URL_SAFE_NO_PAD.decode_slice(random, &mut bytes) {
            Ok(RANDOM_BYTES) => Ok(Self { kind, text: text.to_owned() }),
            _ => Err(OpaqueTokenError::Malformed),
        }
    }
}

impl fmt::Debug for OpaqueToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OpaqueToken({:?}, redacted)", self.kind)
    }
}

/// Why a text is no opaque token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpaqueTokenError {
    /// It begins like no token of the desk.
    #[error(
        "this is not a token of this desk: a refresh token begins with sbr_, an API token with sba_ and the code of an \
         invitation with sbi_; send it exactly as it was given"
    )]
    UnknownPrefix,
    /// What follows the prefix is not 43 characters of base64url.
    #[error("the token is incomplete or altered; send it exactly as it was given")]
    Malformed,
}

/// Hashes opaque tokens into what the database stores.
#[derive(Debug)]
pub struct TokenHasher(Mac);

impl TokenHasher {
    pub(super) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self(Mac::new(Purpose::OpaqueTokens, current, previous))
    }

    /// The hash to store for a new token.
    pub fn hash(&self, token: &OpaqueToken) -> TokenHash {
        TokenHash::from_tag(self.0.tag(token.text.as_bytes()))
    }

    /// The hashes under which a token may be stored, the current one first.
    ///
    /// A row found by a later one was stored before the secret changed: give it the first one,
    /// so that the token outlives the next change too.
    pub fn lookup_hashes(&self, token: &OpaqueToken) -> Vec<TokenHash> {
        let previous = self.0.previous_tag(token.text.as_bytes()).map(TokenHash::from_tag);
        std::iter::once(self.hash(token)).chain(previous).collect()
    }

    /// Whether a stored hash is that of the token, in time that does not depend on the hash.
    pub fn matches(&self, token: &OpaqueToken, stored: &TokenHash) -> bool {
        self.lookup_hashes(token).contains(stored)
    }
}

/// The hash of an opaque token as the database stores it: 43 characters of base64url.
#[derive(Debug, Clone)]
pub struct TokenHash(String);

impl TokenHash {
    fn from_tag(tag: [u8; RANDOM_BYTES]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(tag))
    }

    /// Takes a hash from the database. A text that is no hash matches no token.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// The text to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl PartialEq for TokenHash {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(self.0.as_bytes(), other.0.as_bytes()).is_ok()
    }
}

impl Eq for TokenHash {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn hasher() -> TokenHasher {
        TokenHasher::new(&SecretKey::generate(), None)
    }

    #[test]
    fn a_token_reads_back_from_its_text() {
        for (kind, prefix) in [(TokenKind::Refresh, "sbr_"), (TokenKind::Api, "sba_"), (TokenKind::Invitation, "sbi_")]
        {
            let token = OpaqueToken::generate(kind);
            assert!(token.reveal().starts_with(prefix));
            assert_eq!(token.reveal().len(), 47);
            let read: OpaqueToken = token.reveal().parse().unwrap();
            assert_eq!(read.kind(), kind);
            assert_eq!(read.reveal(), token.reveal());
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_token() {
        let token = OpaqueToken::generate(TokenKind::Refresh);
        assert_eq!(format!("{token:?}"), "OpaqueToken(Refresh, redacted)");
    }

    #[test]
    fn the_stored_hash_finds_its_token_and_no_other() {
        let hasher = hasher();
        let token = OpaqueToken::generate(TokenKind::Refresh);
        let stored = TokenHash::from_stored(hasher.hash(&token).as_str().to_owned());
        assert_eq!(stored.as_str().len(), 43);
        assert!(!stored.as_str().contains(&token.reveal()[4..]));
        assert!(hasher.matches(&token, &stored));
        assert!(!hasher.matches(&OpaqueToken::generate(TokenKind::Refresh), &stored));
        assert!(!hasher.matches(&token, &TokenHash::from_stored(String::new())));
    }

    #[test]
    fn the_same_random_part_is_another_token_in_another_kind() {
        let hasher = hasher();
        let refresh = OpaqueToken::generate(TokenKind::Refresh);
        let api: OpaqueToken = refresh.reveal().replace("sbr_", "sba_").parse().unwrap();
        assert_ne!(hasher.hash(&refresh), hasher.hash(&api));
    }

    #[test]
    fn a_hash_of_another_desk_matches_nothing_here() {
        let token = OpaqueToken::generate(TokenKind::Api);
        assert!(!hasher().matches(&token, &hasher().hash(&token)));
    }

    #[test]
    fn a_token_outlives_a_change_of_the_secret() {
        let (old, new) = (SecretKey::generate(), SecretKey::generate());
        let token = OpaqueToken::generate(TokenKind::Refresh);
        let stored = TokenHasher::new(&old, None).hash(&token);
        let hasher = TokenHasher::new(&new, Some(&old));
        assert!(hasher.matches(&token, &stored));
        assert_eq!(hasher.lookup_hashes(&token), [hasher.hash(&token), stored]);
    }

    #[test]
    fn what_is_not_a_token_is_refused_by_kind() {
        let token = OpaqueToken::generate(TokenKind::Refresh);
        let text = token.reveal();
        for (wrong, expected) in [
            (String::new(), OpaqueTokenError::UnknownPrefix),
            (text[4..].to_owned(), OpaqueTokenError::UnknownPrefix),
            (format!(" {text}"), OpaqueTokenError::UnknownPrefix),
            (text.to_uppercase(), OpaqueTokenError::UnknownPrefix),
            ("sbr_".to_owned(), OpaqueTokenError::Malformed),
            (text[..46].to_owned(), OpaqueTokenError::Malformed),
            (format!("{text}A"), OpaqueTokenError::Malformed),
            (format!("{text}="), OpaqueTokenError::Malformed),
            (format!("{text}\n"), OpaqueTokenError::Malformed),
            (format!("sbr_{}", "A".repeat(100_000)), OpaqueTokenError::Malformed),
        ] {
            assert_eq!(wrong.parse::<OpaqueToken>().unwrap_err(), expected);
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in "(sbr_|sba_|sbi_)?.*") {
            if let Ok(token) = text.parse::<OpaqueToken>() {
                prop_assert_eq!(token.reveal(), text);
            }
        }
    }
}
