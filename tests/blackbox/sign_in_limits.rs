//! Passwords cannot be guessed, and who tries to keeps nobody out.

use reqwest::Method;
use serde_json::{Value, json};
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, errors_of};

on_both_engines! {
    async fn guessing_ends_after_five_wrong_passwords_even_if_the_next_is_right(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        desk.add_stranger("ada@desk.test").await;
        for email in [ADMIN_EMAIL, "nobody@desk.test"] {
            // Aliases are attempts like any others, and so are other spellings of the address.
            let shouted = email.to_uppercase();
            let wrong = [(email, "wrong 1"), (&shouted, "wrong 2"), (email, "wrong 3")];
            assert_eq!(codes(&attempts(&client, &wrong).await), ["INVALID_CREDENTIALS"; 3]);
            let answers = attempts(&client, &[(email, "4"), (email, "5"), (email, ADMIN_PASSWORD)]).await;
            let expected = ["INVALID_CREDENTIALS", "INVALID_CREDENTIALS", "TOO_MANY_ATTEMPTS"];
            assert_eq!(codes(&answers), expected, "{email}");
            let [_, wrong, refused] = &answers[..] else { panic!("three answers: {answers:?}") };
            assert_eq!(wrong["retryAfterMs"], Value::Null);
            assert_eq!(refused["accessToken"], Value::Null);
            let wait = refused["retryAfterMs"].as_i64().unwrap();
            assert!((1..=60_000).contains(&wait), "{wait}");
            let seconds = (wait + 999) / 1000;
            let message = refused["userErrors"][0]["message"].as_str().unwrap();
            assert!(message.contains(&format!("try again in {seconds} seconds")), "{message} ({wait} ms)");
        }
        // Others sign in as before.
        assert_eq!(codes(&attempts(&client, &[("ada@desk.test", ADMIN_PASSWORD)]).await), [""]);
    }

    async fn a_locked_account_lets_its_owner_in_from_elsewhere(engine: Engine) {
        let desk = Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_TRUSTED_PROXIES", "127.0.0.1")).await;
        let client = Client::anonymous(desk.server.url());
        // Whoever has a /64 has every address in it.
        for host in 1..=5 {
            let code = attempt_from(&client, &format!("2001:db8:1:1::{host}"), "wrong").await;
            assert_eq!(code, "INVALID_CREDENTIALS", "from host {host}");
        }
        assert_eq!(attempt_from(&client, "2001:db8:1:1:ffff::6", ADMIN_PASSWORD).await, "TOO_MANY_ATTEMPTS");
        for elsewhere in ["2001:db8:1:2::1", "198.51.100.7"] {
            assert_eq!(attempt_from(&client, elsewhere, ADMIN_PASSWORD).await, "");
        }
    }

    async fn a_right_password_gives_an_account_its_attempts_back(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        for _ in 0..3 {
            let wrong = [(ADMIN_EMAIL, "wrong"), (ADMIN_EMAIL, "wrong")];
            assert_eq!(codes(&attempts(&client, &wrong).await), ["INVALID_CREDENTIALS"; 2]);
            let then_right = [(ADMIN_EMAIL, "wrong"), (ADMIN_EMAIL, ADMIN_PASSWORD)];
            assert_eq!(codes(&attempts(&client, &then_right).await), ["INVALID_CREDENTIALS", ""]);
        }
    }

    async fn one_password_tried_on_many_accounts_ends_too(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        let mut looked_at = 0;
        let refused = loop {
            let email = format!("agent{looked_at}@desk.test");
            let answer = attempts(&client, &[(&email, "Summer2026!")]).await.remove(0);
            match codes(std::slice::from_ref(&answer))[..] {
                ["INVALID_CREDENTIALS"] if looked_at < FAR_TOO_OFTEN => looked_at += 1,
                _ => break answer,
            }
        };
        assert_eq!(codes(&[refused]), ["TOO_MANY_ATTEMPTS"]);
        // A busy machine takes so long that some come back meanwhile.
        assert!((30..50).contains(&looked_at), "{looked_at}");
    }

    async fn refresh_tokens_cannot_be_tried_at_random(engine: Engine) {
        let desk = Desk::start(engine).await;
        let client = Client::anonymous(desk.server.url());
        let grant = attempts(&client, &[(ADMIN_EMAIL, ADMIN_PASSWORD)]).await.remove(0);
        let mut tried = 0;
        let refused = loop {
            let made_up = format!("sbr_{tried:A>43}");
            let answer = refresh(&client, &json!(made_up)).await;
            match errors_of(&answer)[..] {
                ["REFRESH_TOKEN_INVALID"] if tried < FAR_TOO_OFTEN => tried += 1,
                _ => break answer,
            }
        };
        assert_eq!(errors_of(&refused), ["TOO_MANY_ATTEMPTS"]);
        assert!(tried >= 60, "{tried}");
        let wait = refused["retryAfterMs"].as_i64().unwrap();
        assert!((1..=1000).contains(&wait), "{wait}");
        // A good token is not lost by that: it is taken a moment later.
        let renewed = || async {
            let answer = refresh(&client, &grant["refreshToken"]).await;
            answer["accessToken"].is_string().then_some(()).ok_or(answer)
        };
        eventually(PATIENCE, renewed).await;
    }
}

/// When to stop waiting for the end of attempts.
const FAR_TOO_OFTEN: usize = 500;

/// Signs in with each of the addresses and passwords, in one request.
async fn attempts(client: &Client, credentials: &[(&str, &str)]) -> Vec<Value> {
    let fields = (0..credentials.len()).map(|number| {
        format!("a{number}: signIn(input: $i{number}) {{ accessToken refreshToken retryAfterMs userErrors {{ code message }} }}")
    });
    let variables = (0..credentials.len()).map(|number| format!("$i{number}: SignInInput!"));
    let document = format!(
        "mutation({}) {{ {} }}",
        variables.collect::<Vec<_>>().join(", "),
        fields.collect::<Vec<_>>().join(" ")
    );
    let inputs = credentials.iter().enumerate();
    let inputs = inputs
        .map(|(number, (email, password))| (format!("i{number}"), json!({ "email": email, "password": password })));
    let mut data = client.query(&document, Value::Object(inputs.collect())).await;
    (0..credentials.len()).map(|number| data[format!("a{number}")].take()).collect()
}

/// Signs the administrator in by way of a proxy that was called from an address. Answers the code of the refusal, empty
/// if there was none.
async fn attempt_from(client: &Client, address: &str, password: &str) -> String {
    let document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { userErrors { code } } }";
    let variables = json!({ "input": { "email": ADMIN_EMAIL, "password": password } });
    let request = client.request(Method::POST).header("x-forwarded-for", address);
    let response = client.send(request.json(&json!({ "query": document, "variables": variables }))).await.unwrap();
    errors_of(&response.data["signIn"]).first().copied().unwrap_or_default().to_owned()
}

async fn refresh(client: &Client, token: &Value) -> Value {
    let document = "mutation Refresh($input: TokenRefreshInput!) {
        tokenRefresh(input: $input) { accessToken retryAfterMs userErrors { code } }
    }";
    client.query(document, json!({ "input": { "refreshToken": token } })).await["tokenRefresh"].take()
}

/// The code of each answer, empty for one that signed somebody in.
fn codes(answers: &[Value]) -> Vec<&str> {
    answers.iter().map(|answer| errors_of(answer).first().copied().unwrap_or_default()).collect()
}
