//! Sealing: encryption of values at rest, above all of bot tokens.
//!
//! A sealed value is the text `sealed1.<key id>.<data>`, where the data is base64url of nonce
//! (12 bytes), ciphertext and tag (16 bytes) of AES-256-GCM. The key id tells a value of another
//! secret from an altered one.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::secret::{Purpose, SecretKey};

/// The first part of a sealed value: what made it, and in which version.
const FORMAT: &str = "sealed1";

/// The length of a key id in bytes. It only has to tell a few secrets apart.
const KEY_ID_BYTES: usize = 6;

/// Seals with the current secret, and opens what the current or the previous one sealed.
pub struct Sealer {
    current: SealingKey,
    previous: Option<SealingKey>,
}

struct SealingKey {
    id: String,
    key: RandomizedNonceKey,
}

impl Sealer {
    pub(super) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self { current: SealingKey::new(current), previous: previous.map(SealingKey::new) }
    }

    /// Encrypts a text for one place.
    ///
    /// The context names that place, for example `project:12:bot_token`. It is not kept in the
    /// sealed value: opening takes the same context, so a value copied to another row stays shut.
    pub fn seal(&self, plaintext: &str, context: &str) -> String {
        let mut data = plaintext.as_bytes().to_vec();
        let nonce = self
            .current
            .key
            .seal_in_place_append_tag(Aad::from(context), &mut data)
            .expect("AES-GCM takes any text shorter than 64 GiB");
        let data = [nonce.as_ref().as_slice(), &data].concat();
        format!("{FORMAT}.{}.{}", self.current.id, URL_SAFE_NO_PAD.encode(data))
    }

    /// Decrypts a sealed value in the context it was sealed for.
    ///
    /// # Errors
    /// [`SealError`] says whether the value, the secret or the place is wrong.
    pub fn open(&self, sealed: &str, context: &str) -> Result<String, SealError> {
        let (key_id, data) = split(sealed)?;
        let key = [Some(&self.current), self.previous.as_ref()]
            .into_iter()
            .flatten()
            .find(|key| key.id == key_id)
            .ok_or(SealError::UnknownKey)?;
        let mut data = URL_SAFE_NO_PAD.decode(data).map_err(|_| SealError::Malformed)?;
        let (nonce, data) = data.split_at_mut_checked(NONCE_LEN).ok_or(SealError::Malformed)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| SealError::Malformed)?;
        let plaintext = key.key.open_in_place(nonce, Aad::from(context), data).map_err(|_| SealError::NotAuthentic)?;
        String::from_utf8(plaintext.to_vec()).map_err(|_| SealError::Malformed)
    }

    /// Whether a value was sealed with another secret than the current one and should be sealed
    /// again, so that the previous secret can be forgotten.
    ///
    /// # Errors
    /// [`SealError::Malformed`] when it is not a sealed value.
    pub fn needs_resealing(&self, sealed: &str) -> Result<bool, SealError> {
        Ok(split(sealed)?.0 != self.current.id)
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sealer(redacted)")
    }
}

impl SealingKey {
    fn new(secret: &SecretKey) -> Self {
        Self {
            id: URL_SAFE_NO_PAD.encode(&secret.derive(Purpose::SealingKeyId)[..KEY_ID_BYTES]),
            key: RandomizedNonceKey::new(&AES_256_GCM, &secret.derive(Purpose::Sealing))
                .expect("AES-256 takes keys of 32 bytes"),
        }
    }
}

/// Why a sealed value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// The text has not the form of a sealed value.
    #[error("the sealed value is damaged; restore the row from a backup, or enter the value again")]
    Malformed,
    /// It was sealed with a secret that this process does not have.
    #[error(
        "the value was sealed with another secret key; start with the SWITCHBOARD_SECRET_KEY (or \
         the key file) that it was sealed with, or enter the value again"
    )]
    UnknownKey,
    /// It was sealed with a known secret, but for another place, or it was altered.
    #[error(
        "the sealed value was altered or copied from another row; restore the row from a backup, \
         or enter the value again"
    )]
    NotAuthentic,
}

/// Splits a sealed value into key id and data.
fn split(sealed: &str) -> Result<(&str, &str), SealError> {
    sealed
        .strip_prefix(FORMAT)
        .and_then(|rest| rest.strip_prefix('.'))
        .and_then(|rest| rest.split_once('.'))
        .ok_or(SealError::Malformed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TOKEN: &str = "123456789:AAExampleExampleExampleExample";
    const PLACE: &str = "project:12:bot_token";

    fn sealer() -> Sealer {
        Sealer::new(&SecretKey::generate(), None)
    }

    #[test]
    fn a_sealed_token_opens_in_its_place_and_shows_nothing() {
        let sealer = sealer();
        let sealed = sealer.seal(TOKEN, PLACE);
        assert!(sealed.starts_with("sealed1."), "{sealed}");
        assert!(!sealed.contains("Example"), "{sealed}");
        assert_eq!(sealer.open(&sealed, PLACE).unwrap(), TOKEN);
    }

    #[test]
    fn sealing_twice_gives_two_texts() {
        let sealer = sealer();
        assert_ne!(sealer.seal(TOKEN, PLACE), sealer.seal(TOKEN, PLACE));
    }

    #[test]
    fn a_value_copied_to_another_project_stays_shut() {
        let sealer = sealer();
        let sealed = sealer.seal(TOKEN, PLACE);
        assert_eq!(sealer.open(&sealed, "project:13:bot_token"), Err(SealError::NotAuthentic));
        assert_eq!(sealer.open(&sealed, ""), Err(SealError::NotAuthentic));
    }

    #[test]
    fn a_value_of_another_secret_is_told_apart_from_an_altered_one() {
        let sealed = sealer().seal(TOKEN, PLACE);
        let error = sealer().open(&sealed, PLACE).unwrap_err();
        assert_eq!(error, SealError::UnknownKey);
        assert!(error.to_string().contains("SWITCHBOARD_SECRET_KEY"));
    }

    #[test]
    fn a_change_of_the_secret_keeps_values_open_and_asks_to_seal_them_again() {
        let (old, new) = (SecretKey::generate(), SecretKey::generate());
        let sealed = Sealer::new(&old, None).seal(TOKEN, PLACE);
        let sealer = Sealer::new(&new, Some(&old));
        assert_eq!(sealer.open(&sealed, PLACE).unwrap(), TOKEN);
        assert!(sealer.needs_resealing(&sealed).unwrap());
        let again = sealer.seal(TOKEN, PLACE);
        assert!(!sealer.needs_resealing(&again).unwrap());
        assert_eq!(Sealer::new(&new, None).open(&again, PLACE).unwrap(), TOKEN);
    }

    #[test]
    fn what_is_not_a_sealed_value_is_malformed() {
        let sealer = sealer();
        let id = &sealer.current.id;
        for text in [
            "",
            TOKEN,
            "sealed1",
            "sealed1.",
            "sealed1.AAAA",
            "sealed2.AAAA.AAAA",
            &format!("sealed1.{id}."),
            &format!("sealed1.{id}.AAAA"),
            &format!("sealed1.{id}.not base64"),
        ] {
            assert_eq!(sealer.open(text, PLACE), Err(SealError::Malformed), "{text:?}");
        }
    }

    #[test]
    fn a_value_without_its_tag_is_not_authentic() {
        let sealer = sealer();
        let text = format!("sealed1.{}.{}", sealer.current.id, URL_SAFE_NO_PAD.encode([0; 20]));
        assert_eq!(sealer.open(&text, PLACE), Err(SealError::NotAuthentic));
    }

    proptest! {
        #[test]
        fn any_text_comes_back_from_any_place(plaintext: String, context: String) {
            let sealer = sealer();
            let sealed = sealer.seal(&plaintext, &context);
            prop_assert_eq!(sealer.open(&sealed, &context).unwrap(), plaintext);
        }

        #[test]
        fn one_changed_character_anywhere_keeps_it_shut(
            position: prop::sample::Index,
            replacement in "[A-Za-z0-9_.-]",
        ) {
            let sealer = sealer();
            let sealed = sealer.seal(TOKEN, PLACE);
            let position = position.index(sealed.len());
            prop_assume!(sealed[position..=position] != replacement);
            let mut altered = sealed;
            altered.replace_range(position..=position, &replacement);
            prop_assert!(sealer.open(&altered, PLACE).is_err());
        }

        #[test]
        fn no_text_makes_opening_panic(text: String) {
            prop_assert!(sealer().open(&text, PLACE).is_err());
        }
    }
}
