//! Access tokens that nobody has been given open nothing (RFC 8725), over HTTP and over WebSocket.

pub mod forge;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};
use aws_lc_rs::{hmac, rsa};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use desk::{Clock, SystemClock};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tests::graphql::Ending;
use tests::server::{ADMIN_EMAIL, ADMIN_PASSWORD};
use tests::{Client, on_both_engines};

use crate::stage::Desk;
use forge::{DeskKey, Parts};

const SECRET: &[u8; 32] = b"the secret of the desk, 32 bytes";
const OTHER_SECRET: &[u8; 32] = b"the secret of another desk, also";

const VIEWER: &str = "{ viewer { email } }";

on_both_engines! {
    async fn a_forged_access_token_opens_nothing(engine: Engine) {
        let desk = start(engine).await;
        let genuine = Parts::of(desk.admin.token().unwrap());
        // What the attacks are made of is right: put together unchanged, it is taken.
        let key = DeskKey::of(SECRET);
        assert_taken(&desk.admin, "a copy", &genuine.signed(|input| key.sign(input))).await;

        let refresh_token = refresh_token_of(&desk).await;
        let attacks = [
            algorithms(&genuine, &key),
            keys(&genuine, &key),
            claims(&genuine, &key),
            alterations(&genuine, &refresh_token),
        ];
        for (attack, token) in attacks.into_iter().flatten() {
            assert_refused(&desk.admin, &attack, &token).await;
        }
        assert_taken(&desk.admin, "the genuine one", desk.admin.token().unwrap()).await;
    }

    async fn the_clocks_of_two_processes_may_differ_by_five_seconds(engine: Engine) {
        let desk = start(engine).await;
        let (key, genuine) = (DeskKey::of(SECRET), Parts::of(desk.admin.token().unwrap()));
        let token = |claims: Value| genuine.clone().claims(claims).signed(|input| key.sign(input));
        let now = now();
        assert_taken(&desk.admin, "expired just now", &token(json!({ "exp": now }))).await;
        assert_refused(&desk.admin, "expired", &token(json!({ "exp": now - 5 }))).await;
        assert_taken(&desk.admin, "valid in a moment", &token(json!({ "nbf": now + 5 }))).await;
        // A busy machine may take a while to ask.
        assert_refused(&desk.admin, "not yet valid", &token(json!({ "nbf": now + 60 }))).await;
    }
}

/// A token that is wrong, after what is wrong with it.
type Attack = (String, String);

/// Algorithms of the sender's choice (RFC 8725, sections 2.1 and 3.1).
fn algorithms(genuine: &Parts, key: &DeskKey) -> Vec<Attack> {
    let mut attacks = Vec::new();
    for none in ["none", "None", "NONE", "nOnE", ""] {
        let parts = genuine.clone().header(json!({ "alg": none }));
        attacks.push((format!("alg {none:?} with the signature"), parts.unsigned()));
        attacks.push((format!("alg {none:?} signed"), parts.signed(|input| key.sign(input))));
        attacks.push((format!("alg {none:?} without a signature"), parts.signed(|_| Vec::new())));
    }
    // The public key is public: were it taken for a shared secret, everybody could sign.
    let x = URL_SAFE_NO_PAD.encode(key.public());
    let der = [&b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00"[..], key.public()].concat();
    let base64 = STANDARD.encode(&der);
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{base64}\n-----END PUBLIC KEY-----\n");
    let jwk = key.jwk().to_string();
    for secret in [key.public(), x.as_bytes(), &der, base64.as_bytes(), pem.as_bytes(), jwk.as_bytes()] {
        for (name, algorithm) in
            [("HS256", hmac::HMAC_SHA256), ("HS384", hmac::HMAC_SHA384), ("HS512", hmac::HMAC_SHA512)]
        {
            let secret = hmac::Key::new(algorithm, secret);
            let parts = genuine.clone().header(json!({ "alg": name }));
            let token = parts.signed(|input| hmac::sign(&secret, input).as_ref().to_vec());
            attacks.push((format!("{name} with the public key as secret"), token));
        }
    }
    let rsa = rsa::KeyPair::generate(KeySize::Rsa2048).unwrap();
    let with_rsa = |input: &[u8]| {
        let mut signature = vec![0; rsa.public_modulus_len()];
        rsa.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), input, &mut signature).unwrap();
        signature
    };
    attacks.push(("RS256".to_owned(), genuine.clone().header(json!({ "alg": "RS256" })).signed(with_rsa)));
    let ecdsa = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let with_ecdsa = |input: &[u8]| ecdsa.sign(&SystemRandom::new(), input).unwrap().as_ref().to_vec();
    attacks.push(("ES256".to_owned(), genuine.clone().header(json!({ "alg": "ES256" })).signed(with_ecdsa)));
    for other in ["RS256", "PS256", "ES256", "HS256", "Ed25519", "eddsa", "ES256K"] {
        let parts = genuine.clone().header(json!({ "alg": other }));
        attacks.push((format!("alg {other:?} with a right signature"), parts.signed(|input| key.sign(input))));
    }
    attacks.push(("no alg".to_owned(), genuine.clone().header(json!({ "alg": null })).signed(|input| key.sign(input))));
    attacks
}

/// Keys of the sender's choice (RFC 8725, sections 3.8 and 3.10).
fn keys(genuine: &Parts, key: &DeskKey) -> Vec<Attack> {
    let mut attacks = Vec::new();
    let other = DeskKey::of(OTHER_SECRET);
    attacks.push(("the signature of another desk".to_owned(), genuine.signed(|input| other.sign(input))));
    for kid in [
        json!(null),
        json!(""),
        json!("unknown"),
        json!(0),
        json!(["kid"]),
        json!("../../../../dev/null"),
        json!("/proc/sys/kernel/randomize_va_space"),
        json!("' UNION SELECT 'key' --"),
        json!("1; DROP TABLE agents"),
        json!("$(id)"),
        json!("kid\u{0}kid"),
        json!("k".repeat(600)),
    ] {
        let parts = genuine.clone().header(json!({ "kid": kid }));
        attacks.push((format!("kid {kid} with a right signature"), parts.signed(|input| key.sign(input))));
        attacks.push((format!("kid {kid}"), parts.signed(|input| other.sign(input))));
    }
    let elsewhere = "https://attacker.example/jwks.json";
    for entries in [
        json!({ "jwk": other.jwk() }),
        json!({ "jku": elsewhere }),
        json!({ "x5u": elsewhere }),
        json!({ "x5c": [STANDARD.encode(other.public())] }),
        json!({ "jku": elsewhere, "kid": "attacker" }),
        json!({ "jwk": other.jwk(), "kid": null }),
    ] {
        let parts = genuine.clone().header(entries.clone());
        attacks.push((format!("{entries}"), parts.signed(|input| other.sign(input))));
        attacks.push((format!("{entries} with a right signature"), parts.signed(|input| key.sign(input))));
    }
    for entries in [
        json!({ "typ": null }),
        json!({ "typ": "JWT" }),
        json!({ "typ": "rt+jwt" }),
        json!({ "cty": "JWT" }),
        json!({ "crit": ["exp"] }),
        json!({ "crit": ["b64"], "b64": false }),
        json!({ "zip": "DEF" }),
        json!({ "enc": "A256GCM" }),
    ] {
        let parts = genuine.clone().header(entries.clone());
        attacks.push((format!("{entries} with a right signature"), parts.signed(|input| key.sign(input))));
    }
    attacks
}

/// Claims that do not hold (RFC 8725, sections 3.8 to 3.10), signed as it should be.
fn claims(genuine: &Parts, key: &DeskKey) -> Vec<Attack> {
    let now = now();
    let wrong = [
        json!({ "exp": now - 60 }),
        json!({ "exp": 0 }),
        json!({ "exp": -1 }),
        json!({ "exp": null }),
        json!({ "exp": "tomorrow" }),
        json!({ "exp": 1e300 }),
        json!({ "exp": i64::MAX }),
        json!({ "nbf": now + 60 }),
        json!({ "nbf": null }),
        json!({ "nbf": i64::MIN }),
        json!({ "iat": null }),
        json!({ "iss": "https://accounts.example.com" }),
        json!({ "iss": "Switchboard" }),
        json!({ "iss": null }),
        json!({ "aud": "another-api" }),
        json!({ "aud": "" }),
        json!({ "aud": null }),
        json!({ "aud": [] }),
        json!({ "aud": ["another-api"] }),
        json!({ "aud": ["another-api", genuine.claims["aud"]] }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "1 OR 1=1" }),
        json!({ "sub": "99999999999999999999" }),
        json!({ "sub": 1 }),
        // An agent and a sign-in that there are not.
        json!({ "sub": "4242" }),
        json!({ "sid": "4242" }),
        json!({ "sid": null }),
        json!({ "sid": "-1" }),
    ];
    let sign = |claims: Value| {
        let token = genuine.clone().claims(claims.clone()).signed(|input| key.sign(input));
        (format!("{claims}"), token)
    };
    wrong.into_iter().map(sign).collect()
}

/// What became of a genuine token on its way, and what is no access token at all.
fn alterations(genuine: &Parts, refresh_token: &str) -> Vec<Attack> {
    let token = genuine.unsigned();
    let parts: Vec<&str> = token.split('.').collect();
    let [header, claims, signature] = parts[..] else { panic!("a token has three parts") };
    let mut flipped = genuine.clone();
    flipped.signature[10] ^= 1;
    // The order of the group of Ed25519 added to the second half: another spelling of the same signature, which
    // RFC 8032 (section 5.1.7) forbids.
    let mut malleable = genuine.clone();
    add_group_order(&mut malleable.signature[32..]);
    let later = genuine.claims["exp"].as_i64().unwrap() + 3600;
    let next_agent = genuine.claims["sub"].as_str().unwrap().parse::<i64>().unwrap() + 1;
    // The last character of a signature has four bits that mean nothing.
    let respelled = |character: char| format!("{header}.{claims}.{}{character}", &signature[..signature.len() - 1]);
    let last = signature.chars().last().unwrap();
    let respelled = "BCDEFGHIJKLMNOPQRSTUVWXYZ".chars().find(|character| *character != last).map(respelled).unwrap();
    let attacks = [
        ("a longer life", genuine.clone().claims(json!({ "exp": later })).unsigned()),
        ("another agent", genuine.clone().claims(json!({ "sub": next_agent.to_string() })).unsigned()),
        ("another sign-in", genuine.clone().claims(json!({ "sid": "2" })).unsigned()),
        ("a claim more", genuine.clone().claims(json!({ "role": "ADMIN" })).unsigned()),
        ("another signature", flipped.unsigned()),
        ("a malleable signature", malleable.unsigned()),
        ("another spelling", respelled),
        ("a shorter signature", token[..token.len() - 2].to_owned()),
        ("a longer signature", format!("{token}AA")),
        ("padding", format!("{token}==")),
        ("no signature", format!("{header}.{claims}.")),
        ("two parts", format!("{header}.{claims}")),
        ("four parts", format!("{token}.{signature}")),
        ("five parts", format!("{header}.{claims}.{signature}.{header}.{claims}")),
        ("no header", format!(".{claims}.{signature}")),
        ("dots", "...".to_owned()),
        ("the token twice", format!("{token}{token}")),
        ("the token and another scheme", format!("{token}, Basic YTpi")),
        ("a text", "null".to_owned()),
        ("a refresh token", refresh_token.to_owned()),
        ("an API token that there is not", format!("sba_{}", "A".repeat(43))),
        ("an enormous token", format!("{header}.{}.{signature}", "A".repeat(50_000))),
        ("enormous claims", genuine.clone().claims(json!({ "x": "x".repeat(20_000) })).unsigned()),
    ];
    attacks.map(|(name, token)| (name.to_owned(), token)).into()
}

fn add_group_order(number: &mut [u8]) {
    /// 2^252 + 27742317777372353535851937790883648493, little end first (RFC 8032, section 5.1).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut carry = 0;
    for (digit, order) in number.iter_mut().zip(ORDER) {
        let sum = u16::from(*digit) + u16::from(order) + carry;
        (*digit, carry) = ((sum & 0xff) as u8, sum >> 8);
    }
}

/// A desk with a known secret.
async fn start(engine: tests::Engine) -> Desk {
    Desk::start_with(engine, |settings| settings.env("SWITCHBOARD_SECRET_KEY", &STANDARD.encode(SECRET))).await
}

fn now() -> i64 {
    SystemClock.now().timestamp()
}

async fn refresh_token_of(desk: &Desk) -> String {
    let document = "mutation SignIn($input: SignInInput!) { signIn(input: $input) { refreshToken } }";
    let input = json!({ "email": ADMIN_EMAIL, "password": ADMIN_PASSWORD });
    let data = desk.admin.query(document, json!({ "input": input })).await;
    data["signIn"]["refreshToken"].as_str().expect("the administrator signs in").to_owned()
}

async fn assert_taken(client: &Client, what: &str, token: &str) {
    let data = client.with_token(token).query(VIEWER, Value::Null).await;
    assert_eq!(data["viewer"]["email"], ADMIN_EMAIL, "{what}");
}

async fn assert_refused(client: &Client, attack: &str, token: &str) {
    let client = client.with_token(token);
    let response = client.try_query(VIEWER, Value::Null).await.unwrap();
    assert_eq!(response.status, StatusCode::UNAUTHORIZED, "{attack}: {response:?}");
    assert_eq!(response.error_codes(), ["UNAUTHENTICATED"], "{attack}: {response:?}");
    assert_eq!(response.data, Value::Null, "{attack}: {response:?}");
    let message = response.errors[0]["message"].as_str().unwrap();
    assert!(message.contains("token") && (message.contains("sign in") || message.contains("refresh")), "{message}");

    match client.try_subscribe("subscription { __typename }", Value::Null).await {
        Err(Ending::Closed { code: 4403, .. }) => {}
        other => panic!("{attack}: over WebSocket it led to {other:?}"),
    }
}
