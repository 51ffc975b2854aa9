//! Where the calls of one bot go.

use std::fmt;

use reqwest::Url;

use super::Token;

/// Telegram's own Bot API server.
pub const TELEGRAM_API_URL: &str = "https://api.telegram.org";

/// A Bot API server and the token of one bot there.
#[derive(Clone)]
pub struct Endpoint {
    api_url: Url,
    token: Token,
}

/// The address cannot be that of a Bot API server.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the Bot API address must be an http or https URL without a query, like {TELEGRAM_API_URL}: {0}")]
pub struct BadApiUrl(String);

impl Endpoint {
    /// An endpoint at `api_url`, which is the part before `/bot<token>/`.
    ///
    /// # Errors
    ///
    /// [`BadApiUrl`] when the address is not an absolute `http` or `https` URL, or carries a
    /// query or a fragment, which a method name could not be appended to.
    pub fn new(api_url: &str, token: Token) -> Result<Self, BadApiUrl> {
        let api_url = Url::parse(api_url).map_err(|error| BadApiUrl(error.to_string()))?;
        if !matches!(api_url.scheme(), "http" | "https") {
            return Err(BadApiUrl(format!("the scheme is {}", api_url.scheme())));
        }
        if api_url.query().is_some() || api_url.fragment().is_some() {
            return Err(BadApiUrl("it has a query or a fragment".to_owned()));
        }
        Ok(Self { api_url, token })
    }

    /// The token of the bot.
    #[must_use]
    pub fn token(&self) -> &Token {
        &self.token
    }

    /// The address of a method. It contains the token, so it must not be shown.
    pub(super) fn method_url(&self, method: &str) -> Url {
        let mut url = self.api_url.clone();
        url.path_segments_mut()
            .expect("an http or https URL has path segments")
            .pop_if_empty()
            .push(&format!("bot{}", self.token.expose_secret()))
            .push(method);
        url
    }

    /// The address of a file, by the path that `getFile` gives. It contains the token, so it must not be shown. Nothing
    /// for a path that would lead elsewhere.
    pub(super) fn file_url(&self, path: &str) -> Option<Url> {
        let names: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        if names.iter().any(|name| matches!(*name, "" | "." | "..")) {
            return None;
        }
        let mut url = self.api_url.clone();
        url.path_segments_mut()
            .expect("an http or https URL has path segments")
            .pop_if_empty()
            .push("file")
            .push(&format!("bot{}", self.token.expose_secret()))
            .extend(names);
        Some(url)
    }

    /// Whether the server runs on this machine, so that no proxy lies between.
    pub(super) fn is_loopback(&self) -> bool {
        match self.api_url.host_str() {
            Some("localhost") => true,
            Some(host) => {
                host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
            }
            None => false,
        }
    }
}

impl fmt::Debug for Endpoint {
    /// Shows the origin only: the address may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint")
            .field("origin", &self.api_url.origin().ascii_serialization())
            .field("token", &self.token)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(api_url: &str) -> Endpoint {
        Endpoint::new(api_url, "12:secret".parse().unwrap()).unwrap()
    }

    #[test]
    fn the_method_follows_the_token() {
        for api_url in ["http://127.0.0.1:8081", "http://127.0.0.1:8081/"] {
            assert_eq!(
                endpoint(api_url).method_url("sendMessage").as_str(),
                "http://127.0.0.1:8081/bot12:secret/sendMessage"
            );
        }
        assert_eq!(
            endpoint("https://example.org/telegram/").method_url("getMe").path(),
            "/telegram/bot12:secret/getMe"
        );
    }

    #[test]
    fn a_method_name_cannot_leave_its_place() {
        assert_eq!(endpoint("http://localhost").method_url("../x?y").path(), "/bot12:secret/..%2Fx%3Fy");
    }

    #[test]
    fn a_file_lies_below_the_token() {
        let path = |path| endpoint("http://localhost/telegram").file_url(path).map(|url| url.path().to_owned());
        assert_eq!(path("photos/file_1.jpg").as_deref(), Some("/telegram/file/bot12:secret/photos/file_1.jpg"));
        assert_eq!(path("a?b/c#d e").as_deref(), Some("/telegram/file/bot12:secret/a%3Fb/c%23d%20e"));
        assert_eq!(path("/var/lib/file_1.jpg").as_deref(), Some("/telegram/file/bot12:secret/var/lib/file_1.jpg"));
        for elsewhere in ["../x", "a/../../x", "a//b", "", ".", "a/./b"] {
            assert_eq!(path(elsewhere), None, "{elsewhere}");
        }
    }

    #[test]
    fn an_endpoint_shows_neither_token_nor_password() {
        let shown = format!("{:?}", endpoint("http://user:password@localhost:1/path"));
        assert_eq!(shown, r#"Endpoint { origin: "http://localhost:1", token: Token(12:redacted) }"#);
    }

    #[test]
    fn this_machine_is_recognised() {
        for api_url in ["http://localhost:1", "http://127.0.0.2:1", "http://[::1]:1"] {
            assert!(endpoint(api_url).is_loopback(), "{api_url}");
        }
        for api_url in ["https://api.telegram.org", "http://10.0.0.1"] {
            assert!(!endpoint(api_url).is_loopback(), "{api_url}");
        }
    }

    #[test]
    fn other_addresses_are_refused() {
        for api_url in ["", "api.telegram.org", "ftp://localhost", "http://localhost?a", "http://localhost#a"] {
            assert!(Endpoint::new(api_url, "12:secret".parse().unwrap()).is_err(), "{api_url}");
        }
    }
}
