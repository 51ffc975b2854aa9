//! Why a request for a file is refused.

use std::time::Duration;

use async_graphql::{Pos, ServerError};
use axum::response::Response;
use desk::file::UploadRefusal;
use desk::media::{DownloadRefusal, MediaError, TicketError};
use desk::privacy::CustomerExportRefusal;
use desk::{Error, Rejected};
use http::{HeaderName, HeaderValue, StatusCode, header};

use crate::schema::error::{Failure, sentence};
use crate::schema::id::InvalidId;
use crate::transport::{AuthenticationError, ErrorCode, RequestId, code_of, refused, server_error};

/// A refusal with its status. It leaves in the form of the errors of GraphQL.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: StatusCode,
    error: Box<ServerError>,
    header: Option<(HeaderName, HeaderValue)>,
}

impl Refusal {
    fn new(status: StatusCode, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { status, error: Box::new(server_error(code, message)), header: None }
    }

    pub(super) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::BadRequest, message)
    }

    pub(super) fn method_not_allowed(allowed: &'static str) -> Self {
        let message = format!("Send {allowed} here.");
        let refusal = Self::new(StatusCode::METHOD_NOT_ALLOWED, ErrorCode::BadRequest, message);
        Self { header: Some((header::ALLOW, HeaderValue::from_static(allowed))), ..refusal }
    }

    pub(crate) fn unauthenticated() -> Self {
        let message = "Send an access token or an API token as `Authorization: Bearer <token>`, or for a download the \
                       `downloadUrl` of the message.";
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, message)
    }

    pub(super) fn body_too_slow() -> Self {
        let message = "The file did not arrive in time. Send it again over a faster connection.";
        Self::new(StatusCode::REQUEST_TIMEOUT, ErrorCode::Timeout, message)
    }

    pub(super) fn body_broken() -> Self {
        Self::bad_request("The file could not be read to its end. Send it again.")
    }

    /// There are no such bytes in a file of this size.
    pub(super) fn range_not_satisfiable(size_bytes: u64) -> Self {
        let message = format!("The file has {size_bytes} bytes, and none in this range.");
        let refusal = Self::new(StatusCode::RANGE_NOT_SATISFIABLE, ErrorCode::BadRequest, message);
        let range = HeaderValue::from_str(&format!("bytes */{size_bytes}")).ok();
        Self { header: range.map(|range| (header::CONTENT_RANGE, range)), ..refusal }
    }

    pub(super) fn no_telegram() -> Self {
        let message = "This server is not connected to Telegram, which has the file. Ask another one.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, message)
    }

    fn retry_after(mut self, wait: Duration) -> Self {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
        self.error.extensions.get_or_insert_default().set("retryAfterMs", wait_ms);
        self
    }

    pub(crate) fn into_response(self, request_id: &RequestId) -> Response {
        let mut response = refused(self.status, *self.error, request_id);
        response.headers_mut().extend(self.header);
        response
    }
}

/// An error that has its code already. What is not there has the status of what is not there.
impl From<ServerError> for Refusal {
    fn from(error: ServerError) -> Self {
        let status = match code_of(&error) {
            Some(ErrorCode::NotFound) => StatusCode::NOT_FOUND,
            Some(code) => code.refusal_status(),
            None => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self { status, error: Box::new(error), header: None }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let error: async_graphql::Error = Failure::from(error).into();
        // No place in a document: there is none.
        ServerError { locations: Vec::new(), ..error.into_server_error(Pos::default()) }.into()
    }
}

impl From<AuthenticationError> for Refusal {
    fn from(error: AuthenticationError) -> Self {
        let code = error.code();
        Self::new(code.refusal_status(), code, sentence(error))
    }
}

impl From<InvalidId> for Refusal {
    fn from(error: InvalidId) -> Self {
        Self::new(StatusCode::BAD_REQUEST, ErrorCode::InvalidId, sentence(error))
    }
}

impl From<TicketError> for Refusal {
    fn from(error: TicketError) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, ErrorCode::Unauthenticated, sentence(error))
    }
}

impl From<UploadRefusal> for Refusal {
    fn from(refusal: UploadRefusal) -> Self {
        let (status, code) = match refusal {
            UploadRefusal::ProjectNotFound => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            UploadRefusal::NameUnusable | UploadRefusal::MimeTypeMalformed | UploadRefusal::Empty => {
                (StatusCode::BAD_REQUEST, ErrorCode::InvalidArgument)
            }
            UploadRefusal::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, ErrorCode::PayloadTooLarge),
            UploadRefusal::TooManyUnused => (StatusCode::TOO_MANY_REQUESTS, ErrorCode::TooManyFiles),
        };
        Self::new(status, code, sentence(refusal))
    }
}

impl From<CustomerExportRefusal> for Refusal {
    fn from(refusal: CustomerExportRefusal) -> Self {
        let (status, code) = match refusal {
            CustomerExportRefusal::NotFound => (StatusCode::NOT_FOUND, ErrorCode::NotFound),
            CustomerExportRefusal::NotSupervisor => (StatusCode::FORBIDDEN, ErrorCode::Forbidden),
        };
        Self::new(status, code, sentence(refusal))
    }
}

impl From<DownloadRefusal> for Refusal {
    fn from(refusal: DownloadRefusal) -> Self {
        let (status, code) = match refusal {
            DownloadRefusal::MessageNotFound | DownloadRefusal::NoFile | DownloadRefusal::NoHandle => {
                (StatusCode::NOT_FOUND, ErrorCode::NotFound)
            }
            DownloadRefusal::TooLarge => (StatusCode::UNPROCESSABLE_ENTITY, ErrorCode::FileTooLarge),
        };
        Self::new(status, code, sentence(refusal))
    }
}

impl From<MediaError> for Refusal {
    fn from(error: MediaError) -> Self {
        // How long to wait where Telegram does not say.
        const USUAL_WAIT: Duration = Duration::from_secs(5);
        match &error {
            MediaError::TooLarge => DownloadRefusal::TooLarge.into(),
            MediaError::Gone => Self::new(StatusCode::NOT_FOUND, ErrorCode::NotFound, sentence(error)),
            MediaError::NotServed | MediaError::BotRevoked => {
                tracing::warn!(%error, "a file cannot be fetched from Telegram");
                Self::new(StatusCode::BAD_GATEWAY, ErrorCode::Unavailable, sentence(error))
            }
            MediaError::Unavailable { retry_after, cause } => {
                tracing::warn!(cause, "a file cannot be fetched from Telegram");
                let wait = retry_after.unwrap_or(USUAL_WAIT);
                Self::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::Unavailable, sentence(&error)).retry_after(wait)
            }
        }
    }
}

impl<R: Into<Self>> From<Rejected<R>> for Refusal {
    fn from(rejected: Rejected<R>) -> Self {
        match rejected {
            Rejected::Refused(refusal) => refusal.into(),
            Rejected::Failed(error) => error.into(),
        }
    }
}
