//! Signing in and staying signed in.

use std::future::pending;
use std::time::Duration;

use futures_util::FutureExt as _;
use serde_json::json;
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

use crate::stage::{EMAIL, PASSWORD, Stage};

const GRANT: &str = "accessToken refreshToken expiresAt agent { id email name workspaceRole active }";

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_gives_tokens_and_the_agent() {
    let stage = Stage::open().await;
    let input = json!({ "email": "ADMIN@example.com", "password": PASSWORD });
    let payload = stage.anonymous().mutate("signIn", GRANT, input).await;
    assert_eq!(payload["userErrors"], json!([]));
    assert_eq!(payload["agent"]["email"], EMAIL);
    assert_eq!(payload["agent"]["workspaceRole"], "ADMIN");
    let token = payload["accessToken"].as_str().unwrap();
    let (credential, expires_at) = stage.desk.verify_access_token(token).unwrap();
    assert_eq!(payload["expiresAt"], expires_at.format("%Y-%m-%dT%H:%M:%S.000000Z").to_string());
    stage.desk.actor(credential).await.unwrap();

    let viewer = stage.admin().await.data("{ viewer { id email } }", json!({})).await;
    assert_eq!(viewer["viewer"]["id"], payload["agent"]["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_credentials_do_not_say_which_of_them_is_wrong() {
    let stage = Stage::open().await;
    for (email, password) in [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), ("", "")] {
        let input = json!({ "email": email, "password": password });
        let payload = stage.anonymous().mutate("signIn", GRANT, input).await;
        assert_eq!(payload["accessToken"], json!(null));
        assert_eq!(payload["agent"], json!(null));
        let message = "The e-mail address or the password is wrong.";
        let error = json!({ "code": "INVALID_CREDENTIALS", "path": ["input"], "message": message });
        assert_eq!(payload["userErrors"], json!([error]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_taken_once() {
    let stage = Stage::open().await;
    let client = stage.anonymous();
    let signed_in = client.mutate("signIn", GRANT, json!({ "email": EMAIL, "password": PASSWORD })).await;
    let first = json!({ "refreshToken": signed_in["refreshToken"] });
    let refreshed = client.mutate("tokenRefresh", GRANT, first.clone()).await;
    assert_eq!(refreshed["userErrors"], json!([]));
    assert_eq!(refreshed["agent"], signed_in["agent"]);
    assert_ne!(refreshed["refreshToken"], signed_in["refreshToken"]);

    let path = "input.refreshToken".to_owned();
    assert_eq!(client.refusal("tokenRefresh", first).await, ("REFRESH_TOKEN_REUSED".to_owned(), path.clone()));
    // The reuse ended the sign-in, so that the newest token is no longer taken either.
    for token in [&refreshed["refreshToken"], &json!("made up"), &json!("")] {
        let refusal = client.refusal("tokenRefresh", json!({ "refreshToken": token })).await;
        assert_eq!(refusal, ("REFRESH_TOKEN_INVALID".to_owned(), path.clone()));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_sign_in() {
    let stage = Stage::open().await;
    let client = stage.admin().await;
    let sign_out = "mutation { signOut { signedOut userErrors { code } } }";
    let payload = client.data(sign_out, json!({})).await["signOut"].clone();
    assert_eq!(payload, json!({ "signedOut": true, "userErrors": [] }));
    assert_eq!(client.code("{ viewer { id } }", json!({})).await, "UNAUTHENTICATED");
    let payload = client.data(sign_out, json!({})).await["signOut"].clone();
    assert_eq!(payload, json!({ "signedOut": false, "userErrors": [{ "code": "ALREADY_SIGNED_OUT" }] }));
    assert_eq!(stage.anonymous().code(sign_out, json!({})).await, "UNAUTHENTICATED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_sign_ins_is_turned_away_at_once() {
    let stage = Stage::open().await;
    let passwords = stage.desk.keys().passwords.clone();
    let mut flood = JoinSet::new();
    for _ in 0..40 {
        let passwords = passwords.clone();
        flood.spawn(async move {
            let _turn = loop {
                match passwords.turn().await {
                    Ok(turn) => break turn,
                    Err(_) => yield_now().await,
                }
            };
            pending::<()>().await;
        });
    }
    while !matches!(passwords.turn().now_or_never(), Some(Err(_))) {
        yield_now().await;
    }
    let sign_in = "mutation($input: SignInInput!) { signIn(input: $input) { accessToken } }";
    let input = json!({ "input": { "email": EMAIL, "password": PASSWORD } });
    let full = || async {
        let answer = stage.anonymous().answer(sign_in, input.clone()).await;
        let extensions = &answer["errors"][0]["extensions"];
        assert_eq!(extensions["code"], "UNAVAILABLE", "{answer:#}");
        assert_eq!(extensions["retryAfterMs"], 1000, "{answer:#}");
    };
    timeout(Duration::from_secs(5), full()).await.expect("it is told at once");
    // Nothing of that counted as a failure.
    flood.shutdown().await;
    for _ in 0..10 {
        let payload = stage.anonymous().mutate("signIn", "accessToken", input["input"].clone()).await;
        assert!(payload["accessToken"].is_string(), "{payload:#}");
    }
}
