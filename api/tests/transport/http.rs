//! GraphQL over HTTP.

use std::{sync::atomic::Ordering, time::Duration};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::sleep,
};

use crate::server::{Answer, Server, answer, reaches};

const RESPONSE_JSON: &str = "application/graphql-response+json";

#[tokio::test]
async fn a_query_is_answered_in_the_media_type_that_was_asked_for() {
    let server = Server::start().await;
    for (accept, content_type) in [
        (None, "application/json; charset=utf-8"),
        (Some("*/*"), "application/json; charset=utf-8"),
        (Some(RESPONSE_JSON), "application/graphql-response+json; charset=utf-8"),
    ] {
        let mut request = server.post().json(&json!({ "query": "{ hello }" }));
        if let Some(accept) = accept {
            request = request.header("accept", accept);
        }
        let answer = answer(request).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.header("content-type"), content_type);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.body, json!({ "data": { "hello": "world" } }));
    }
}

#[tokio::test]
async fn nothing_acceptable_is_406() {
    let server = Server::start().await;
    let request = server.post().header("accept", "text/html").json(&json!({ "query": "{ hello }" }));
    let answer = answer(request).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST"));
}

#[tokio::test]
async fn only_json_is_read() {
    let server = Server::start().await;
    let body = r#"{"query":"mutation { increment }"}"#;
    for content_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
    ] {
        let answer = answer(server.post().header("content-type", content_type).body(body)).await;
        assert_eq!(answer.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{content_type}");
        assert!(answer.message().contains("application/json"));
    }
    let untyped = answer(server.post().body(body)).await;
    assert_eq!(untyped.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let compressed = server.post().header("content-encoding", "gzip").json(&json!({}));
    assert_eq!(answer(compressed).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(server.ledger.incremented.load(Ordering::SeqCst), 0);

    let utf8 = server.post().header("content-type", "application/json; charset=utf-8");
    assert_eq!(answer(utf8.body(r#"{"query":"{ hello }"}"#)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn other_methods_are_405() {
    let server = Server::start().await;
    for method in [Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let answer = answer(server.request(method)).await;
        assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "GET, POST"));
    }
}

#[tokio::test]
async fn malformed_requests_are_400_whatever_is_accepted() {
    let server = Server::start().await;
    for body in [
        "",
        "{ \"not a JSON",
        "7",
        r#"[{"query":"{ hello }"},{"query":"{ hello }"}]"#,
        r#"{"qeury":"{ hello }"}"#,
        r#"{"query":7}"#,
        r#"{"query":"{ hello }","variables":[]}"#,
        r#"{"query":"{ hello }","operationName":false}"#,
        r#"{"query":"{ hello }","extensions":"x"}"#,
    ] {
        for accept in ["application/json", RESPONSE_JSON, "text/event-stream"] {
            let request = server.post().header("content-type", "application/json").header("accept", accept);
            let answer = answer(request.body(body)).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "BAD_REQUEST"), "{body}");
            assert!(answer.body.get("data").is_none());
        }
    }
}

#[tokio::test]
async fn a_body_over_the_limit_is_413() {
    let server = Server::with(|settings| settings.body_limit_bytes = 1_000).await;
    let padded = |length: usize| {
        let request = r#"{"query":"{ hello }"}"#;
        request.to_owned() + &" ".repeat(length - request.len())
    };
    let json = || server.post().header("content-type", "application/json");
    assert_eq!(answer(json().body(padded(1_000))).await.status, StatusCode::OK);
    let refused = answer(json().body(padded(1_001))).await;
    assert_eq!((refused.status, refused.code()), (StatusCode::PAYLOAD_TOO_LARGE, "PAYLOAD_TOO_LARGE"));

    let large = answer(json().body(padded(5_000_000))).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "a client that is still sending is told, too");
    let asking = raw(&server, "content-length: 1001\r\nexpect: 100-continue", "").await;
    assert!(asking.starts_with("HTTP/1.1 413 "), "{asking}");

    let chunked = format!("3e9\r\n{}\r\n0\r\n\r\n", padded(1_001));
    let response = raw(&server, "transfer-encoding: chunked", &chunked).await;
    assert!(response.starts_with("HTTP/1.1 413 "), "{response}");
}

#[tokio::test]
async fn a_body_that_does_not_come_is_408() {
    let server = Server::with(|settings| settings.body_timeout = Duration::from_millis(50)).await;
    let response = raw(&server, "content-length: 100", "{").await;
    assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
}

/// Sends a request byte by byte as given, and reads until something came back.
async fn raw(server: &Server, header: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n";
    stream.write_all(format!("{head}{header}\r\n\r\n{body}").as_bytes()).await.unwrap();
    let mut response = vec![0; 4_096];
    let length = stream.read(&mut response).await.unwrap();
    String::from_utf8_lossy(&response[..length]).into_owned()
}

#[tokio::test]
async fn a_request_that_cannot_be_executed_is_400_or_200_by_media_type() {
    let server = Server::start().await;
    for (request, code) in [
        (json!({ "query": "{" }), "GRAPHQL_PARSE_FAILED"),
        (json!({ "query": "{ nothing }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "{ echo(number: \"x\") }" }), "GRAPHQL_VALIDATION_FAILED"),
        (json!({ "query": "query($n: Int!) { echo(number: $n) }" }), "INVALID_ARGUMENT"),
        (json!({ "query": "query($n: Int!) { echo(number: $n) }", "variables": { "n": null } }), "INVALID_ARGUMENT"),
        (
            json!({ "query": "query($n: Int!) { echo(number: $n) }", "variables": { "n": "x" } }),
            "GRAPHQL_VALIDATION_FAILED",
        ),
        (json!({ "query": "query A { hello }", "operationName": "B" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": "query A { hello } query B { hello }" }), "OPERATION_RESOLUTION_FAILURE"),
        (json!({ "query": format!("{{ hello }} {}", "#".repeat(15_000)) }), "QUERY_TOO_LARGE"),
        (json!({ "query": "{a".repeat(7_000) }), "QUERY_TOO_LARGE"),
    ] {
        for (accept, status) in [(RESPONSE_JSON, StatusCode::BAD_REQUEST), ("application/json", StatusCode::OK)] {
            let answer = answer(server.post().header("accept", accept).json(&request)).await;
            assert_eq!((answer.status, answer.code()), (status, code), "{request} {}", answer.body);
            assert!(answer.body.get("data").is_none(), "{}", answer.body);
        }
    }
}

#[tokio::test]
async fn a_query_named_by_its_hash_is_asked_for_in_full() {
    let server = Server::start().await;
    let hash = json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": "ab" } } });
    let answer = answer(server.post().json(&hash)).await;
    assert_eq!((answer.status, answer.code()), (StatusCode::OK, "PERSISTED_QUERY_NOT_FOUND"));
    assert_eq!(answer.message(), "PersistedQueryNotFound");
}

#[tokio::test]
async fn errors_of_fields_are_200_with_partial_data() {
    let server = Server::start().await;
    let partial = answer(server.query("{ hello forbidden }")).await;
    assert_eq!((partial.status, partial.code()), (StatusCode::OK, "FORBIDDEN"));
    assert_eq!(partial.message(), "Only administrators may see this.");
    assert_eq!(partial.body["data"], json!({ "hello": "world", "forbidden": null }));

    let nothing = answer(server.query("{ hello failingHard }")).await;
    assert_eq!((nothing.status, nothing.code()), (StatusCode::OK, "INTERNAL"));
    assert_eq!(nothing.body.get("data"), Some(&json!(null)));
}

#[tokio::test]
async fn an_internal_error_keeps_its_cause_to_itself() {
    let server = Server::start().await;
    for query in ["{ failing }", "{ failingHard }"] {
        let answer = answer(server.query(query)).await;
        assert_eq!(answer.code(), "INTERNAL");
        let text = answer.body.to_string();
        assert!(!text.contains("hunter2") && !text.contains("fire"), "{text}");
        assert!(answer.body["errors"][0]["path"].is_array());
    }
}

#[tokio::test]
async fn a_value_that_a_scalar_cannot_read_is_the_fault_of_the_client() {
    let server = Server::start().await;
    let answer = answer(server.query(r#"{ moment(at: "yesterday") }"#)).await;
    assert_eq!(answer.code(), "INVALID_ARGUMENT", "{}", answer.body);
}

#[tokio::test]
async fn a_panicking_resolver_is_500_and_costs_no_connection() {
    let server = Server::start().await;
    for query in ["{ panicking }", "mutation { panicking }"] {
        for accept in [RESPONSE_JSON, "application/json"] {
            let request = server.post().header("accept", accept).json(&json!({ "query": query }));
            let answer = answer(request).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL"));
        }
    }
    assert_eq!(answer(server.query("{ hello }")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refusal_to_wait_for_is_429_with_its_time() {
    let server = Server::start().await;
    for accept in [RESPONSE_JSON, "application/json"] {
        let request = server.post().header("accept", accept).json(&json!({ "query": "{ costly: hello }" }));
        let answer = answer(request).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"));
        assert_eq!(answer.header("retry-after"), "2");
    }
}

#[tokio::test]
async fn an_operation_that_takes_too_long_is_503_but_a_mutation_still_ends() {
    let server = Server::with(|settings| settings.execution_timeout = Duration::from_millis(100)).await;
    for query in ["{ sleeping(milliseconds: 300) }", "mutation { increment(afterMilliseconds: 300) }"] {
        let answer = answer(server.query(query)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::SERVICE_UNAVAILABLE, "TIMEOUT"), "{}", answer.body);
    }
    reaches(&server.ledger.incremented, 1).await;
    sleep(Duration::from_millis(100)).await;
    assert_eq!(server.ledger.slept.load(Ordering::SeqCst), 0, "the query went on after its time was up");
}

#[tokio::test]
async fn a_client_that_leaves_stops_its_query_but_not_its_mutation() {
    let server = Server::start().await;
    for query in ["{ sleeping(milliseconds: 300) }", "mutation { increment(afterMilliseconds: 300) }"] {
        let leaving = server.query(query).timeout(Duration::from_millis(100)).send().await;
        assert!(leaving.unwrap_err().is_timeout());
    }
    reaches(&server.ledger.incremented, 1).await;
    sleep(Duration::from_millis(300)).await;
    assert_eq!(server.ledger.slept.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_token_tells_who_is_calling_and_none_is_anonymous() {
    let server = Server::start().await;
    let alice = answer(server.query("{ who }").bearer_auth("alice")).await;
    assert_eq!(alice.body["data"]["who"], "alice");
    let anonymous = answer(server.query("{ who }")).await;
    assert_eq!((anonymous.status, &anonymous.body["data"]["who"]), (StatusCode::OK, &json!(null)));
}

#[tokio::test]
async fn a_bad_token_is_401_with_a_challenge() {
    let server = Server::start().await;
    let check = |answer: Answer| {
        assert_eq!((answer.status, answer.code()), (StatusCode::UNAUTHORIZED, "UNAUTHENTICATED"));
        assert_eq!(answer.header("www-authenticate"), "Bearer");
        assert!(answer.body.get("data").is_none());
    };
    for accept in [RESPONSE_JSON, "application/json", "text/event-stream"] {
        for credentials in ["Bearer stolen", "Bearer expired", "Basic YWxpY2U6", "Bearer", "alice"] {
            let request = server.post().header("accept", accept).header("authorization", credentials);
            check(answer(request.json(&json!({ "query": "{ hello }" }))).await);
        }
    }
    check(answer(server.get(&[("query", "{ hello }")]).bearer_auth("stolen")).await);

    let down = answer(server.query("{ hello }").bearer_auth("unknowable")).await;
    assert_eq!((down.status, down.code()), (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"));
}

#[tokio::test]
async fn a_sane_request_id_is_kept_and_any_other_replaced() {
    let server = Server::start().await;
    let kept = answer(server.query("{ nothing }").header("x-request-id", "trace-7")).await;
    assert_eq!(kept.header("x-request-id"), "trace-7");
    let replaced = answer(server.query("{ nothing }").header("x-request-id", "a b")).await;
    assert_eq!(replaced.header("x-request-id").len(), 36);
}

#[tokio::test]
async fn get_runs_queries_that_passed_a_preflight() {
    let server = Server::start().await;
    let query = [("query", "query($n: Int!) { echo(number: $n) }"), ("variables", r#"{"n":7}"#)];
    for (name, value) in [
        ("x-graphql-preflight", "1"),
        ("apollo-require-preflight", "true"),
        ("graphql-require-preflight", "true"),
        ("content-type", "application/json"),
        ("authorization", "Bearer alice"),
    ] {
        let answer = answer(server.get(&query).header(name, value)).await;
        assert_eq!((answer.status, &answer.body["data"]["echo"]), (StatusCode::OK, &json!(7)), "{name}");
    }
    for (name, value) in [("accept", RESPONSE_JSON), ("content-type", "text/plain"), ("authorization", "Basic YTpi")] {
        let answer = answer(server.get(&query).header(name, value)).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::FORBIDDEN, "FORBIDDEN"), "{name}");
    }
}

#[tokio::test]
async fn get_runs_nothing_but_queries() {
    let server = Server::start().await;
    for query in ["mutation { increment }", "subscription { countTo(end: 1) }"] {
        for accept in ["application/json", RESPONSE_JSON, "text/event-stream"] {
            let request = server.get(&[("query", query)]).header("x-graphql-preflight", "1").header("accept", accept);
            let answer = answer(request).await;
            assert_eq!((answer.status, answer.header("allow")), (StatusCode::METHOD_NOT_ALLOWED, "POST"));
        }
        let plain = answer(server.get(&[("query", query)])).await;
        assert_eq!(plain.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(server.ledger.incremented.load(Ordering::SeqCst), 0);
    let empty = answer(server.get(&[]).header("x-graphql-preflight", "1")).await;
    assert_eq!(empty.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_subscription_without_a_stream_is_refused() {
    let server = Server::start().await;
    let answer = answer(server.query("subscription { countTo(end: 1) }")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert!(answer.message().contains("text/event-stream"), "{}", answer.message());
}

#[tokio::test]
async fn many_errors_of_one_document_are_cut_short() {
    let server = Server::with(|settings| settings.operation.root_fields = 100).await;
    let fields: String = (0..100).map(|number| format!("nothing{number} ")).collect();
    let answer = answer(server.query(&format!("{{ {fields} }}"))).await;
    assert_eq!(answer.body["errors"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn pages_of_other_origins_are_allowed_by_setting_only() {
    let preflight = |server: &Server, origin: &str| {
        server
            .request(Method::OPTIONS)
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type")
    };
    let closed = Server::start().await;
    let refused = preflight(&closed, "https://desk.example.com").send().await.unwrap();
    assert!(refused.headers().keys().all(|name| !name.as_str().starts_with("access-control")));

    let open = Server::with(|settings| {
        settings.allowed_origins = [("https://desk.example.com").parse().unwrap()].into_iter().collect();
    })
    .await;
    let allowed = preflight(&open, "https://desk.example.com").send().await.unwrap();
    assert_eq!(allowed.headers()["access-control-allow-origin"], "https://desk.example.com");
    let stranger = preflight(&open, "https://evil.example").send().await.unwrap();
    assert!(!stranger.headers().contains_key("access-control-allow-origin"));
    let answered = answer(open.query("{ hello }").header("origin", "https://desk.example.com")).await;
    assert_eq!(answered.header("access-control-allow-origin"), "https://desk.example.com");
}
