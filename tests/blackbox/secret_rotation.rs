//! The secret is changed in two steps, and nobody is signed out and no bot falls silent by that.

use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD, Builder};
use tests::{Client, Server, on_both_engines};

use crate::stage::{Desk, Reader, Telegram, errors_of, event_cursor, project_called, reply, until_session};
use crate::token_attacks::forge::Parts;

const OLD: &str = "b2xkIG9sZCBvbGQgb2xkIG9sZCBvbGQgb2xkIG9sZCE=";
const NEW: &str = "bmV3IG5ldyBuZXcgbmV3IG5ldyBuZXcgbmV3IG5ldyE=";

on_both_engines! {
    async fn a_secret_is_changed_in_two_steps(engine: Engine) {
        let telegram = Telegram::start().await;
        let settings = |settings: Builder| telegram.settings(settings).env("SWITCHBOARD_SECRET_KEY", OLD);
        let mut desk = Desk::start_with(engine, settings).await;
        let (renewed_in_time, never_renewed) = (sign_in(&desk.server).await, sign_in(&desk.server).await);
        let [old_key] = &key_ids(&desk.server).await[..] else { panic!("there is one key at first") };
        assert_eq!(key_id_of(&renewed_in_time), *old_key);
        telegram.customer_writes(7, "hello").await;
        let project = project_called(&desk.admin, "Telegram").await;
        let session = until_session(&desk.admin, &project, 7).await;
        let seen = event_cursor(&desk.admin, &project).await;

        // First the new secret signs, and the old one still counts. The bot's token is only in the database.
        let new = desk.settings.clone().env("SWITCHBOARD_SECRET_KEY", NEW);
        let new = new.without_env("SWITCHBOARD_TELEGRAM_BOT_TOKEN");
        desk.server.terminate().await;
        desk.server = new.clone().env("SWITCHBOARD_PREVIOUS_SECRET_KEY", OLD).start().await;
        let [new_key, second_key] = &key_ids(&desk.server).await[..] else { panic!("there are two keys now") };
        assert_eq!(second_key, old_key);
        assert_ne!(new_key, old_key);
        assert!(is_taken(&desk.server, &renewed_in_time).await);
        let renewed = refresh(&desk.server, &renewed_in_time).await;
        assert_eq!(errors_of(&renewed), [""; 0]);
        assert_eq!(key_id_of(&renewed), *new_key);
        assert_eq!(key_id_of(&sign_in(&desk.server).await), *new_key);
        let admin = Client::sign_in(desk.server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        telegram.customer_writes(7, "missed").await;
        let mut reader = Reader::after(&admin, &project, &seen).await;
        assert_ne!(reader.next().await["__typename"], "ResyncRequired", "a cursor of the old secret is taken");

        // Then the old secret is forgotten, and with it whatever only it had signed.
        desk.server.terminate().await;
        desk.server = new.start().await;
        assert_eq!(key_ids(&desk.server).await, std::slice::from_ref(new_key));
        assert!(!is_taken(&desk.server, &renewed_in_time).await);
        assert_eq!(errors_of(&refresh(&desk.server, &never_renewed).await), ["REFRESH_TOKEN_INVALID"]);
        assert!(is_taken(&desk.server, &renewed).await);
        assert_eq!(errors_of(&refresh(&desk.server, &renewed).await), [""; 0]);
        let admin = Client::sign_in(desk.server.url(), ADMIN_EMAIL, ADMIN_PASSWORD).await;
        reply(&admin, &session, "still here").await;
        telegram.until_received(7, 1).await;
        let mut late = Reader::after(&admin, &project, &seen).await;
        assert_eq!(late.next().await["__typename"], "ResyncRequired");
    }
}

async fn sign_in(server: &Server) -> Value {
    let document = "mutation SignIn($input: SignInInput!) {
        signIn(input: $input) { accessToken refreshToken userErrors { code } }
    }";
    let variables = json!({ "input": { "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD } });
    Client::anonymous(server.url()).query(document, variables).await["signIn"].take()
}

async fn refresh(server: &Server, grant: &Value) -> Value {
    let document = "mutation Refresh($input: TokenRefreshInput!) {
        tokenRefresh(input: $input) { accessToken refreshToken userErrors { code } }
    }";
    let variables = json!({ "input": { "refreshToken": grant["refreshToken"] } });
    Client::anonymous(server.url()).query(document, variables).await["tokenRefresh"].take()
}

async fn is_taken(server: &Server, grant: &Value) -> bool {
    let client = Client::anonymous(server.url()).with_token(access_token(grant));
    let response = client.try_query("{ viewer { id } }", Value::Null).await.unwrap();
    if !response.errors.is_empty() {
        assert_eq!(response.error_codes(), ["UNAUTHENTICATED"]);
    }
    response.errors.is_empty()
}

fn access_token(grant: &Value) -> &str {
    grant["accessToken"].as_str().expect("the grant has an access token")
}

/// The `kid` in the header of the access token.
fn key_id_of(grant: &Value) -> String {
    let header = Parts::of(access_token(grant)).header;
    header["kid"].as_str().expect("the header names its key").to_owned()
}

/// The keys in the JWKS document, in its order.
async fn key_ids(server: &Server) -> Vec<String> {
    let url = format!("{}/.well-known/jwks.json", server.url());
    let document: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
    let keys = document["keys"].as_array().expect("a set of keys").iter();
    keys.map(|key| {
        assert_eq!((key["kty"].as_str(), key["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
        assert_eq!(key["d"], Value::Null, "the private half is not shown");
        key["kid"].as_str().expect("a key has an id").to_owned()
    })
    .collect()
}
