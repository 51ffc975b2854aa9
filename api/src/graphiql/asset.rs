//! The files that the page loads.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use super::{REVISION, encoding::accepts_gzip, etag};

struct Asset {
    name: &'static str,
    content_type: &'static str,
    plain: &'static [u8],
    /// The same compressed, where that is worth its place in the binary.
    gzipped: Option<&'static [u8]>,
}

static ASSETS: [Asset; 4] = [
    Asset {
        name: "page.js",
        content_type: "text/javascript; charset=utf-8",
        plain: include_bytes!("../../graphiql/dist/page.js"),
        gzipped: Some(include_bytes!("../../graphiql/dist/page.js.gz")),
    },
    Asset {
        name: "page.css",
        content_type: "text/css; charset=utf-8",
        plain: include_bytes!("../../graphiql/dist/page.css"),
        gzipped: Some(include_bytes!("../../graphiql/dist/page.css.gz")),
    },
    Asset {
        name: "icon.svg",
        content_type: "image/svg+xml",
        plain: include_bytes!("../../graphiql/dist/icon.svg"),
        gzipped: None,
    },
    Asset {
        name: "THIRD-PARTY-LICENCES.txt",
        content_type: "text/plain; charset=utf-8",
        plain: include_bytes!("../../graphiql/dist/THIRD-PARTY-LICENCES.txt"),
        gzipped: None,
    },
];

/// Answers `GET /graphiql/{revision}/{name}`. What has one revision never changes, so browsers need not ask again.
pub(super) async fn asset(Path((revision, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let found = ASSETS.iter().find(|asset| revision == REVISION && asset.name == name);
    let Some(asset) = found else {
        return (StatusCode::NOT_FOUND, "There is no such file in this version. Load /graphiql again.\n")
            .into_response();
    };
    let fixed = [
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
        (header::ETAG, etag::of(REVISION)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    if etag::is_current(&headers, REVISION) {
        return (StatusCode::NOT_MODIFIED, fixed).into_response();
    }
    let content_type = [(header::CONTENT_TYPE, asset.content_type)];
    match asset.gzipped.filter(|_| accepts_gzip(&headers)) {
        Some(gzipped) => (fixed, content_type, [(header::CONTENT_ENCODING, "gzip")], gzipped).into_response(),
        None => (fixed, content_type, asset.plain).into_response(),
    }
}
