//! Access tokens: short-lived JWTs (RFC 7519) signed with Ed25519 (RFC 8037), hardened after
//! RFC 8725.

#[cfg(test)]
mod tests;

use chrono::{DateTime, SubsecRound, TimeDelta};
use domain::{AgentId, Time, TokenFamilyId};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header, encode};
use serde::{Deserialize, Serialize};

use super::secret::SecretKey;
use super::signing_key::SigningKey;

/// How long an access token is valid.
pub const ACCESS_TOKEN_LIFETIME: TimeDelta = TimeDelta::minutes(10);

/// How far the clocks of two processes may differ.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Who signs: the `iss` claim.
const ISSUER: &str = "switchboard";

/// Who is meant to accept: the `aud` claim.
const AUDIENCE: &str = "switchboard-api";

/// No token of ours is longer, in bytes. What is, is not even parsed.
const LONGEST_TOKEN_BYTES: usize = 1024;

/// What an access token says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccessClaims {
    /// The agent who signed in.
    pub agent_id: AgentId,
    /// The sign-in that the token comes from.
    pub family_id: TokenFamilyId,
    /// The moment from which the token is valid, in whole seconds.
    pub issued_at: Time,
    /// The moment from which it is no longer valid, in whole seconds.
    pub expires_at: Time,
}

impl AccessClaims {
    /// The claims of a token with the usual lifetime. JWTs count whole seconds, so the time is
    /// cut to them.
    pub fn new(agent_id: AgentId, family_id: TokenFamilyId, issued_at: Time) -> Self {
        let issued_at = issued_at.trunc_subsecs(0);
        Self { agent_id, family_id, issued_at, expires_at: issued_at + ACCESS_TOKEN_LIFETIME }
    }
}

/// Issues access tokens with the current key, and accepts those of the current and the previous.
#[derive(Debug)]
pub struct TokenIssuer {
    current: SigningKey,
    previous: Option<SigningKey>,
    validation: Validation,
}

impl TokenIssuer {
    pub(super) fn new(current: &SecretKey, previous: Option<&SecretKey>) -> Self {
        Self { current: SigningKey::new(current), previous: previous.map(SigningKey::new), validation: validation() }
    }

    /// Signs a token.
    pub fn issue(&self, claims: &AccessClaims) -> String {
        encode(&self.current.header, &WireClaims::from(claims), &self.current.encoding)
            .expect("the key is an Ed25519 key and the claims are plain JSON")
    }

    /// Checks a token at the given time and reads its claims.
    ///
    /// The header has to be the very header that its key signs with. So nothing in it is
    /// obeyed: neither an algorithm of the sender's choice, nor a key it brings along (`jwk`,
    /// `jku`, `x5u`), nor an extension (`crit`).
    ///
    /// # Errors
    /// [`TokenError`] says what is wrong. None of its kinds repeats anything of the token.
    pub fn verify(&self, token: &str, now: Time) -> Result<AccessClaims, TokenError> {
        if token.len() > LONGEST_TOKEN_BYTES {
            return Err(TokenError::TooLong);
        }
        let key = self.key_of(token)?;
        let claims = decode::<WireClaims>(token, &key.decoding, &self.validation)
            .map_err(|error| TokenError::from(error.kind()))?
            .claims
            .read()
            .ok_or(TokenError::Malformed)?;
        if claims.not_before - now > LEEWAY {
            return Err(TokenError::NotYetValid);
        }
        if now - claims.access.expires_at >= LEEWAY {
            return Err(TokenError::Expired);
        }
        Ok(claims.access)
    }

    /// The public keys as a JWKS document (RFC 7517), the current one first.
    pub fn jwks(&self) -> serde_json::Value {
        let keys = self.keys().map(|key| key.jwk.clone()).collect();
        serde_json::to_value(JwkSet { keys }).expect("public keys are plain JSON")
    }

    fn keys(&self) -> impl Iterator<Item = &SigningKey> {
        std::iter::once(&self.current).chain(&self.previous)
    }

    /// Finds the key that a token names, provided that its header is the key's own.
    fn key_of(&self, token: &str) -> Result<&SigningKey, TokenError> {
        let header = decode_header(token).map_err(|_| TokenError::Malformed)?;
        if header.alg != Algorithm::EdDSA {
            return Err(TokenError::WrongAlgorithm);
        }
        let key = self.keys().find(|key| header.kid == key.header.kid).ok_or(TokenError::UnknownKey)?;
        if header == key.header { Ok(key) } else { Err(TokenError::Malformed) }
    }
}

/// Why an access token is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It is longer than any token of this desk.
    #[error(
        "the access token is too long to be one of this desk; send the accessToken that signIn or \
         tokenRefresh returned"
    )]
    TooLong,
    /// It is not a JWT of the form that this desk issues.
    #[error(
        "the access token is not one of this desk; send the accessToken that signIn or \
         tokenRefresh returned, without any change"
    )]
    Malformed,
    /// It is signed with another algorithm than Ed25519.
    #[error(
        "the access token is not signed the way this desk signs; send the accessToken that signIn \
         or tokenRefresh returned"
    )]
    WrongAlgorithm,
    /// It names no key, or one that this process does not have.
    #[error("the access token is signed with a key that is no longer known; sign in again")]
    UnknownKey,
    /// The signature does not fit.
    #[error(
        "the signature of the access token does not fit; send the accessToken that signIn or \
         tokenRefresh returned, without any change"
    )]
    BadSignature,
    /// It was issued by somebody else.
    #[error("the access token was issued by another service; sign in here to get one")]
    ForeignIssuer,
    /// It was issued for somebody else.
    #[error("the access token was issued for another service; sign in here to get one")]
    WrongAudience,
    /// Its time is not yet come.
    #[error("the access token is not valid yet; check the clocks of the servers")]
    NotYetValid,
    /// Its time is over.
    #[error("the access token has expired; get a new one with tokenRefresh")]
    Expired,
}

impl From<&ErrorKind> for TokenError {
    fn from(kind: &ErrorKind) -> Self {
        match kind {
            ErrorKind::InvalidSignature => Self::BadSignature,
            ErrorKind::InvalidAlgorithm => Self::WrongAlgorithm,
            ErrorKind::InvalidIssuer => Self::ForeignIssuer,
            ErrorKind::InvalidAudience => Self::WrongAudience,
            _ => Self::Malformed,
        }
    }
}

/// What the library checks. It reads the wall clock for times, so those are checked here.
fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "nbf", "exp"]);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation
}

/// The claims as they travel. Identifiers are texts, as RFC 7519 wants `sub` to be, and times
/// are seconds since 1970.
#[derive(Serialize, Deserialize)]
struct WireClaims {
    iss: String,
    aud: String,
    sub: String,
    /// The token family, under the name that OpenID Connect gives to a signed-in session.
    sid: String,
    iat: i64,
    nbf: i64,
    exp: i64,
}

/// The claims as they were read.
struct ReadClaims {
    access: AccessClaims,
    not_before: Time,
}

impl From<&AccessClaims> for WireClaims {
    fn from(claims: &AccessClaims) -> Self {
        Self {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: claims.agent_id.to_string(),
            sid: claims.family_id.to_string(),
            iat: claims.issued_at.timestamp(),
            nbf: claims.issued_at.timestamp(),
            exp: claims.expires_at.timestamp(),
        }
    }
}

impl WireClaims {
    fn read(&self) -> Option<ReadClaims> {
        let time = |seconds| DateTime::from_timestamp(seconds, 0);
        let access = AccessClaims {
            agent_id: AgentId(self.sub.parse().ok()?),
            family_id: TokenFamilyId(self.sid.parse().ok()?),
            issued_at: time(self.iat)?,
            expires_at: time(self.exp)?,
        };
        Some(ReadClaims { access, not_before: time(self.nbf)? })
    }
}
