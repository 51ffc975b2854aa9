//! Sealing of cursors: a place in the log becomes a text of which a client can tell nothing.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac;

use super::secret::{Purpose, SecretKey};

/// The length of what is sealed.
pub const PLAIN_BYTES: usize = 32;
/// The length of its seal.
pub const SEALED_BYTES: usize = TAG_BYTES + PLAIN_BYTES;
/// The length of the code at its beginning. It also tells any two places apart, of which there are far fewer than the
/// 2^48 at which two of them would be likely to share one.
const TAG_BYTES: usize = 12;

/// Encrypts so that equal places have equal seals, and only those: a synthetic initialization vector (as in RFC 5297),
/// with HMAC-SHA256 for both the code and the key stream, of which one block is enough.
///
/// Seals are made with the current secret and opened with the previous one too.
pub struct CursorSealer {
    current: Keys,
    previous: Option<Keys>,
}

struct Keys {
    code: hmac::Key,
    stream: hmac::Key,
}

impl CursorSealer {
    pub(super) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self { current: Keys::new(current), previous: previous.map(Keys::new) }
    }

    /// Seals with the current secret.
    pub fn seal(&self, plain: [u8; PLAIN_BYTES]) -> [u8; SEALED_BYTES] {
        self.current.seal(plain)
    }

    /// Opens what the current or the previous secret sealed. Nothing if it was sealed with another one, or altered.
    pub fn open(&self, sealed: &[u8; SEALED_BYTES]) -> Option<[u8; PLAIN_BYTES]> {
        [Some(&self.current), self.previous.as_ref()].into_iter().flatten().find_map(|keys| keys.open(sealed))
    }
}

impl Keys {
    fn new(secret: &SecretKey) -> Self {
        let key = |purpose| hmac::Key::new(hmac::HMAC_SHA256, &secret.derive(purpose));
        Self { code: key(Purpose::Cursors), stream: key(Purpose::CursorStream) }
    }

    fn seal(&self, mut bytes: [u8; PLAIN_BYTES]) -> [u8; SEALED_BYTES] {
        let mut sealed = [0; SEALED_BYTES];
        let (tag, text) = sealed.split_at_mut(TAG_BYTES);
        tag.copy_from_slice(&hmac::sign(&self.code, &bytes).as_ref()[..TAG_BYTES]);
        self.cover(tag, &mut bytes);
        text.copy_from_slice(&bytes);
        sealed
    }

    fn open(&self, sealed: &[u8; SEALED_BYTES]) -> Option<[u8; PLAIN_BYTES]> {
        let (tag, text) = sealed.split_at(TAG_BYTES);
        let mut bytes: [u8; PLAIN_BYTES] = text.try_into().ok()?;
        self.cover(tag, &mut bytes);
        let code = hmac::sign(&self.code, &bytes);
        verify_slices_are_equal(&code.as_ref()[..TAG_BYTES], tag).is_ok().then_some(bytes)
    }

    /// Adds the key stream of a tag, or takes it away.
    fn cover(&self, tag: &[u8], bytes: &mut [u8; PLAIN_BYTES]) {
        let stream = hmac::sign(&self.stream, tag);
        for (byte, key) in bytes.iter_mut().zip(stream.as_ref()) {
            *byte ^= key;
        }
    }
}

impl fmt::Debug for CursorSealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CursorSealer(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(secret: &SecretKey) -> CursorSealer {
        CursorSealer::new(secret, None)
    }

    proptest! {
        #[test]
        fn what_is_sealed_comes_back_and_one_changed_bit_keeps_it_shut(
            plain: [u8; PLAIN_BYTES],
            bit in 0..SEALED_BYTES * 8,
        ) {
            let sealer = of(&SecretKey::generate());
            let mut sealed = sealer.seal(plain);
            prop_assert_eq!(sealer.seal(plain), sealed, "equal places have equal seals");
            prop_assert_eq!(sealer.open(&sealed), Some(plain));
            sealed[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(sealer.open(&sealed), None);
        }
    }

    #[test]
    fn neighbours_have_nothing_in_common() {
        let sealer = of(&SecretKey::generate());
        let [one, other] =
            [1, 2].map(|last| sealer.seal([[0; PLAIN_BYTES - 1].as_slice(), &[last]].concat().try_into().unwrap()));
        let alike = one.iter().zip(&other).filter(|(one, other)| one == other).count();
        assert!(alike < SEALED_BYTES / 4, "{alike} bytes are alike");
        assert!(!one.windows(4).any(|bytes| bytes == [0; 4]), "{one:?}");
    }

    #[test]
    fn a_change_of_the_secret_keeps_old_seals_open_for_a_while() {
        let (old, new) = (SecretKey::generate(), SecretKey::generate());
        let plain = [7; PLAIN_BYTES];
        let sealed = of(&old).seal(plain);
        let both = CursorSealer::new(&new, Some(&old));
        assert_eq!(both.open(&sealed), Some(plain));
        assert_eq!(both.seal(plain), of(&new).seal(plain));
        assert_eq!(of(&new).open(&sealed), None);
    }
}
