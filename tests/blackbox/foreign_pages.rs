//! Pages of other sites can do nothing through a browser, unless their origin is allowed by a setting.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tests::graphql::{Response, Socket};
use tests::{Client, Engine};

use crate::stage::{Desk, sandbox, sessions};

const FRIEND: &str = "https://console.example.com";
const STRANGER: &str = "https://evil.example";

#[tokio::test(flavor = "multi_thread")]
async fn what_a_form_can_send_is_not_read() {
    let desk = Desk::start(Engine::Sqlite).await;
    let project = sandbox(&desk.admin).await;
    let mutation = format!(
        "mutation {{ sandboxCustomerSend(input: {{ \
         projectId: \"{project}\", telegramUserId: \"7\", name: \"C\", text: \"t\" }}) {{ userErrors {{ code }} }} }}"
    );
    let json = json!({ "query": mutation }).to_string();
    let form = reqwest::Url::parse_with_params("http://x", [("query", &mutation)]).unwrap();
    let multipart = format!(
        "--b\r\ncontent-disposition: form-data; name=\"operations\"\r\n\r\n{json}\r\n\
         --b\r\ncontent-disposition: form-data; name=\"map\"\r\n\r\n{{}}\r\n--b--\r\n"
    );
    // A body without any type is what `fetch` sends of a blob.
    for (content_type, body) in [
        (Some("text/plain"), json.clone()),
        (Some("text/plain; a=application/json"), json.clone()),
        (Some("application/x-www-form-urlencoded"), form.query().unwrap().to_owned()),
        (Some("multipart/form-data; boundary=b"), multipart),
        (None, json),
    ] {
        let mut request = desk.admin.request(Method::POST).body(body);
        if let Some(content_type) = content_type {
            request = request.header("content-type", content_type);
        }
        let refused = desk.admin.send(request).await.unwrap();
        is_refused(&refused, StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST");
    }
    // Not even with the header that shows a preflight is a mutation run by GET.
    let by_get = desk.admin.get(&[("query", &mutation)]).await.unwrap();
    is_refused(&by_get, StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST");
    assert_eq!(sessions(&desk.admin, &project).await, [Value::Null; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_get_that_needs_no_preflight_is_refused() {
    let desk = Desk::start(Engine::Sqlite).await;
    let anonymous = Client::anonymous(desk.server.url());
    let query = [("query", "{ __typename }")];
    let plain = anonymous.send(anonymous.request(Method::GET).query(&query)).await.unwrap();
    is_refused(&plain, StatusCode::FORBIDDEN, "FORBIDDEN");
    assert_eq!(anonymous.get(&query).await.unwrap().data, json!({ "__typename": "Query" }));
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_setting_no_page_of_another_site_is_answered() {
    let desk = Desk::start(Engine::Sqlite).await;
    for origin in [FRIEND, STRANGER, "null"] {
        let preflight = preflight(&desk.admin, origin).await;
        assert_eq!(granted(&preflight.headers), [""; 0], "{origin}");
        assert_eq!(granted(&viewer(&desk.admin, origin).await.headers), [""; 0], "{origin}");
        assert_eq!(upgrade(&desk, Some(origin)).await, Err(StatusCode::FORBIDDEN), "{origin}");
    }
    // Its own pages are no foreign ones, and what is no browser sends no origin.
    let own = desk.server.url().to_owned();
    assert_eq!(upgrade(&desk, Some(&own)).await, Ok(()));
    assert_eq!(upgrade(&desk, None).await, Ok(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_an_allowed_origin_are_answered_and_no_others() {
    let setting = format!("{FRIEND},http://localhost:5173");
    let desk = Desk::start_with(Engine::Sqlite, |desk| desk.env("SWITCHBOARD_ALLOWED_ORIGINS", &setting)).await;

    let allowed = preflight(&desk.admin, FRIEND).await;
    assert_eq!(allowed.status, StatusCode::OK);
    assert_eq!(allowed.headers["access-control-allow-origin"], FRIEND);
    let methods = list(&allowed.headers, "access-control-allow-methods");
    assert_eq!(methods, ["GET", "POST"]);
    let headers = list(&allowed.headers, "access-control-allow-headers");
    for header in ["authorization", "content-type", "x-request-id", "x-graphql-preflight"] {
        assert!(headers.iter().any(|allowed| allowed == header), "{header} is missing: {headers:?}");
    }

    let answered = viewer(&desk.admin, FRIEND).await;
    assert_eq!(answered.headers["access-control-allow-origin"], FRIEND);
    let exposed = list(&answered.headers, "access-control-expose-headers");
    for header in ["x-request-id", "retry-after"] {
        assert!(exposed.iter().any(|name| name == header), "{header} is missing: {exposed:?}");
    }
    for origin in [STRANGER, "null", "https://console.example.com.evil.example", "http://console.example.com"] {
        for headers in [preflight(&desk.admin, origin).await.headers, viewer(&desk.admin, origin).await.headers] {
            assert!(!headers.contains_key("access-control-allow-origin"), "{origin} {headers:?}");
            is_kept_apart(&headers);
        }
        assert_eq!(upgrade(&desk, Some(origin)).await, Err(StatusCode::FORBIDDEN), "{origin}");
    }
    for headers in [&allowed.headers, &answered.headers] {
        is_kept_apart(headers);
    }
    for origin in [FRIEND, "http://localhost:5173"] {
        assert_eq!(upgrade(&desk, Some(origin)).await, Ok(()), "{origin}");
    }
}

/// Caches must not give the answer for one origin to another, and no browser attaches credentials of its own.
#[track_caller]
fn is_kept_apart(headers: &HeaderMap) {
    assert!(list(headers, "vary").iter().any(|name| name == "origin"), "{headers:?}");
    assert!(!headers.contains_key("access-control-allow-credentials"), "{headers:?}");
    assert!(headers.values().all(|value| value != "*"), "{headers:?}");
}

#[track_caller]
fn is_refused(response: &Response, status: StatusCode, code: &str) {
    assert_eq!((response.status, response.error_codes()), (status, vec![code]), "{response:#?}");
}

/// What a browser asks before it sends what a page wants it to.
async fn preflight(client: &Client, origin: &str) -> Response {
    let request = client
        .request(Method::OPTIONS)
        .header("origin", origin)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization,content-type");
    client.send(request).await.unwrap()
}

async fn viewer(client: &Client, origin: &str) -> Response {
    let request = client.request(Method::POST).header("origin", origin).json(&json!({ "query": "{ viewer { id } }" }));
    client.send(request).await.unwrap()
}

async fn upgrade(desk: &Desk, origin: Option<&str>) -> Result<(), StatusCode> {
    let mut headers = vec![("sec-websocket-protocol", "graphql-transport-ws")];
    headers.extend(origin.map(|origin| ("origin", origin)));
    Socket::handshake(&desk.server.ws_url(), &headers).await.map(drop)
}

/// The headers by which a browser is told what a page may do.
fn granted(headers: &HeaderMap) -> Vec<&str> {
    headers.keys().map(|name| name.as_str()).filter(|name| name.starts_with("access-control-")).collect()
}

/// The items of a header that is a list, which may be spread over several lines.
fn list(headers: &HeaderMap, name: &str) -> Vec<String> {
    let values = headers.get_all(name).iter().map(|value| value.to_str().unwrap());
    values.flat_map(|value| value.split(',')).map(|item| item.trim().to_owned()).collect()
}
