//! The routes of the server.

use std::collections::HashMap;
use std::net::SocketAddr;

use api::{Server, Settings};
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::routing::get;
use axum::{Extension, Router};
use desk::keys::ACCESS_TOKEN_LIFETIME;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::stage::{EMAIL, PASSWORD, Stage};

fn router(stage: &Stage, settings: Settings) -> Router {
    let recorder = PrometheusBuilder::new().build_recorder();
    let server = Server::new(stage.desk.clone(), settings, recorder.handle());
    let others = Router::new().route("/others", get(async || "others"));
    let peer = SocketAddr::from(([127, 0, 0, 1], 4711));
    server.router(others, CancellationToken::new()).0.layer(Extension(ConnectInfo(peer)))
}

async fn send(router: &Router, request: Request<Body>) -> (StatusCode, String) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

async fn query(router: &Router, query: &str, token: Option<&str>) -> (StatusCode, Value) {
    let mut request = Request::post("/graphql").header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let request = request.body(Body::from(json!({ "query": query }).to_string())).unwrap();
    let (status, body) = send(router, request).await;
    (status, serde_json::from_str(&body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn operators_and_other_services_have_their_routes() {
    let stage = Stage::open().await;
    let router = router(&stage, Settings::default());
    let mut answers = HashMap::new();
    for path in ["/healthz", "/readyz", "/metrics", "/.well-known/jwks.json", "/graphiql", "/others"] {
        let (status, body) = send(&router, Request::get(path).body(Body::empty()).unwrap()).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        answers.insert(path, body);
    }
    let jwks: Value = serde_json::from_str(&answers["/.well-known/jwks.json"]).unwrap();
    assert_eq!(jwks, stage.desk.keys().access_tokens.jwks());
    assert_eq!(answers["/others"], "others");

    let closed = self::router(&stage, Settings { graphiql: false, ..Settings::default() });
    let (status, _) = send(&closed, Request::get("/graphiql").body(Body::empty()).unwrap()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_access_token_signs_in_until_it_ends() {
    let stage = Stage::open().await;
    let router = router(&stage, Settings::default());
    let sign_in =
        format!(r#"mutation {{ signIn(input: {{ email: "{EMAIL}", password: "{PASSWORD}" }}) {{ accessToken }} }}"#);
    let (_, answer) = query(&router, &sign_in, None).await;
    let token = answer["data"]["signIn"]["accessToken"].as_str().unwrap().to_owned();
    let viewer = "{ viewer { email } }";
    let (status, answer) = query(&router, viewer, Some(&token)).await;
    assert_eq!((status, &answer["data"]["viewer"]["email"]), (StatusCode::OK, &json!(EMAIL)));

    let (status, answer) = query(&router, viewer, None).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    let (status, answer) = query(&router, viewer, Some("nonsense")).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");

    let (_, answer) = query(&router, "mutation { signOut { signedOut } }", Some(&token)).await;
    assert_eq!(answer["data"]["signOut"]["signedOut"], true);
    let (status, _) = query(&router, viewer, Some(&token)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);

    let (_, answer) = query(&router, &sign_in, None).await;
    let token = answer["data"]["signIn"]["accessToken"].as_str().unwrap().to_owned();
    // The clock of the stage goes on by one second whenever it is asked.
    for _ in 0..ACCESS_TOKEN_LIFETIME.num_seconds() + 5 {
        stage.desk.now();
    }
    let (status, answer) = query(&router, viewer, Some(&token)).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("expired"), "{answer}");
}
