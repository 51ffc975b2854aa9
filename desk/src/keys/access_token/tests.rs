//! Tokens that are accepted, and the list of attacks that are not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{EncodingKey, Header};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

fn at(seconds: i64) -> Time {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

fn issuer() -> TokenIssuer {
    TokenIssuer::new(&SecretKey::generate(), None)
}

fn claims() -> AccessClaims {
    AccessClaims::new(AgentId(12), TokenFamilyId(34), at(0))
}

/// The payload of a good token, to be spoiled.
fn payload() -> Value {
    serde_json::to_value(WireClaims::from(&claims())).unwrap()
}

/// Signs any header and payload with the issuer's own key.
fn sign(issuer: &TokenIssuer, header: &Header, payload: &Value) -> String {
    encode(header, payload, &issuer.current.encoding).unwrap()
}

/// A token that is good but for its payload.
fn with_payload(issuer: &TokenIssuer, change: impl FnOnce(&mut Value)) -> String {
    let mut payload = payload();
    change(&mut payload);
    sign(issuer, &issuer.current.header, &payload)
}

/// A token that is good but for its header.
fn with_header(issuer: &TokenIssuer, change: impl FnOnce(&mut Header)) -> String {
    let mut header = issuer.current.header.clone();
    change(&mut header);
    sign(issuer, &header, &payload())
}

/// A token put together by hand from JSON and a signature.
fn assemble(header: &Value, payload: &Value, signature: &[u8]) -> String {
    let parts = [header.to_string().as_bytes(), payload.to_string().as_bytes(), signature]
        .map(|part| URL_SAFE_NO_PAD.encode(part));
    parts.join(".")
}

fn refusal(issuer: &TokenIssuer, token: &str) -> TokenError {
    issuer.verify(token, at(60)).unwrap_err()
}

#[test]
fn a_token_says_who_it_was_issued_to() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    assert_eq!(issuer.verify(&token, at(60)), Ok(claims()));
    assert_eq!(claims().expires_at, at(600));
    assert!(token.len() < LONGEST_TOKEN_BYTES / 2, "{} bytes", token.len());
}

#[test]
fn fractions_of_a_second_do_not_get_lost_on_the_way() {
    let issuer = issuer();
    let precise = AccessClaims::new(AgentId(1), TokenFamilyId(2), at(0) + TimeDelta::milliseconds(999));
    assert_eq!(issuer.verify(&issuer.issue(&precise), at(60)), Ok(precise));
}

#[test]
fn header_and_payload_are_what_the_documents_promise() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    let part = |index| -> Value {
        let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(index).unwrap()).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let kid = &issuer.jwks()["keys"][0]["kid"];
    assert_eq!(part(0), json!({ "alg": "EdDSA", "kid": kid, "typ": "at+jwt" }));
    let start = at(0).timestamp();
    assert_eq!(
        part(1),
        json!({
            "iss": "switchboard", "aud": "switchboard-api", "sub": "12", "sid": "34",
            "iat": start, "nbf": start, "exp": start + 600,
        })
    );
}

#[test]
fn every_process_with_the_secret_accepts_the_token() {
    let secret = SecretKey::generate();
    let token = TokenIssuer::new(&secret, None).issue(&claims());
    assert_eq!(TokenIssuer::new(&secret, None).verify(&token, at(60)), Ok(claims()));
}

#[test]
fn a_token_outlives_one_change_of_the_secret_but_not_two() {
    let secrets: [SecretKey; 3] = std::array::from_fn(|_| SecretKey::generate());
    let token = TokenIssuer::new(&secrets[0], None).issue(&claims());
    let once = TokenIssuer::new(&secrets[1], Some(&secrets[0]));
    let twice = TokenIssuer::new(&secrets[2], Some(&secrets[1]));
    assert_eq!(once.verify(&token, at(60)), Ok(claims()));
    assert_eq!(refusal(&twice, &token), TokenError::UnknownKey);
    assert_ne!(once.issue(&claims()), token, "new tokens are signed with the current key");
}

#[test]
fn the_jwks_document_holds_both_public_keys_and_no_private_one() {
    let (old, new) = (SecretKey::generate(), SecretKey::generate());
    let document = TokenIssuer::new(&new, Some(&old)).jwks();
    let keys = document["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 2);
    for key in keys {
        let mut names: Vec<&str> = key.as_object().unwrap().keys().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
        assert_eq!(key["alg"], "EdDSA");
        assert_eq!(key["crv"], "Ed25519");
        assert_eq!(key["kty"], "OKP");
        assert_eq!(key["use"], "sig");
    }
    assert_eq!(keys[0], TokenIssuer::new(&new, None).jwks()["keys"][0]);
}

#[test]
fn a_client_can_check_a_token_with_the_jwks_document_alone() {
    let issuer = issuer();
    let jwks: JwkSet = serde_json::from_value(issuer.jwks()).unwrap();
    let token = issuer.issue(&claims());
    let kid = decode_header(&token).unwrap().kid.unwrap();
    let key = jsonwebtoken::DecodingKey::from_jwk(jwks.find(&kid).unwrap()).unwrap();
    decode::<Value>(&token, &key, &validation()).unwrap();
}

#[test]
fn a_token_is_valid_from_five_seconds_before_its_start_to_five_after_its_end() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    for (seconds, expected) in [
        (-6, Err(TokenError::NotYetValid)),
        (-5, Ok(claims())),
        (0, Ok(claims())),
        (604, Ok(claims())),
        (605, Err(TokenError::Expired)),
        (1_000_000, Err(TokenError::Expired)),
    ] {
        assert_eq!(issuer.verify(&token, at(seconds)), expected, "at {seconds} s");
    }
}

#[test]
fn the_not_before_claim_counts_and_not_the_issue_time() {
    let issuer = issuer();
    let token = with_payload(&issuer, |payload| payload["nbf"] = json!(at(66).timestamp()));
    assert_eq!(refusal(&issuer, &token), TokenError::NotYetValid);
}

#[test]
fn the_last_moment_that_can_be_written_does_not_overflow() {
    let issuer = issuer();
    let end = Time::MAX_UTC.timestamp();
    let token = with_payload(&issuer, |payload| payload["exp"] = json!(end));
    assert!(issuer.verify(&token, at(60)).is_ok());
    assert_eq!(issuer.verify(&token, Time::MIN_UTC), Err(TokenError::NotYetValid));
}

#[test]
fn algorithm_none_is_refused() {
    let issuer = issuer();
    let kid = &issuer.jwks()["keys"][0]["kid"];
    for algorithm in ["none", "None", "NONE", ""] {
        let header = json!({ "alg": algorithm, "kid": kid, "typ": "at+jwt" });
        let token = assemble(&header, &payload(), b"");
        assert_eq!(refusal(&issuer, &token), TokenError::Malformed);
        assert_eq!(refusal(&issuer, token.trim_end_matches('.')), TokenError::Malformed);
    }
}

#[test]
fn a_swap_to_hmac_with_the_public_key_as_the_secret_is_refused() {
    let issuer = issuer();
    let key = &issuer.current;
    let x = issuer.jwks()["keys"][0]["x"].as_str().unwrap().to_owned();
    let jwk = issuer.jwks()["keys"][0].to_string();
    let raw = URL_SAFE_NO_PAD.decode(&x).unwrap();
    for secret in [raw.as_slice(), x.as_bytes(), jwk.as_bytes()] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let header = Header { alg: algorithm, ..key.header.clone() };
            let token = encode(&header, &payload(), &EncodingKey::from_secret(secret)).unwrap();
            assert_eq!(refusal(&issuer, &token), TokenError::WrongAlgorithm);
        }
    }
}

#[test]
fn any_other_algorithm_is_refused_even_over_a_good_signature() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    let signature = URL_SAFE_NO_PAD.decode(token.rsplit('.').next().unwrap()).unwrap();
    let kid = &issuer.jwks()["keys"][0]["kid"];
    for algorithm in ["RS256", "RS512", "PS256", "ES256", "ES384"] {
        let header = json!({ "alg": algorithm, "kid": kid, "typ": "at+jwt" });
        let token = assemble(&header, &payload(), &signature);
        assert_eq!(refusal(&issuer, &token), TokenError::WrongAlgorithm, "{algorithm}");
    }
}

#[test]
fn a_missing_or_unknown_key_id_is_refused() {
    let issuer = issuer();
    let missing = with_header(&issuer, |header| header.kid = None);
    assert_eq!(refusal(&issuer, &missing), TokenError::UnknownKey);
    for kid in ["", "other", "../../dev/null", "' OR 1=1 --"] {
        let token = with_header(&issuer, |header| header.kid = Some(kid.to_owned()));
        assert_eq!(refusal(&issuer, &token), TokenError::UnknownKey, "{kid:?}");
    }
}

#[test]
fn the_key_id_of_one_key_over_the_signature_of_another_is_refused() {
    let (old, new) = (SecretKey::generate(), SecretKey::generate());
    let issuer = TokenIssuer::new(&new, Some(&old));
    let previous_kid = issuer.previous.as_ref().unwrap().header.kid.clone();
    let token = with_header(&issuer, |header| header.kid = previous_kid);
    assert_eq!(refusal(&issuer, &token), TokenError::BadSignature);
}

#[test]
fn a_stranger_who_copies_the_key_id_is_refused() {
    let issuer = issuer();
    let token = sign(&self::issuer(), &issuer.current.header, &payload());
    assert_eq!(refusal(&issuer, &token), TokenError::BadSignature);
}

#[test]
fn a_header_that_brings_its_own_key_type_or_extension_is_refused() {
    let issuer = issuer();
    let stranger = self::issuer();
    let tokens = [
        with_header(&issuer, |header| header.typ = None),
        with_header(&issuer, |header| header.typ = Some("JWT".to_owned())),
        with_header(&issuer, |header| header.crit = Some(vec!["b64".to_owned()])),
        with_header(&issuer, |header| header.jwk = Some(stranger.current.jwk.clone())),
        with_header(&issuer, |header| header.jku = Some("https://example.com/keys".to_owned())),
        with_header(&issuer, |header| header.x5u = Some("https://example.com/key".to_owned())),
        with_header(&issuer, |header| header.cty = Some("JWT".to_owned())),
        with_header(&issuer, |header| header.extras.insert("b64", false)),
    ];
    for token in tokens {
        assert_eq!(refusal(&issuer, &token), TokenError::Malformed);
    }
}

#[test]
fn a_foreign_issuer_or_audience_is_refused_even_over_a_good_signature() {
    let issuer = issuer();
    for foreign in ["", "Switchboard", "https://example.com", "switchboard-api "] {
        let token = with_payload(&issuer, |payload| payload["iss"] = json!(foreign));
        assert_eq!(refusal(&issuer, &token), TokenError::ForeignIssuer, "{foreign:?}");
        let token = with_payload(&issuer, |payload| payload["aud"] = json!(foreign));
        assert_eq!(refusal(&issuer, &token), TokenError::WrongAudience, "{foreign:?}");
    }
}

#[test]
fn a_claim_that_is_missing_or_of_another_type_is_refused() {
    let issuer = issuer();
    for name in ["iss", "aud", "sub", "sid", "iat", "nbf", "exp"] {
        let token = with_payload(&issuer, |payload| {
            payload.as_object_mut().unwrap().remove(name);
        });
        assert_eq!(refusal(&issuer, &token), TokenError::Malformed, "without {name}");
        for value in [Value::Null, json!(true), json!([]), json!({}), json!(1e300)] {
            let token = with_payload(&issuer, |payload| payload[name] = value.clone());
            assert_eq!(refusal(&issuer, &token), TokenError::Malformed, "{name}: {value}");
        }
    }
    for (name, value) in [
        ("aud", json!(["switchboard-api", "other"])),
        ("iss", json!(["switchboard", "other"])),
        ("sub", json!("")),
        ("sub", json!("12 ")),
        ("sub", json!(12)),
        ("sub", json!("99999999999999999999")),
        ("sid", json!("one")),
        ("exp", json!(i64::MAX)),
        ("exp", json!("1800000600")),
        ("nbf", json!(i64::MIN)),
    ] {
        let token = with_payload(&issuer, |payload| payload[name] = value.clone());
        assert_eq!(refusal(&issuer, &token), TokenError::Malformed, "{name}: {value}");
    }
}

#[test]
fn a_payload_changed_after_signing_is_refused() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    let parts: Vec<&str> = token.split('.').collect();
    let mut payload = payload();
    payload["sub"] = json!("13");
    let forged = URL_SAFE_NO_PAD.encode(payload.to_string());
    let token = [parts[0], &forged, parts[2]].join(".");
    assert_eq!(refusal(&issuer, &token), TokenError::BadSignature);
}

#[test]
fn a_signature_that_is_cut_off_lengthened_or_missing_is_refused() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    let (message, signature) = token.rsplit_once('.').unwrap();
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    let spoiled = [&[][..], &signature[..63], &[&signature[..], &[0]].concat(), &[0; 64]];
    for signature in spoiled.map(|signature| URL_SAFE_NO_PAD.encode(signature)) {
        let token = format!("{message}.{signature}");
        assert_eq!(refusal(&issuer, &token), TokenError::BadSignature);
    }
}

#[test]
fn anything_around_a_good_token_is_refused() {
    let issuer = issuer();
    let token = issuer.issue(&claims());
    for spoiled in [
        format!("{token}."),
        format!("{token}.e30"),
        format!("{token}="),
        format!("{token} "),
        format!("{token}\n"),
        format!("{token}\0"),
        format!(" {token}"),
        format!(".{token}"),
        format!("Bearer {token}"),
        token.replacen('.', "..", 1),
        token.replacen('.', "", 1),
    ] {
        assert_eq!(refusal(&issuer, &spoiled), TokenError::Malformed, "{spoiled:?}");
    }
}

#[test]
fn what_is_no_token_at_all_is_refused() {
    let issuer = issuer();
    for text in ["", ".", "..", "...", "token", "e30.e30.e30", "ä.ö.ü"] {
        assert_eq!(refusal(&issuer, text), TokenError::Malformed, "{text:?}");
    }
}

#[test]
fn a_huge_token_is_refused_unread() {
    let issuer = issuer();
    let token = with_payload(&issuer, |payload| payload["more"] = json!("x".repeat(1024)));
    assert_eq!(refusal(&issuer, &token), TokenError::TooLong);
    assert_eq!(refusal(&issuer, &"a.".repeat(5_000_000)), TokenError::TooLong);
}

#[test]
fn the_biggest_identifiers_fit() {
    let issuer = issuer();
    let claims = AccessClaims::new(AgentId(i64::MAX), TokenFamilyId(i64::MIN), at(0));
    assert_eq!(issuer.verify(&issuer.issue(&claims), at(60)), Ok(claims));
}

proptest! {
    #[test]
    fn one_changed_character_anywhere_is_refused(
        position: prop::sample::Index,
        replacement in "[A-Za-z0-9_.-]",
    ) {
        let issuer = issuer();
        let token = issuer.issue(&claims());
        let position = position.index(token.len());
        prop_assume!(token[position..=position] != replacement);
        let mut altered = token;
        altered.replace_range(position..=position, &replacement);
        prop_assert!(issuer.verify(&altered, at(60)).is_err());
    }

    #[test]
    fn no_text_makes_the_check_panic(text in r"[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]*|.*") {
        prop_assert!(issuer().verify(&text, at(60)).is_err());
    }
}
