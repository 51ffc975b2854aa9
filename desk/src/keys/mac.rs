//! Authentication codes: proof that a text which comes back was made by this desk.

use std::fmt;

use aws_lc_rs::hmac;

use super::secret::{KEY_BYTES, Purpose, SecretKey};

/// HMAC-SHA256 (RFC 2104) under a key of one purpose.
///
/// Codes are made with the current secret and accepted from the previous one too, so that a
/// change of the secret does not void everything at once.
pub struct Mac {
    current: hmac::Key,
    previous: Option<hmac::Key>,
}

impl Mac {
    pub(super) fn new(purpose: Purpose, current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        let key = |secret: &SecretKey| hmac::Key::new(hmac::HMAC_SHA256, &secret.derive(purpose));
        Self { current: key(current), previous: previous.map(key) }
    }

    /// The code of a message under the current secret.
    pub fn tag(&self, message: &[u8]) -> [u8; KEY_BYTES] {
        tag(&self.current, message)
    }

    /// The code of a message under the previous secret, if there is one.
    pub fn previous_tag(&self, message: &[u8]) -> Option<[u8; KEY_BYTES]> {
        self.previous.as_ref().map(|key| tag(key, message))
    }

    /// Whether the code belongs to the message, in time that does not depend on the code.
    pub fn verify(&self, message: &[u8], tag: &[u8]) -> bool {
        let keys = std::iter::once(&self.current).chain(&self.previous);
        keys.into_iter().any(|key| hmac::verify(key, message, tag).is_ok())
    }
}

impl fmt::Debug for Mac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mac(redacted)")
    }
}

fn tag(key: &hmac::Key, message: &[u8]) -> [u8; KEY_BYTES] {
    hmac::sign(key, message).as_ref().try_into().expect("a SHA-256 code has 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_proves_its_message_and_no_other() {
        let mac = Mac::new(Purpose::Cursors, &SecretKey::generate(), None);
        let tag = mac.tag(b"after 12");
        assert!(mac.verify(b"after 12", &tag));
        assert!(!mac.verify(b"after 13", &tag));
        assert!(!mac.verify(b"after 12", &tag[..16]));
        assert!(!mac.verify(b"after 12", &[]));
    }

    #[test]
    fn a_code_for_one_purpose_proves_nothing_for_another() {
        let secret = SecretKey::generate();
        let cursors = Mac::new(Purpose::Cursors, &secret, None);
        let keys = Mac::new(Purpose::IdempotencyKeys, &secret, None);
        assert!(!keys.verify(b"12", &cursors.tag(b"12")));
    }

    #[test]
    fn a_code_outlives_one_change_of_the_secret_but_not_two() {
        let secrets: [SecretKey; 3] = std::array::from_fn(|_| SecretKey::generate());
        let tag = Mac::new(Purpose::Cursors, &secrets[0], None).tag(b"12");
        let once = Mac::new(Purpose::Cursors, &secrets[1], Some(&secrets[0]));
        let twice = Mac::new(Purpose::Cursors, &secrets[2], Some(&secrets[1]));
        assert!(once.verify(b"12", &tag));
        assert_eq!(once.previous_tag(b"12"), Some(tag));
        assert_ne!(once.tag(b"12"), tag);
        assert!(!twice.verify(b"12", &tag));
    }
}
