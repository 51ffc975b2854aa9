//! Why the server closes a socket.

use std::borrow::Cow;

use axum::extract::ws::{CloseFrame, Message};
use tungstenite::error::Error as WebSocketError;

use crate::transport::authentication::AuthenticationError;

/// A control frame has 125 bytes, of which the code takes two (RFC 6455, section 5.5).
const MAX_REASON_BYTES: usize = 123;

/// A close code with its reason. Codes from 4400 are those of `graphql-transport-ws`; of the others, clients come back
/// after 1001, 1012 and 1013.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Close {
    code: u16,
    reason: Cow<'static, str>,
}

impl Close {
    const fn of(code: u16, reason: &'static str) -> Self {
        Self { code, reason: Cow::Borrowed(reason) }
    }

    pub(super) const IDLE: Self = Self::of(1000, "Nothing runs on this socket");
    pub(super) const UNANSWERED_PING: Self = Self::of(1001, "No answer to the ping");
    pub(super) const SERVER_RESTART: Self = Self::of(1012, "Service restart");
    pub(super) const BINARY_MESSAGE: Self = Self::of(4400, "Messages must be text");
    pub(super) const UNAUTHORIZED: Self = Self::of(4401, "Unauthorized");
    pub(super) const TOKEN_EXPIRED: Self = Self::of(4403, "Forbidden: token expired");
    pub(super) const TOKEN_REVOKED: Self = Self::of(4403, "Forbidden: token revoked");
    pub(super) const SUBPROTOCOL: Self = Self::of(4406, "Subprotocol not acceptable");
    pub(super) const INIT_TIMEOUT: Self = Self::of(4408, "Connection initialisation timeout");
    pub(super) const SECOND_INIT: Self = Self::of(4429, "Too many initialisation requests");

    pub(super) fn invalid_message(reason: impl Into<Cow<'static, str>>) -> Self {
        Self { code: 4400, reason: reason.into() }
    }

    pub(super) fn duplicate_id(id: &str) -> Self {
        Self { code: 4409, reason: format!("Subscriber for {id} already exists").into() }
    }

    /// What is wrong with what the peer sent. `None` if the connection is gone, and with it whoever could be told.
    pub(super) fn of_read_error(error: axum::Error) -> Option<Self> {
        match *error.into_inner().downcast::<WebSocketError>().ok()? {
            WebSocketError::Capacity(_) => Some(Self::of(1009, "Message too big")),
            WebSocketError::Utf8(_) => Some(Self::of(1007, "Message is not UTF-8 text")),
            WebSocketError::Protocol(tungstenite::error::ProtocolError::ResetWithoutClosingHandshake) => None,
            WebSocketError::Protocol(_) => Some(Self::of(1002, "WebSocket protocol error")),
            _ => None,
        }
    }

    pub(super) fn code(&self) -> u16 {
        self.code
    }

    pub(super) fn into_message(self) -> Message {
        let fitting = self.reason.floor_char_boundary(MAX_REASON_BYTES);
        let reason = self.reason[..fitting].into();
        Message::Close(Some(CloseFrame { code: self.code, reason }))
    }
}

impl From<AuthenticationError> for Close {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Invalid => Self::of(4403, "Forbidden"),
            AuthenticationError::Expired => Self::TOKEN_EXPIRED,
            AuthenticationError::Unavailable => Self::of(1013, "Try again later"),
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::ws::Message;

    use super::Close;

    #[test]
    fn a_long_reason_is_cut_between_characters() {
        let Message::Close(Some(frame)) = Close::duplicate_id(&"é".repeat(200)).into_message() else { panic!() };
        assert_eq!(frame.code, 4409);
        assert!((122..=123).contains(&frame.reason.as_str().len()));
    }
}
