//! Why a delivery was not taken.

use axum::response::{IntoResponse, Response};
use http::StatusCode;

/// Why a delivery was not taken. The answer has no body: Telegram does not read it, and whoever
/// else knocks is told no more than the status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// This desk has no webhook at this path.
    UnknownPath,
    /// The secret is missing or wrong.
    WrongSecret,
    /// The body is larger than any update.
    TooLarge,
    /// The body did not arrive in time.
    TooSlow,
    /// The body broke off.
    CutShort,
    /// The body is not a JSON object with the number of an update: there is nothing to keep.
    NotAnUpdate,
    /// The process has just started and does not know its bots yet; Telegram tries again.
    NotReady,
    /// The update could not be stored; Telegram tries again.
    NotStored,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::WrongSecret => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::CutShort | Self::NotAnUpdate => StatusCode::BAD_REQUEST,
            Self::NotReady | Self::NotStored => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// The name of the refusal in the metrics.
    fn reason(self) -> &'static str {
        match self {
            Self::UnknownPath => "unknown_path",
            Self::WrongSecret => "wrong_secret",
            Self::TooLarge => "too_large",
            Self::TooSlow => "too_slow",
            Self::CutShort => "cut_short",
            Self::NotAnUpdate => "not_an_update",
            Self::NotReady => "not_ready",
            Self::NotStored => "not_stored",
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        metrics::counter!("switchboard_telegram_webhook_refused_total", "reason" => self.reason()).increment(1);
        self.status().into_response()
    }
}
