//! The published list of error codes.

use std::fmt;

use async_graphql::{ErrorExtensions as _, Value};
use http::StatusCode;

/// Declares [`ErrorCode`] from one table, so that a code, its meaning, its name on the wire and its HTTP status cannot
/// drift apart.
macro_rules! error_codes {
    ($($(#[doc = $meaning:literal])+ $variant:ident = $name:literal, $status:ident;)+) => {
        /// What went wrong, as clients see it in `extensions.code` of every entry of `errors`.
        ///
        /// The list is part of the API: a code keeps its meaning, and no error leaves without one of them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum ErrorCode {
            $($(#[doc = $meaning])+ $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire, such as `NOT_FOUND`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// What it means and what to do about it, in one line.
            pub fn meaning(self) -> &'static str {
                match self { $(Self::$variant => concat!($($meaning),+).trim_ascii_start()),+ }
            }

            /// The code with this name on the wire, if it is in the list.
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($name => Some(Self::$variant),)+ _ => None }
            }

            /// The HTTP status of a request that was refused with this code before it was executed.
            pub(crate) const fn refusal_status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }
        }
    };
}

error_codes! {
    /// The HTTP request or its GraphQL parameters are malformed. Correct the request; repeating it cannot help.
    BadRequest = "BAD_REQUEST", BAD_REQUEST;
    /// The request body or message is larger than the server accepts.
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", PAYLOAD_TOO_LARGE;
    /// The document has too many characters, too many tokens or is nested too deeply. Ask for less, or in several requests.
    QueryTooLarge = "QUERY_TOO_LARGE", BAD_REQUEST;
    /// The document is not GraphQL.
    GraphqlParseFailed = "GRAPHQL_PARSE_FAILED", BAD_REQUEST;
    /// The document does not fit the schema, or a variable does not fit its type.
    GraphqlValidationFailed = "GRAPHQL_VALIDATION_FAILED", BAD_REQUEST;
    /// `operationName` is missing, unknown, or names an operation that this transport cannot run.
    OperationResolutionFailure = "OPERATION_RESOLUTION_FAILURE", BAD_REQUEST;
    /// No document is kept under the hash of an automatic persisted query. Send the hash together with the full `query`.
    PersistedQueryNotFound = "PERSISTED_QUERY_NOT_FOUND", BAD_REQUEST;
    /// Automatic persisted queries are switched off. Send the `documentId` of a persisted document.
    PersistedQueryNotSupported = "PERSISTED_QUERY_NOT_SUPPORTED", BAD_REQUEST;
    /// No persisted document has this `documentId`. Send one of the manifest that the server was started with.
    PersistedDocumentNotFound = "PERSISTED_DOCUMENT_NOT_FOUND", BAD_REQUEST;
    /// Only persisted documents run on this server. Send the `documentId` of one instead of `query`.
    PersistedDocumentRequired = "PERSISTED_DOCUMENT_REQUIRED", BAD_REQUEST;
    /// The access token is missing where one is needed, invalid or expired. Sign in or refresh it.
    Unauthenticated = "UNAUTHENTICATED", UNAUTHORIZED;
    /// The caller may not do this.
    Forbidden = "FORBIDDEN", FORBIDDEN;
    /// An id is not one of ours, or is the id of another type.
    InvalidId = "INVALID_ID", BAD_REQUEST;
    /// A cursor is not one that this list or subscription gave out.
    InvalidCursor = "INVALID_CURSOR", BAD_REQUEST;
    /// A variable or an argument is missing or out of its range.
    InvalidArgument = "INVALID_ARGUMENT", BAD_REQUEST;
    /// There is nothing to search for. Give a word, a number or an emoji.
    QueryEmpty = "QUERY_EMPTY", BAD_REQUEST;
    /// The words to search for are longer than 200 characters. Leave out what matters least.
    QueryTooLong = "QUERY_TOO_LONG", BAD_REQUEST;
    /// The object does not exist, or the caller may not know of it.
    NotFound = "NOT_FOUND", BAD_REQUEST;
    /// Too many or too costly requests. Wait for `extensions.retryAfterMs`.
    RateLimited = "RATE_LIMITED", TOO_MANY_REQUESTS;
    /// The socket already runs as many operations as it may. Complete one of them or open another socket.
    TooManyOperations = "TOO_MANY_OPERATIONS", TOO_MANY_REQUESTS;
    /// The file is larger than Telegram hands to bots.
    FileTooLarge = "FILE_TOO_LARGE", UNPROCESSABLE_ENTITY;
    /// Too many files were uploaded and not sent. Send some of them, or wait until they are deleted.
    TooManyFiles = "TOO_MANY_FILES", TOO_MANY_REQUESTS;
    /// The server cannot answer now. Repeat the request later.
    Unavailable = "UNAVAILABLE", SERVICE_UNAVAILABLE;
    /// The operation took too long. A mutation may have taken effect nevertheless.
    Timeout = "TIMEOUT", SERVICE_UNAVAILABLE;
    /// A fault of the server. Its details are in the log, under `extensions.requestId`.
    Internal = "INTERNAL", INTERNAL_SERVER_ERROR;
}

impl ErrorCode {
    /// An error of this code for a resolver to return. Clients read `message`, so it says what to do next.
    pub fn error(self, message: impl Into<String>) -> async_graphql::Error {
        async_graphql::Error::new(message).extend_with(|_, extensions| extensions.set("code", self))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl From<ErrorCode> for Value {
    fn from(code: ErrorCode) -> Self {
        Self::from(code.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::ErrorCode;

    #[test]
    fn every_code_is_found_by_its_name() {
        for code in ErrorCode::ALL {
            assert_eq!(ErrorCode::from_name(code.as_str()), Some(*code));
        }
        assert_eq!(ErrorCode::from_name("bad_request"), None);
    }
}
