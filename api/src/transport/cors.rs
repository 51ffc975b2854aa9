//! What browsers are told about pages of other origins.

use http::{Method, header};
use tower_http::cors::CorsLayer;

use super::{http::PREFLIGHT_HEADERS, origin::AllowedOrigins, request_id::REQUEST_ID_HEADER};

/// Lets the pages of the allowed origins call the API. Without any, no header is sent, and browsers refuse them all.
///
/// Credentials that browsers attach themselves, such as cookies, stay forbidden: the API reads bearer tokens only.
pub(super) fn layer(allowed: &AllowedOrigins) -> Option<CorsLayer> {
    if allowed.is_empty() {
        return None;
    }
    let sent = [header::AUTHORIZATION, header::CONTENT_TYPE, REQUEST_ID_HEADER];
    let layer = of_origins(allowed)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(sent.into_iter().chain(PREFLIGHT_HEADERS).collect::<Vec<_>>())
        .expose_headers([REQUEST_ID_HEADER, header::RETRY_AFTER]);
    Some(layer)
}

/// The same for files.
pub(super) fn layer_for_files(allowed: &AllowedOrigins) -> Option<CorsLayer> {
    if allowed.is_empty() {
        return None;
    }
    let layer = of_origins(allowed)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::RANGE,
            header::IF_RANGE,
            header::IF_NONE_MATCH,
            REQUEST_ID_HEADER,
        ])
        .expose_headers([
            REQUEST_ID_HEADER,
            header::RETRY_AFTER,
            header::ACCEPT_RANGES,
            header::CONTENT_DISPOSITION,
            header::CONTENT_LENGTH,
            header::CONTENT_RANGE,
            header::ETAG,
        ]);
    Some(layer)
}

fn of_origins(allowed: &AllowedOrigins) -> CorsLayer {
    CorsLayer::new().allow_origin(allowed.header_values().collect::<Vec<_>>())
}
