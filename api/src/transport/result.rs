//! The result of one operation, as it leaves the server.

use std::collections::BTreeMap;

use async_graphql::{Response, ServerError, Value};
use axum::extract::ws::Utf8Bytes;
use http::HeaderMap;
use serde::Serialize;

use super::{
    code::ErrorCode,
    error::{code_of, publish},
    rate_limit::Charge,
    request_id::RequestId,
};

/// An execution result in serialized form. Cloning shares the bytes, so that one can be sent to many subscribers.
pub(super) type Payload = Utf8Bytes;

/// What came of one operation. Without `data` it was refused before its execution began.
#[derive(Debug, Serialize)]
pub(super) struct OperationResult {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) errors: Vec<ServerError>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) data: Option<Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    extensions: BTreeMap<String, Value>,
    #[serde(skip)]
    pub(super) headers: HeaderMap,
}

impl OperationResult {
    /// Makes a response of the executor fit to leave: each error gets its code and the id of the request.
    ///
    /// async-graphql does not tell a request that failed its validation from an operation that failed while it ran:
    /// both have null data. But every error of a running operation has the path of its field, and no error of
    /// validation has one.
    pub(super) fn of(response: Response, request_id: &RequestId, reported_errors: usize) -> Self {
        let Response { mut errors, data, extensions, http_headers: headers, .. } = response;
        let executed = errors.is_empty() || data != Value::Null || errors.iter().any(|error| !error.path.is_empty());
        if !executed {
            errors.truncate(reported_errors);
        }
        let fallback = if executed { ErrorCode::Internal } else { ErrorCode::GraphqlValidationFailed };
        for error in &mut errors {
            publish(error, fallback, request_id);
        }
        Self { errors, data: executed.then_some(data), extensions, headers }
    }

    /// A request that was refused before its execution began.
    pub(super) fn refused(mut error: ServerError, request_id: &RequestId) -> Self {
        publish(&mut error, ErrorCode::Internal, request_id);
        Self { errors: vec![error], data: None, extensions: BTreeMap::new(), headers: HeaderMap::new() }
    }

    /// The same result, telling what the operation cost.
    pub(super) fn charged(mut self, charge: Option<&Charge>) -> Self {
        if let Some(charge) = charge {
            self.extensions.insert("cost".to_owned(), charge.to_value());
        }
        self
    }

    /// The code of the first error, if the operation was refused.
    pub(super) fn refusal_code(&self) -> Option<ErrorCode> {
        match &self.data {
            Some(_) => None,
            None => Some(self.errors.first().and_then(code_of).unwrap_or(ErrorCode::Internal)),
        }
    }

    pub(super) fn to_payload(&self) -> Payload {
        to_json(self).into()
    }
}

/// Serializes what consists of strings, numbers, lists and maps with string keys.
pub(super) fn to_json(value: &impl Serialize) -> String {
    serde_json::to_string(value).expect("GraphQL values have a JSON form and are written to memory")
}
