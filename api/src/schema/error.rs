//! Failures as clients read them in `errors`.

use std::fmt::Display;
use std::sync::Arc;

use async_graphql::ErrorExtensions as _;

use crate::transport::ErrorCode;

/// What resolvers return.
pub(crate) type Result<T, E = Failure> = std::result::Result<T, E>;

/// How long a client does well to wait while the database is out of reach or too much is asked of the desk.
const RETRY_AFTER_MS: u32 = 1000;

/// Why a field has no value, with a code from the published list.
///
/// Resolvers fail with this type and no other. async-graphql turns anything that can be printed
/// into an error without a code, so that a failure of the desk would pass for a defect.
#[derive(Debug, Clone)]
pub(crate) struct Failure(async_graphql::Error);

impl Failure {
    pub(crate) fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self(code.error(message))
    }

    /// What can be done in a moment.
    fn later(error: &desk::Error) -> Self {
        let error = ErrorCode::Unavailable.error(sentence(error));
        Self(error.extend_with(|_, extensions| extensions.set("retryAfterMs", RETRY_AFTER_MS)))
    }

    /// A defect. The transport logs the cause and tells the client the id of its request.
    pub(crate) fn internal(cause: impl Display) -> Self {
        Self::new(ErrorCode::Internal, cause.to_string())
    }
}

impl From<Failure> for async_graphql::Error {
    fn from(failure: Failure) -> Self {
        failure.0
    }
}

impl From<&desk::Error> for Failure {
    fn from(error: &desk::Error) -> Self {
        let code = match error {
            desk::Error::Unauthenticated => ErrorCode::Unauthenticated,
            desk::Error::Forbidden | desk::Error::MissingScope(_) | desk::Error::SignInNeeded => ErrorCode::Forbidden,
            desk::Error::NotFound(_) => ErrorCode::NotFound,
            desk::Error::InvalidCursor => ErrorCode::InvalidCursor,
            desk::Error::InvalidArgument(_) => ErrorCode::InvalidArgument,
            desk::Error::Unavailable(cause) => {
                tracing::warn!(%cause, "the database cannot be used");
                return Self::later(error);
            }
            desk::Error::Busy => return Self::later(error),
            desk::Error::Internal(cause) => return Self::internal(cause),
        };
        Self::new(code, sentence(error))
    }
}

impl From<desk::Error> for Failure {
    fn from(error: desk::Error) -> Self {
        Self::from(&error)
    }
}

impl From<Arc<desk::Error>> for Failure {
    fn from(error: Arc<desk::Error>) -> Self {
        Self::from(&*error)
    }
}

/// The words of an error, which begin small and end without a stop, as a sentence.
pub(crate) fn sentence(words: impl Display) -> String {
    let words = words.to_string();
    let mut characters = words.chars();
    let Some(first) = characters.next() else { return words };
    let stop = if words.ends_with(['.', '!', '?', '…']) { "" } else { "." };
    format!("{}{}{stop}", first.to_uppercase(), characters.as_str())
}

#[cfg(test)]
mod tests {
    use super::sentence;

    #[test]
    fn words_become_a_sentence() {
        assert_eq!(sentence("there is no such session"), "There is no such session.");
        assert_eq!(sentence("`first` is missing."), "`first` is missing.");
        assert_eq!(sentence(""), "");
    }
}
