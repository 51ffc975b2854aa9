//! The page and its assets, as a browser asks for them.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, HeaderName, Request, StatusCode, header},
    response::Response,
};
use http_body_util::BodyExt as _;
use tower::Service as _;

use super::{REVISION, router};

async fn get(path: &str, headers: &[(HeaderName, &str)]) -> (StatusCode, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path).header(header::HOST, "desk.example.com");
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let mut app: Router = router();
    let response: Response = app.call(request.body(Body::empty()).unwrap()).await.unwrap();
    let (parts, body) = response.into_parts();
    (parts.status, parts.headers, body.collect().await.unwrap().to_bytes().to_vec())
}

#[tokio::test]
async fn the_page_comes_with_its_policy_and_names_assets_that_exist() {
    let (status, headers, body) = get("/graphiql", &[]).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8");
    assert!(headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap().contains("wss://desk.example.com"));
    assert_eq!(headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");

    let page = String::from_utf8(body).unwrap();
    let named: Vec<_> = page.split('"').filter(|text| text.starts_with("graphiql/")).collect();
    assert_eq!(named.len(), 4, "{page}");
    for path in named {
        let (status, headers, body) = get(&format!("/{path}"), &[]).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        assert!(headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"), "{path}");
        assert!(!headers.contains_key(header::CONTENT_ENCODING), "{path}");
        assert!(!body.is_empty(), "{path}");
    }
}

#[tokio::test]
async fn large_assets_are_compressed_for_those_who_take_it() {
    let path = format!("/graphiql/{REVISION}/page.js");
    let (_, _, plain) = get(&path, &[]).await;
    let (_, headers, gzipped) = get(&path, &[(header::ACCEPT_ENCODING, "gzip, br")]).await;
    assert_eq!(headers[header::CONTENT_ENCODING], "gzip");
    assert_eq!(headers[header::VARY], "accept-encoding");
    assert_eq!(gzipped[..2], [0x1f, 0x8b], "the magic number of gzip");
    assert!(gzipped.len() < plain.len() / 2);
}

#[tokio::test]
async fn what_the_browser_has_is_not_sent_again() {
    for path in ["/graphiql".to_owned(), format!("/graphiql/{REVISION}/page.css")] {
        let (_, headers, _) = get(&path, &[]).await;
        let tag = headers[header::ETAG].to_str().unwrap();
        let (status, headers, body) = get(&path, &[(header::IF_NONE_MATCH, tag)]).await;
        assert_eq!((status, body.len()), (StatusCode::NOT_MODIFIED, 0), "{path}");
        assert!(headers.contains_key(header::ETAG), "{path}");
    }
}

#[tokio::test]
async fn files_of_other_revisions_do_not_exist() {
    for path in [format!("/graphiql/{REVISION}/index.html"), "/graphiql/0000000000000000/page.js".to_owned()] {
        let (status, ..) = get(&path, &[]).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_slash_at_the_end_is_taken_away() {
    let (status, headers, _) = get("/graphiql/", &[]).await;
    assert_eq!(status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(headers[header::LOCATION], "../graphiql");
}
