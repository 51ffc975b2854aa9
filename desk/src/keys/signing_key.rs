//! The Ed25519 key that signs access tokens.

use std::fmt;

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse, ThumbprintHash};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};

use super::secret::{Purpose, SecretKey};

/// The `typ` of an access token: RFC 8725 section 3.11 asks for one that no other kind of token
/// shares, and RFC 9068 section 2.1 gives it.
const ACCESS_TOKEN_TYPE: &str = "at+jwt";

/// One key pair with everything that follows from it. Every process with the same secret has
/// the same one.
pub(super) struct SigningKey {
    /// The only header that a token of this key may have.
    pub header: Header,
    /// The public key as clients may fetch it.
    pub jwk: Jwk,
    /// The private half.
    pub encoding: EncodingKey,
    /// The public half.
    pub decoding: DecodingKey,
}

impl SigningKey {
    pub fn new(secret: &SecretKey) -> Self {
        Self::from_seed(&secret.derive(Purpose::AccessTokens))
    }

    fn from_seed(seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are a seed");
        let pkcs8 = pair.to_pkcs8v1().expect("a key pair in memory can be written down");
        let encoding = EncodingKey::from_ed_der(pkcs8.as_ref());
        let decoding = DecodingKey::from_ed_der(pair.public_key().as_ref());

        let mut jwk =
            Jwk::from_decoding_key(&decoding, Some(Algorithm::EdDSA)).expect("an Ed25519 public key has 32 bytes");
        let key_id = jwk.thumbprint(ThumbprintHash::SHA256).expect("an Ed25519 key has a thumbprint");
        jwk.common.key_id = Some(key_id.clone());
        jwk.common.public_key_use = Some(PublicKeyUse::Signature);

        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(ACCESS_TOKEN_TYPE.to_owned());
        header.kid = Some(key_id);
        Self { header, jwk, encoding, decoding }
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?}, redacted)", self.header.kid)
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    #[test]
    fn the_key_of_rfc_8037_has_the_public_key_and_thumbprint_of_rfc_8037() {
        let seed = URL_SAFE_NO_PAD.decode("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
        let key = SigningKey::from_seed(&seed.try_into().unwrap());
        let jwk = serde_json::to_value(&key.jwk).unwrap();
        assert_eq!(jwk["x"], "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
        assert_eq!(key.header.kid.unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }
}
