//! Which web pages may use the API from a browser.

use std::{collections::BTreeSet, str::FromStr};

use http::{HeaderMap, HeaderValue, Uri, header};
use thiserror::Error;

/// A web origin, such as `https://desk.example.com`: scheme, host and port, without a path (RFC 6454).
///
/// The port is left out where it is the default of the scheme, as browsers do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    scheme: String,
    authority: String,
}

/// The text is not a web origin.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a web origin; write scheme, host and port only, such as `https://desk.example.com`")]
pub struct OriginError(String);

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let error = || OriginError(text.to_owned());
        let uri: Uri = text.parse().map_err(|_| error())?;
        let scheme = uri.scheme_str().ok_or_else(error)?.to_ascii_lowercase();
        let authority = uri.authority().ok_or_else(error)?.as_str();
        let bare = uri.path_and_query().is_none_or(|path| path == "/");
        if !bare || authority.contains('@') || !matches!(scheme.as_str(), "http" | "https") {
            return Err(error());
        }
        let authority = without_default_port(&scheme, authority).to_ascii_lowercase();
        Ok(Self { scheme, authority })
    }
}

impl Origin {
    /// Whether a page of this origin was served under the same name as the API, told by the request's `Host`.
    fn is_of_host(&self, host: &str) -> bool {
        without_default_port(&self.scheme, host).eq_ignore_ascii_case(&self.authority)
    }

    fn to_header_value(&self) -> Option<HeaderValue> {
        HeaderValue::from_str(&format!("{}://{}", self.scheme, self.authority)).ok()
    }
}

fn without_default_port<'a>(scheme: &str, authority: &'a str) -> &'a str {
    let default = if scheme == "https" { ":443" } else { ":80" };
    authority.strip_suffix(default).unwrap_or(authority)
}

/// The foreign origins whose pages may call the API. None, unless configured.
#[derive(Debug, Clone, Default)]
pub struct AllowedOrigins(BTreeSet<Origin>);

impl AllowedOrigins {
    /// Whether a socket may be opened by whoever sent these headers.
    ///
    /// Browsers send `Origin` with every handshake and pages cannot forge it; a client without it is no browser. Pages
    /// served under the API's own host are always allowed.
    pub(super) fn permit(&self, headers: &HeaderMap) -> bool {
        let Some(sent) = headers.get(header::ORIGIN) else { return true };
        let Some(origin) = sent.to_str().ok().and_then(|text| text.parse::<Origin>().ok()) else { return false };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        self.0.contains(&origin) || host.is_some_and(|host| origin.is_of_host(host))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// As the values of `Access-Control-Allow-Origin`.
    pub(super) fn header_values(&self) -> impl Iterator<Item = HeaderValue> {
        self.0.iter().filter_map(Origin::to_header_value)
    }
}

impl FromIterator<Origin> for AllowedOrigins {
    fn from_iter<I: IntoIterator<Item = Origin>>(origins: I) -> Self {
        Self(origins.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, header};

    use super::{AllowedOrigins, Origin};

    fn permitted(origin: Option<&'static str>, host: &'static str) -> bool {
        let allowed: AllowedOrigins = ["https://desk.example.com".parse().unwrap()].into_iter().collect();
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, HeaderValue::from_static(origin));
        }
        allowed.permit(&headers)
    }

    #[test]
    fn listed_origins_own_pages_and_clients_that_are_no_browsers_are_permitted() {
        assert!(permitted(None, "api.example.com"));
        assert!(permitted(Some("https://desk.example.com"), "api.example.com"));
        assert!(permitted(Some("https://desk.example.com:443"), "api.example.com"));
        assert!(permitted(Some("http://127.0.0.1:4000"), "127.0.0.1:4000"));
        assert!(permitted(Some("https://api.example.com"), "API.example.com:443"));
        assert!(permitted(Some("http://[::1]:4000"), "[::1]:4000"));
    }

    #[test]
    fn all_others_are_not() {
        for origin in [
            "null",
            "",
            "https://evil.example",
            "http://desk.example.com",
            "https://desk.example.com.evil.example",
            "https://desk.example.com:8443",
            "https://api.example.com:4000",
        ] {
            assert!(!permitted(Some(origin), "api.example.com"), "{origin:?}");
        }
    }

    #[test]
    fn a_setting_that_is_no_origin_is_an_error() {
        for text in ["*", "desk.example.com", "https://desk.example.com/app", "https://a@b.example", "ftp://x.example"]
        {
            assert!(text.parse::<Origin>().is_err(), "{text:?}");
        }
    }
}
