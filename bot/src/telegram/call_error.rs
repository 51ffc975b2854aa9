//! Why a call that sends nothing failed.

use std::time::Duration;

use super::{
    attempt::{is_unknown_token, retry_after, unreadable},
    envelope::Envelope,
    exchange::Exchange,
    raw_json::RawJson,
};

/// Why a call that sends nothing (polling, asking, setting up) failed. All of them are safe to
/// repeat.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The token was revoked or mistyped (401, 404).
    #[error("Telegram does not know this bot token: take the current one from @BotFather")]
    Unauthorized,
    /// Too many calls (429).
    #[error("Telegram asks to wait {} s before the next call", .0.as_secs())]
    RetryAfter(Duration),
    /// A webhook is set, or another process polls for the same bot (409). In Telegram's words.
    #[error("{0}")]
    Conflict(String),
    /// Any other refusal (4xx).
    #[error("Telegram refused with code {error_code}: {description}")]
    Refused {
        /// Telegram's code.
        error_code: i64,
        /// Telegram's words.
        description: String,
    },
    /// No connection, no answer, a server error, or an answer that is not one of the Bot API.
    #[error("no usable answer from the Bot API, try again later: {0}")]
    Unavailable(String),
}

impl CallError {
    /// The result of the call, or why there is none.
    pub(super) fn result_of(exchange: Exchange) -> Result<RawJson, Self> {
        let (status, body, cut_short) = match exchange {
            Exchange::Answered { status, body, cut_short } => (status, body, cut_short),
            Exchange::NotSent(reason) | Exchange::Lost(reason) => {
                return Err(Self::Unavailable(reason));
            }
        };
        let envelope = Envelope::read(&body);
        match (envelope.ok, envelope.result) {
            (Some(true), Some(result)) => Ok(result),
            (Some(false), _) => Err(Self::from_error(status, Envelope { result: None, ..envelope })),
            (None, _) if status == 429 => Err(Self::RetryAfter(retry_after(&Envelope::default()))),
            _ => Err(Self::Unavailable(unreadable(status, cut_short.as_deref()))),
        }
    }

    fn from_error(status: u16, envelope: Envelope) -> Self {
        let error_code = envelope.error_code.unwrap_or_else(|| status.into());
        if error_code == 429 {
            return Self::RetryAfter(retry_after(&envelope));
        }
        let description = envelope.description.unwrap_or_else(|| format!("error {error_code} without a description"));
        match error_code {
            401 => Self::Unauthorized,
            404 if is_unknown_token(&description) => Self::Unauthorized,
            409 => Self::Conflict(description),
            400..=499 => Self::Refused { error_code, description },
            _ => Self::Unavailable(description),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn result(status: u16, body: &str) -> Result<RawJson, CallError> {
        CallError::result_of(Exchange::Answered { status, body: body.into(), cut_short: None })
    }

    #[test]
    fn the_result_is_handed_over_as_it_came() {
        let json = result(200, r#"{"ok":true,"result":[{"update_id":1.0}]}"#).unwrap();
        assert_eq!(json.as_str(), r#"[{"update_id":1.0}]"#);
    }

    #[test]
    fn errors_are_told_apart() {
        let error = |code: u16, description: &str| {
            let body = serde_json::json!({"ok": false, "error_code": code, "description": description});
            result(code, &body.to_string()).unwrap_err()
        };
        assert_eq!(error(401, "Unauthorized"), CallError::Unauthorized);
        assert_eq!(error(404, "Not Found"), CallError::Unauthorized);
        assert_eq!(error(409, "Conflict: x"), CallError::Conflict("Conflict: x".to_owned()));
        assert_eq!(error(429, "Too Many Requests: retry after 3"), CallError::RetryAfter(Duration::from_secs(3)));
        assert!(matches!(error(400, "Bad Request: x"), CallError::Refused { .. }));
        assert!(matches!(error(502, "Bad Gateway"), CallError::Unavailable(_)));
    }

    #[test]
    fn a_result_cut_short_is_none() {
        for body in [r#"{"ok":true,"result":[{"update_id":1"#, r#"{"ok":true}"#, "<html>", ""] {
            assert!(matches!(result(200, body), Err(CallError::Unavailable(_))), "{body}");
        }
    }
}
