//! The hash that names a document.

use std::fmt;

use aws_lc_rs::digest;

/// The SHA-256 of a document in UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Sha256([u8; digest::SHA256_OUTPUT_LEN]);

impl Sha256 {
    /// The hash of a document.
    pub(super) fn of(document: &str) -> Self {
        let mut hash = [0; digest::SHA256_OUTPUT_LEN];
        hash.copy_from_slice(digest::digest(&digest::SHA256, document.as_bytes()).as_ref());
        Self(hash)
    }

    /// The hash in this hexadecimal text of 64 digits. Clients write it in small letters; capitals are taken, too.
    pub(super) fn from_hex(text: &str) -> Option<Self> {
        let (pairs, []) = text.as_bytes().as_chunks::<2>() else { return None };
        let mut hash = [0; digest::SHA256_OUTPUT_LEN];
        if pairs.len() != hash.len() {
            return None;
        }
        for (byte, [high, low]) in hash.iter_mut().zip(pairs) {
            *byte = digit(*high)? << 4 | digit(*low)?;
        }
        Some(Self(hash))
    }
}

fn digit(character: u8) -> Option<u8> {
    let value = char::from(character).to_digit(16)?;
    u8::try_from(value).ok()
}

impl fmt::Display for Sha256 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

#[cfg(test)]
mod tests {
    use super::Sha256;

    /// The example of the appendix "Persisted Documents" of GraphQL over HTTP.
    const DOCUMENT: &str = "query($id:ID!){user(id:$id){name}}";
    const HASH: &str = "71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b";

    #[test]
    fn a_document_has_the_hash_of_the_specification() {
        assert_eq!(Sha256::of(DOCUMENT).to_string(), HASH);
        assert_eq!(Sha256::from_hex(HASH), Some(Sha256::of(DOCUMENT)));
        assert_eq!(Sha256::from_hex(&HASH.to_uppercase()), Some(Sha256::of(DOCUMENT)));
    }

    #[test]
    fn nothing_else_is_a_hash() {
        for text in ["", "ab", &HASH[1..], &HASH[2..], &format!("{HASH}00"), &HASH.replace('7', "g"), &"é".repeat(32)]
        {
            assert_eq!(Sha256::from_hex(text), None, "{text}");
        }
    }
}
