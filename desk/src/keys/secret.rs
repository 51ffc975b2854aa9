//! The master secret: 32 bytes from which every other key of the desk is derived.

use std::fmt;
use std::path::PathBuf;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hkdf;
use base64::Engine;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD};

use super::random::random_bytes;

/// The length of the master secret and of each key derived from it, in bytes.
pub const KEY_BYTES: usize = 32;

/// The length of a key that is written in hexadecimal, in characters.
const HEX_CHARACTERS: usize = 2 * KEY_BYTES;

/// The salt of every derivation. It only has to be the same for ever.
const DERIVATION_SALT: &[u8] = b"switchboard";

/// The master secret of a desk.
///
/// All processes of a desk share it. It is never used itself: each use has a key of its own,
/// derived with HKDF-SHA256 (RFC 5869), so that one use can tell nothing about another.
#[derive(Clone)]
pub struct SecretKey([u8; KEY_BYTES]);

/// What a derived key is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Encrypts values at rest.
    Sealing,
    /// Names the sealing key inside sealed values. This one is public.
    SealingKeyId,
    /// Is the Ed25519 seed that signs access tokens.
    AccessTokens,
    /// Hashes refresh tokens and API tokens.
    OpaqueTokens,
    /// Authenticates the event cursors that clients hand back.
    Cursors,
    /// Encrypts them.
    CursorStream,
    /// Authenticates what an idempotency key was used for.
    IdempotencyKeys,
    /// Makes up the addresses and secrets of webhooks, and the tokens of simulated bots.
    Webhooks,
    /// Authenticates the tickets of downloads.
    DownloadTickets,
}

impl Purpose {
    /// The HKDF `info`. Changing one makes everything made with the old one useless.
    fn label(self) -> &'static [u8] {
        match self {
            Self::Sealing => b"seal v1",
            Self::SealingKeyId => b"seal key id v1",
            Self::AccessTokens => b"access token ed25519 v1",
            Self::OpaqueTokens => b"opaque token hmac-sha256 v1",
            Self::Cursors => b"cursor hmac-sha256 v1",
            Self::CursorStream => b"cursor stream hmac-sha256 v1",
            Self::IdempotencyKeys => b"idempotency hmac-sha256 v1",
            Self::Webhooks => b"webhook hmac-sha256 v1",
            Self::DownloadTickets => b"download ticket hmac-sha256 v1",
        }
    }
}

impl SecretKey {
    /// Draws a new secret.
    pub fn generate() -> Self {
        Self(random_bytes())
    }

    /// Reads a secret from the text of the setting: 32 bytes in hexadecimal or in base64
    /// (either alphabet, padded or not). White space around it is ignored.
    ///
    /// # Errors
    /// [`SecretKeyError::Malformed`] when the text is anything else, and
    /// [`SecretKeyError::NotRandom`] when it is an obvious placeholder.
    pub fn from_setting(text: &str) -> Result<Self, SecretKeyError> {
        let text = text.trim();
        let key = Self::parse(text).ok_or_else(|| SecretKeyError::Malformed { characters: text.chars().count() })?;
        if key.is_placeholder() { Err(SecretKeyError::NotRandom) } else { Ok(key) }
    }

    /// Writes the secret as the text that [`SecretKey::from_setting`] reads: 44 characters of
    /// base64. Whoever sees it can act as the desk.
    pub fn to_setting(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads the text without judging the bytes.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let bytes = if text.len() == HEX_CHARACTERS {
            decode_hex(text)?
        } else {
            let standard = text.replace('-', "+").replace('_', "/");
            BASE64_WITH_OR_WITHOUT_PADDING.decode(standard).ok()?
        };
        bytes.try_into().ok().map(Self)
    }

    /// True for zeros and the like, which people write to get past a required setting.
    pub(super) fn is_placeholder(&self) -> bool {
        self.0.iter().all(|byte| *byte == self.0[0])
    }

    /// Derives the key for one purpose.
    pub(super) fn derive(&self, purpose: Purpose) -> [u8; KEY_BYTES] {
        let mut key = [0; KEY_BYTES];
        hkdf::Salt::new(hkdf::HKDF_SHA256, DERIVATION_SALT)
            .extract(&self.0)
            .expand(&[purpose.label()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(&mut key))
            .expect("HKDF-SHA256 gives up to 255 blocks of 32 bytes, and one is asked for");
        key
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        verify_slices_are_equal(&self.0, &other.0).is_ok()
    }
}

impl Eq for SecretKey {}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(redacted)")
    }
}

/// Why there is no usable master secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretKeyError {
    /// The setting is not 32 bytes in one of the known spellings.
    #[error(
        "SWITCHBOARD_SECRET_KEY must be 32 random bytes in base64 (44 characters) or hexadecimal \
         (64 characters), but has {characters} characters that are not that; make one with \
         `openssl rand -base64 32`"
    )]
    Malformed {
        /// The length of the text that was given, in characters.
        characters: usize,
    },
    /// The setting is one byte repeated.
    #[error(
        "SWITCHBOARD_SECRET_KEY is a placeholder (one byte repeated), which anybody can guess; \
         make a random one with `openssl rand -base64 32`"
    )]
    NotRandom,
    /// The key file is there but cannot be read.
    #[error(
        "cannot read the secret key file {path}: {source}; let this user read it, or set \
         SWITCHBOARD_SECRET_KEY to its content"
    )]
    FileUnreadable {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The key file can be read or written by other users.
    #[error(
        "the secret key file {path} is open to other users (mode {mode:04o}); run \
         `chmod 600 {path}`, and if others may have read it, replace it and the bot tokens"
    )]
    FileExposed {
        /// The key file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file holds something else.
    #[error(
        "the secret key file {path} does not hold a key (44 characters of base64); restore it \
         from a backup: without it the stored bot tokens cannot be read. Remove it only to start \
         over with a new key and to enter the bot tokens again"
    )]
    FileMalformed {
        /// The key file.
        path: PathBuf,
    },
    /// The key file is missing and cannot be made.
    #[error(
        "cannot create the secret key file {path}: {source}; make its directory writable for this \
         user, or set SWITCHBOARD_SECRET_KEY (make one with `openssl rand -base64 32`)"
    )]
    FileNotCreated {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// Takes base64 as different tools write it.
const BASE64_WITH_OR_WITHOUT_PADDING: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn decode_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    text.as_bytes().chunks_exact(2).map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The bytes 0 to 31, so that other implementations can check the derivation.
    fn counting_key() -> SecretKey {
        SecretKey(std::array::from_fn(|index| u8::try_from(index).unwrap()))
    }

    fn hex(bytes: &[u8]) -> String {
        bytes.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[test]
    fn two_generated_secrets_differ() {
        assert_ne!(SecretKey::generate(), SecretKey::generate());
    }

    #[test]
    fn debug_shows_nothing_of_the_secret() {
        assert_eq!(format!("{:?}", counting_key()), "SecretKey(redacted)");
    }

    #[test]
    fn derived_keys_never_change() {
        // Computed with an independent implementation of RFC 5869.
        for (purpose, expected) in [
            (Purpose::Sealing, "1653c6b1774b8f5d9610459921f61129843f9640d2227dc1f519c7a109ffd6a7"),
            (Purpose::SealingKeyId, "2c194e5c82bc7d02adc0ca3fb92e75c4434a249dde4753fd4b14bd741b463f2c"),
            (Purpose::AccessTokens, "9f4e2789e19a09e722ec7e7003a9d97fa7f865883a1f1488cc6b4988a3304e11"),
            (Purpose::OpaqueTokens, "0212a16f0bf5462b456f1afc50ffee5ae484fce7bfcf3b2212a92fc0b8e2ec31"),
            (Purpose::Cursors, "fe825633fcbfd2c3eb30b7bcf2f32add9d5627849cf9c57bd8e230638ca34c5d"),
            (Purpose::IdempotencyKeys, "6abaf3a80060565299a70894b0172201d0d65375dba5743b9dfe13691e19c387"),
            (Purpose::Webhooks, "d6eb207d34adf6f155314652f9202daa1f71a21a1697d01f49059d6ec6683b4f"),
        ] {
            assert_eq!(hex(&counting_key().derive(purpose)), expected, "{purpose:?}");
        }
    }

    #[test]
    fn anything_but_32_bytes_is_refused_with_the_way_to_make_one() {
        let too_short = STANDARD.encode([7; 31]);
        let too_long = STANDARD.encode([7; 33]);
        let not_hex = "g".repeat(64);
        let wide = "é".repeat(32);
        for text in ["", "secret", &too_short, &too_long, &not_hex, &wide] {
            let error = SecretKey::from_setting(text).unwrap_err();
            assert!(matches!(error, SecretKeyError::Malformed { .. }), "{text:?}: {error:?}");
            let message = error.to_string();
            assert!(message.contains("SWITCHBOARD_SECRET_KEY"), "{message}");
            assert!(message.contains("openssl rand -base64 32"), "{message}");
        }
    }

    #[test]
    fn an_error_does_not_repeat_what_was_given() {
        let error = SecretKey::from_setting("hunter2").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("hunter2"));
    }

    #[test]
    fn a_placeholder_is_refused() {
        for text in ["0".repeat(64), STANDARD.encode([0; 32]), "ff".repeat(32)] {
            let error = SecretKey::from_setting(&text).unwrap_err();
            assert!(matches!(error, SecretKeyError::NotRandom), "{error:?}");
        }
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_secret_reads_back(bytes: [u8; KEY_BYTES]) {
            let key = SecretKey(bytes);
            prop_assume!(!key.is_placeholder());
            let padded = key.to_setting();
            prop_assert_eq!(padded.len(), 44);
            let spellings = [
                padded.clone(),
                padded.trim_end_matches('=').to_owned(),
                padded.replace('+', "-").replace('/', "_"),
                hex(&bytes),
                hex(&bytes).to_uppercase(),
                format!("  {padded}\n"),
            ];
            for text in spellings {
                prop_assert_eq!(&SecretKey::from_setting(&text).unwrap(), &key);
            }
        }

        #[test]
        fn no_text_makes_the_reader_panic(text: String) {
            prop_assert!(SecretKey::parse(&text).is_none());
        }
    }
}
