//! The page itself.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};

use super::{REVISION, etag, policy::content_security_policy};

const PAGE: &str = include_str!("../../graphiql/dist/index.html");

/// Answers `GET /graphiql`. Browsers ask each time whether the page has changed, for it names the assets to load.
pub(super) async fn page(headers: HeaderMap) -> Response {
    let fixed = [
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
        (header::ETAG, etag::of(REVISION)),
        (header::CONTENT_SECURITY_POLICY, content_security_policy(headers.get(header::HOST))),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if etag::is_current(&headers, REVISION) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    (fixed, Html(PAGE)).into_response()
}
