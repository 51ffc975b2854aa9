//! The token in the payload of `connection_init`.

use serde_json::{Map, Value, value::RawValue};

use crate::transport::authentication::{AuthenticationError, bearer};

/// Finds the bearer token, if there is any: clients put it in `Authorization`, with its scheme as in HTTP, in
/// `accessToken`, or in `token`.
pub(super) fn token_of(payload: Option<&RawValue>) -> Result<Option<String>, AuthenticationError> {
    let payload: Option<Map<String, Value>> =
        payload.map(|raw| serde_json::from_str(raw.get())).transpose().map_err(|_| AuthenticationError::Invalid)?;
    let Some(payload) = payload else { return Ok(None) };
    let given = ["Authorization", "authorization", "accessToken", "token"]
        .into_iter()
        .find_map(|name| Some((name, payload.get(name).filter(|value| !value.is_null())?)));
    let Some((name, value)) = given else { return Ok(None) };
    let text = value.as_str().ok_or(AuthenticationError::Invalid)?;
    let token = bearer(text).or((!name.eq_ignore_ascii_case("authorization")).then_some(text));
    token.map(|token| Some(token.to_owned())).ok_or(AuthenticationError::Invalid)
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::{AuthenticationError, token_of};

    fn token(payload: &str) -> Result<Option<String>, AuthenticationError> {
        let raw: Box<RawValue> = serde_json::from_str(payload).unwrap();
        token_of(Some(&raw))
    }

    #[test]
    fn the_token_is_found_where_clients_put_it() {
        for payload in [
            r#"{"Authorization":"Bearer t"}"#,
            r#"{"authorization":"bearer t"}"#,
            r#"{"accessToken":"t"}"#,
            r#"{"token":"t"}"#,
            r#"{"token":"Bearer t","Authorization":null}"#,
        ] {
            assert_eq!(token(payload), Ok(Some("t".into())), "{payload}");
        }
    }

    #[test]
    fn no_token_is_anonymous_but_a_broken_one_is_invalid() {
        assert_eq!(token_of(None), Ok(None));
        for payload in ["{}", r#"{"locale":"de"}"#, r#"{"token":null}"#] {
            assert_eq!(token(payload), Ok(None), "{payload}");
        }
        for payload in [r#"{"Authorization":"t"}"#, r#"{"Authorization":"Basic t"}"#, r#"{"token":7}"#] {
            assert_eq!(token(payload), Err(AuthenticationError::Invalid), "{payload}");
        }
    }
}
