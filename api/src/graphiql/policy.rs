//! The content security policy of the page.

use axum::http::HeaderValue;

/// Nothing but this server's own files, and the API beside them. Images may also be `data:` URLs, because GraphiQL's
/// style sheet has its marks for errors and warnings in it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; connect-src 'self'";

/// The policy for a page that was asked for under the name `host`.
///
/// Not every browser takes `'self'` for WebSockets too, so these are allowed by name: `ws` without TLS, and `wss` behind
/// a proxy with TLS.
pub(super) fn content_security_policy(host: Option<&HeaderValue>) -> HeaderValue {
    let Some(host) = host.and_then(|host| host.to_str().ok()).filter(|host| is_plain(host)) else {
        return HeaderValue::from_static(POLICY);
    };
    HeaderValue::from_str(&format!("{POLICY} ws://{host} wss://{host}")).unwrap_or(HeaderValue::from_static(POLICY))
}

/// Whether a policy can have this name in it: a name or an IPv4 address, with or without a port (Content Security Policy
/// Level 3, section 2.3.1). Anything else could add directives of its own.
fn is_plain(host: &str) -> bool {
    !host.is_empty() && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(host: &'static str) -> String {
        content_security_policy(Some(&HeaderValue::from_static(host))).to_str().unwrap().to_owned()
    }

    #[test]
    fn sockets_of_the_same_host_are_allowed() {
        assert!(
            policy("desk.example.com").ends_with("connect-src 'self' ws://desk.example.com wss://desk.example.com")
        );
        assert!(policy("127.0.0.1:4000").ends_with("connect-src 'self' ws://127.0.0.1:4000 wss://127.0.0.1:4000"));
    }

    #[test]
    fn a_host_cannot_add_to_the_policy() {
        for host in ["", "a; script-src *", "a b", "[::1]:4000", "a,b", "*", "a/b", "'self'"] {
            assert_eq!(policy(host), POLICY, "{host:?}");
        }
        assert_eq!(content_security_policy(None), POLICY);
    }

    #[test]
    fn nothing_unsafe_is_allowed() {
        assert!(POLICY.starts_with("default-src 'none';"));
        assert!(!POLICY.contains("unsafe"));
    }
}
