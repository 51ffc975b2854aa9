//! Making errors fit to leave the server.

use async_graphql::{ErrorExtensionValues, ServerError, Value};

use super::{code::ErrorCode, request_id::RequestId};

/// What clients read in place of an internal error.
const INTERNAL_MESSAGE: &str =
    "The server failed to do this. Try again later; if it fails again, report the `requestId` of this error.";

/// An error with a code, for everything that is refused before a resolver runs.
pub(crate) fn server_error(code: ErrorCode, message: impl Into<String>) -> ServerError {
    let mut error = ServerError::new(message, None);
    error.extensions.get_or_insert_default().set("code", code);
    error
}

/// Prepares an error for publication: it gets a code from the published list and the id of its request, and is logged
/// under that id. An error that nobody gave a code gets `fallback`. What an internal error says goes to the log only.
pub(super) fn publish(error: &mut ServerError, fallback: ErrorCode, request_id: &RequestId) {
    let code =
        code_of(error).unwrap_or(if is_input_coercion_failure(error) { ErrorCode::InvalidArgument } else { fallback });
    if code == ErrorCode::Internal {
        tracing::error!(%request_id, path = %path_of(error), cause = %error.message, "a GraphQL operation failed");
        error.message = INTERNAL_MESSAGE.to_owned();
        error.extensions = None;
    } else {
        tracing::info!(%request_id, %code, path = %path_of(error), "a GraphQL request was refused");
    }
    let extensions = error.extensions.get_or_insert_with(ErrorExtensionValues::default);
    extensions.set("code", code);
    extensions.set("requestId", request_id.as_str());
}

/// The published code that the error carries. A code outside the list is a fault of the server.
pub(crate) fn code_of(error: &ServerError) -> Option<ErrorCode> {
    let name = match error.extensions.as_ref()?.get("code")? {
        Value::String(name) => name.as_str(),
        Value::Enum(name) => name.as_str(),
        _ => return Some(ErrorCode::Internal),
    };
    Some(ErrorCode::from_name(name).unwrap_or(ErrorCode::Internal))
}

/// Whether this is a literal or a variable that a custom scalar could not read. async-graphql finds these only when it
/// executes the field, and marks them by nothing but these words; a resolver's own error has a source or a code.
fn is_input_coercion_failure(error: &ServerError) -> bool {
    error.source.is_none()
        && ["Failed to parse \"", "Expected input type \""].iter().any(|words| error.message.starts_with(words))
}

fn path_of(error: &ServerError) -> String {
    let segments = error.path.iter().map(|segment| match segment {
        async_graphql::PathSegment::Field(name) => name.clone(),
        async_graphql::PathSegment::Index(index) => index.to_string(),
    });
    segments.collect::<Vec<_>>().join(".")
}

#[cfg(test)]
mod tests {
    use async_graphql::{InputValueError, Pos, ServerError, Value};

    use super::{ErrorCode, INTERNAL_MESSAGE, RequestId, publish, server_error};

    fn published(mut error: ServerError) -> (String, Value) {
        let request_id = RequestId::generate();
        publish(&mut error, ErrorCode::Internal, &request_id);
        let extensions = error.extensions.unwrap();
        assert_eq!(extensions.get("requestId"), Some(&Value::from(request_id.as_str())));
        (error.message, extensions.get("code").unwrap().clone())
    }

    #[test]
    fn a_coded_error_keeps_its_message() {
        let error = server_error(ErrorCode::NotFound, "There is no such session.");
        assert_eq!(published(error), ("There is no such session.".into(), "NOT_FOUND".into()));
    }

    #[test]
    fn an_internal_error_says_nothing_of_its_cause() {
        let uncoded = ServerError::new("relation \"secrets\" does not exist", None);
        let mut unlisted = ServerError::new("boom", None);
        unlisted.extensions.get_or_insert_default().set("code", "BOOM");
        unlisted.extensions.get_or_insert_default().set("detail", "secret");
        for error in [uncoded, unlisted, server_error(ErrorCode::Internal, "disk full")] {
            assert_eq!(published(error), (INTERNAL_MESSAGE.into(), "INTERNAL".into()));
        }
    }

    #[test]
    fn input_that_a_scalar_cannot_read_is_the_fault_of_the_client() {
        let error = InputValueError::<i32>::custom("not a moment").into_server_error(Pos::default());
        assert_eq!(published(error).1, "INVALID_ARGUMENT".into());
    }
}
