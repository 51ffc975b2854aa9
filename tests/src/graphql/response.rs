//! One answer over HTTP.

use reqwest::StatusCode;
use reqwest::header::HeaderMap;
use serde_json::Value;

/// What the server answered to one operation.
#[derive(Debug, Clone)]
pub struct Response {
    /// The HTTP status.
    pub status: StatusCode,
    /// The HTTP headers.
    pub headers: HeaderMap,
    /// The `data` of the GraphQL response; null when there is none.
    pub data: Value,
    /// The `errors` of the GraphQL response; empty when there are none.
    pub errors: Vec<Value>,
    /// The `extensions` of the GraphQL response; null when there are none.
    pub extensions: Value,
    /// The whole body, for an answer that is not a GraphQL response.
    pub body: String,
}

impl Response {
    pub(super) async fn read(response: reqwest::Response) -> reqwest::Result<Self> {
        let status = response.status();
        let headers = response.headers().clone();
        let body = response.text().await?;
        let mut json: Value = serde_json::from_str(&body).unwrap_or_default();
        let mut take = |name| json.get_mut(name).map(Value::take).unwrap_or_default();
        let errors = match take("errors") {
            Value::Array(errors) => errors,
            _ => Vec::new(),
        };
        Ok(Self { status, headers, data: take("data"), errors, extensions: take("extensions"), body })
    }

    /// The `extensions.code` of each error; empty for an error that has none.
    pub fn error_codes(&self) -> Vec<&str> {
        self.errors.iter().map(|error| error["extensions"]["code"].as_str().unwrap_or_default()).collect()
    }
}
