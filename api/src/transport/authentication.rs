//! Who makes a request: credentials in, [`Caller`] out.

use std::{any::Any, fmt, sync::Arc, time::Duration};

use async_graphql::Data;
use chrono::{DateTime, Utc};
use futures_util::{
    FutureExt as _,
    future::{BoxFuture, pending},
};
use http::{HeaderMap, header::AUTHORIZATION};
use thiserror::Error;

use super::{client_address::ClientAddress, clock::Clock, code::ErrorCode};

/// Turns credentials into what resolvers see of the caller.
pub trait Authenticator: Send + Sync + 'static {
    /// Whose token this is. No token at all is an anonymous caller, which is allowed, for how else would one sign in.
    fn authenticate<'a>(&'a self, bearer: Option<&'a str>) -> BoxFuture<'a, Result<Caller, AuthenticationError>>;
}

/// Why no caller could be made of the credentials, in sentences that are sent as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AuthenticationError {
    /// The token was not issued by this server, was revoked, or is not a token.
    #[error(
        "The token is not valid: sign in again, or make another API token, and send it as `Authorization: Bearer <token>`"
    )]
    Invalid,
    /// The token was good once.
    #[error("The access token has expired: refresh it and repeat the request")]
    Expired,
    /// Tokens cannot be checked at the moment.
    #[error("The access token cannot be checked now: repeat the request later")]
    Unavailable,
}

impl AuthenticationError {
    pub(crate) fn code(self) -> ErrorCode {
        match self {
            Self::Invalid | Self::Expired => ErrorCode::Unauthenticated,
            Self::Unavailable => ErrorCode::Unavailable,
        }
    }
}

/// Adds to the data of one operation.
type Attachment = Arc<dyn Fn(&mut Data) + Send + Sync>;

/// Waits until the credentials are revoked.
type Revocation = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// What resolvers see of whoever makes a request, and until when.
///
/// On a socket one caller makes many operations, so the caller can be attached to any number of them.
#[derive(Clone, Default)]
pub struct Caller {
    attachments: Vec<Attachment>,
    identity: Option<Arc<str>>,
    address: ClientAddress,
    expires_at: Option<DateTime<Utc>>,
    revocation: Option<Revocation>,
}

impl Caller {
    /// A caller of whom resolvers see nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets resolvers find a copy of `data` by its type.
    #[must_use]
    pub fn with<D: Any + Clone + Send + Sync>(self, data: D) -> Self {
        self.attach_with(move |operation| operation.insert(data.clone()))
    }

    /// Runs `attach` for each operation, for data that is made anew each time.
    #[must_use]
    pub fn attach_with(mut self, attach: impl Fn(&mut Data) + Send + Sync + 'static) -> Self {
        self.attachments.push(Arc::new(attach));
        self
    }

    /// Ends sockets and event streams of this caller at `expires_at`. Without it they have no end of their own.
    #[must_use]
    pub fn expiring_at(mut self, expires_at: DateTime<Utc>) -> Self {
        self.expires_at = Some(expires_at);
        self
    }

    /// Names who this is, however often they sign in: what they spend is counted under this name. A caller without it is
    /// counted by their address.
    #[must_use]
    pub fn identified_by(mut self, identity: impl Into<Arc<str>>) -> Self {
        self.identity = Some(identity.into());
        self
    }

    /// The same caller at this address, which resolvers find as a [`ClientAddress`].
    pub(crate) fn at(mut self, address: ClientAddress) -> Self {
        self.address = address;
        self
    }

    /// Who the caller is, if they are not anonymous.
    pub(super) fn identity(&self) -> Option<&Arc<str>> {
        self.identity.as_ref()
    }

    /// Where the caller is.
    pub(super) fn address(&self) -> ClientAddress {
        self.address
    }

    /// Ends sockets of this caller when the future that `revocation` makes resolves. Event streams end by themselves:
    /// whoever is their source knows what the caller may see.
    #[must_use]
    pub fn until(mut self, revocation: impl Fn() -> BoxFuture<'static, ()> + Send + Sync + 'static) -> Self {
        self.revocation = Some(Arc::new(revocation));
        self
    }

    /// Waits until the credentials are revoked: for ever, if nobody tells.
    pub(super) fn revoked(&self) -> BoxFuture<'static, ()> {
        match &self.revocation {
            Some(revocation) => revocation(),
            None => pending().boxed(),
        }
    }

    /// How long the credentials stay good: nothing once they have expired, `None` if they never do.
    pub(super) fn time_left(&self, clock: &Clock) -> Option<Duration> {
        self.expires_at.map(|end| (end - clock.now()).to_std().unwrap_or_default())
    }

    pub(super) fn attach_to(&self, operation: &mut Data) {
        operation.insert(self.address);
        for attach in &self.attachments {
            attach(operation);
        }
    }
}

impl fmt::Debug for Caller {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Caller").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// The bearer token of an HTTP request (RFC 6750), if it has an `Authorization` header at all.
pub(crate) fn bearer_of(headers: &HeaderMap) -> Result<Option<&str>, AuthenticationError> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    if values.next().is_some() {
        return Err(AuthenticationError::Invalid);
    }
    value.to_str().ok().and_then(bearer).map(Some).ok_or(AuthenticationError::Invalid)
}

/// The token in `Bearer <token>`.
pub(super) fn bearer(credentials: &str) -> Option<&str> {
    let (scheme, token) = credentials.trim().split_once(' ')?;
    let token = token.trim_start();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::bearer;

    #[test]
    fn only_the_bearer_scheme_carries_a_token() {
        assert_eq!(bearer("Bearer abc.def"), Some("abc.def"));
        assert_eq!(bearer("bearer  abc"), Some("abc"));
        for credentials in ["", "Bearer", "Bearer ", "Basic abc", "abc", "Bearerabc"] {
            assert_eq!(bearer(credentials), None, "{credentials:?}");
        }
    }
}
