//! Signing in, staying signed in and being signed out.

use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Reader, customer_writes, errors_of, sandbox};

on_both_engines! {
    async fn a_sign_in_is_renewed_with_a_token_that_works_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        let grant = sign_in(&client, ADMIN_EMAIL, ADMIN_PASSWORD).await;
        assert_eq!(grant["agent"]["email"], ADMIN_EMAIL);
        assert!(is_signed_in(&client, &grant).await);

        let renewed = refresh(&client, &grant).await;
        assert_eq!(errors_of(&renewed), [""; 0]);
        assert_ne!(renewed["refreshToken"], grant["refreshToken"]);
        assert!(is_signed_in(&client, &renewed).await);
        let renewed_client = client.with_token(renewed["accessToken"].as_str().unwrap());
        let sandbox = sandbox(&desk.admin).await;
        let mut reader = Reader::from_now(&renewed_client, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        reader.until("MessageAdded", |_| true).await;

        // A second use means that somebody has a copy, so nobody stays signed in by it.
        assert_eq!(errors_of(&refresh(&client, &grant).await), ["REFRESH_TOKEN_REUSED"]);
        assert_eq!(errors_of(&refresh(&client, &renewed).await), ["REFRESH_TOKEN_INVALID"]);
        // That goes for every access token of the sign-in, the first one too, and for what was begun with one.
        until_signed_out(&client, &renewed).await;
        until_signed_out(&client, &grant).await;
        match reader.subscription().ending_within(PATIENCE).await {
            Ending::Failed(errors) => assert_eq!(errors[0]["extensions"]["code"], "UNAUTHENTICATED", "{errors}"),
            Ending::Closed { code, .. } => assert_eq!(code, 4403),
            other => panic!("the subscription ended with {other:?}"),
        }
        // Other sign-ins of the same agent go on.
        assert!(is_signed_in(&client, &json!({ "accessToken": desk.admin.token() })).await);
    }

    async fn signing_out_ends_access_and_renewal(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        let grant = sign_in(&client, ADMIN_EMAIL, ADMIN_PASSWORD).await;
        let signed_in = client.with_token(grant["accessToken"].as_str().unwrap());
        signed_in.query("mutation { signOut { userErrors { code } } }", Value::Null).await;
        until_signed_out(&client, &grant).await;
        assert_eq!(errors_of(&refresh(&client, &grant).await), ["REFRESH_TOKEN_INVALID"]);
    }

    async fn wrong_credentials_are_refused_without_telling_which_of_them_is_wrong(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        let wrong_password = sign_in(&client, ADMIN_EMAIL, "not the password").await;
        let unknown_address = sign_in(&client, "nobody@desk.test", ADMIN_PASSWORD).await;
        assert_eq!(errors_of(&wrong_password), ["INVALID_CREDENTIALS"]);
        assert_eq!(wrong_password["userErrors"], unknown_address["userErrors"]);
        assert_eq!(wrong_password["accessToken"], Value::Null);
    }

    async fn an_access_token_that_is_none_is_told_from_no_token(engine: Engine) {
        let desk = Desk::start(engine).await;
        let genuine = desk.admin.token().unwrap();
        let (head, signature) = genuine.rsplit_once('.').unwrap();
        for token in ["x", &format!("{head}."), &format!("{head}.{}", signature.chars().rev().collect::<String>())] {
            let response = desk.admin.with_token(token).try_query(VIEWER, Value::Null).await.unwrap();
            assert_eq!(response.status, StatusCode::UNAUTHORIZED);
            assert_eq!(response.error_codes(), ["UNAUTHENTICATED"]);
        }
        let anonymous = Client::anonymous(desk.server.url()).try_query(VIEWER, Value::Null).await.unwrap();
        assert_eq!(anonymous.error_codes(), ["UNAUTHENTICATED"]);
    }

    async fn an_agent_who_is_deactivated_while_the_desk_runs_is_out_at_once(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let agent = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        let mut reader = Reader::from_now(&agent, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "before").await;
        reader.until("MessageAdded", |_| true).await;

        desk.administer(["admin", "agent-deactivate", "--email", "ada@desk.test"]).await;
        until_signed_out(&agent, &json!({ "accessToken": agent.token() })).await;
        customer_writes(&desk.admin, &sandbox, 7, "afterwards").await;
        // What was under way may still come, but not what happened afterwards.
        while let Some(payload) = reader.subscription().next().await {
            assert_ne!(payload["data"]["sessionEvents"]["message"]["text"], "afterwards");
        }
        let anonymous = Client::anonymous(desk.server.url());
        let refused = sign_in(&anonymous, "ada@desk.test", ADMIN_PASSWORD).await;
        assert_eq!(errors_of(&refused), ["INVALID_CREDENTIALS"]);

        desk.administer(["admin", "agent-activate", "--email", "ada@desk.test"]).await;
        assert_eq!(errors_of(&sign_in(&anonymous, "ada@desk.test", ADMIN_PASSWORD).await), [""; 0]);
    }

    async fn a_new_password_ends_every_sign_in(engine: Engine) {
        let desk = Desk::start(engine).await;
        let agent = desk.add_stranger("ada@desk.test").await;
        desk.administer(["admin", "password-reset", "--email", "ada@desk.test"]).await;
        until_signed_out(&agent, &json!({ "accessToken": agent.token() })).await;
    }
}

const VIEWER: &str = "{ viewer { email } }";

async fn sign_in(client: &Client, email: &str, password: &str) -> Value {
    let document = "mutation SignIn($input: SignInInput!) {
        signIn(input: $input) {
            accessToken refreshToken expiresAt agent { email } userErrors { code message path }
        }
    }";
    let variables = json!({ "input": { "email": email, "password": password } });
    client.query(document, variables).await["signIn"].take()
}

async fn refresh(client: &Client, grant: &Value) -> Value {
    let document = "mutation Refresh($input: TokenRefreshInput!) {
        tokenRefresh(input: $input) { accessToken refreshToken userErrors { code message } }
    }";
    let variables = json!({ "input": { "refreshToken": grant["refreshToken"] } });
    client.query(document, variables).await["tokenRefresh"].take()
}

async fn is_signed_in(client: &Client, grant: &Value) -> bool {
    let client = client.with_token(grant["accessToken"].as_str().unwrap());
    let response = client.try_query(VIEWER, Value::Null).await.unwrap();
    assert!(response.errors.is_empty() || response.error_codes() == ["UNAUTHENTICATED"], "{response:?}");
    response.errors.is_empty()
}

/// Waits until the access token is refused, which a change of rights by a command takes a moment for.
async fn until_signed_out(client: &Client, grant: &Value) {
    eventually(PATIENCE, || async { (!is_signed_in(client, grant).await).then_some(()) }).await;
}
