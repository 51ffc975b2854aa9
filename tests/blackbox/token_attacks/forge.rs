//! Access tokens as attackers make them, and as a desk does.

use aws_lc_rs::hkdf;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The three parts of a token.
#[derive(Debug, Clone)]
pub struct Parts {
    pub header: Value,
    pub claims: Value,
    pub signature: Vec<u8>,
}

impl Parts {
    /// Reads a token.
    pub fn of(token: &str) -> Self {
        let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).expect("a part is base64url"));
        let mut part = || parts.next().expect("a token has three parts");
        let json = |bytes: Vec<u8>| serde_json::from_slice(&bytes).expect("header and claims are JSON");
        Self { header: json(part()), claims: json(part()), signature: part() }
    }

    /// The token with other entries in its header; null takes one out.
    #[must_use]
    pub fn header(mut self, entries: Value) -> Self {
        merge(&mut self.header, entries);
        self
    }

    /// The token with other claims; null takes one out.
    #[must_use]
    pub fn claims(mut self, entries: Value) -> Self {
        merge(&mut self.claims, entries);
        self
    }

    /// The token as text, with the signature that it has.
    pub fn unsigned(&self) -> String {
        format!("{}.{}", self.signing_input(), URL_SAFE_NO_PAD.encode(&self.signature))
    }

    /// The token as text, with a signature over what it has become.
    pub fn signed(&self, sign: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let input = self.signing_input();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(sign(input.as_bytes())))
    }

    fn signing_input(&self) -> String {
        let part = |json: &Value| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}", part(&self.header), part(&self.claims))
    }
}

fn merge(object: &mut Value, entries: Value) {
    for (name, value) in entries.as_object().expect("entries of an object") {
        object[name] = value.clone();
    }
    object.as_object_mut().expect("an object").retain(|_, value| !value.is_null());
}

/// The key that a desk signs with, derived from its secret the way the desk derives it.
#[derive(Debug)]
pub struct DeskKey(Ed25519KeyPair);

impl DeskKey {
    /// The key of a desk with this secret.
    pub fn of(secret: &[u8; 32]) -> Self {
        let mut seed = [0; 32];
        hkdf::Salt::new(hkdf::HKDF_SHA256, b"switchboard")
            .extract(secret)
            .expand(&[b"access token ed25519 v1"], hkdf::HKDF_SHA256)
            .and_then(|key| key.fill(&mut seed))
            .expect("HKDF gives 32 bytes");
        Self(Ed25519KeyPair::from_seed_unchecked(&seed).expect("any 32 bytes are a seed"))
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.0.sign(message).as_ref().to_vec()
    }

    /// The public half, as it stands in `x` of the JWKS document.
    pub fn public(&self) -> &[u8] {
        self.0.public_key().as_ref()
    }

    /// The public half as a JWK (RFC 8037).
    pub fn jwk(&self) -> Value {
        json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(self.public()) })
    }
}
