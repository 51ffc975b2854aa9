//! Protection of GET requests against pages of other sites.
//!
//! A GET that a foreign page can make a browser send without asking first, by an image, a form or `fetch`, must not
//! run an operation. Browsers ask first, by a CORS preflight, whenever a request carries a header that is not
//! safelisted; the answer here is no, unless the page's origin is allowed by the settings. So it is enough to demand
//! such a header. `Accept` does not do: pages may set it freely (Fetch standard, "CORS-safelisted request-header").
//! The headers below are those that GraphQL clients send for this very purpose, `Content-Type: application/json`, which
//! some send even with GET, and a bearer token. Other credentials do not count, for browsers attach those themselves.
//! POST needs none of them, because it must carry `Content-Type: application/json`, which is not safelisted either.
//!
//! The GraphQL-over-HTTP audits that send a GET without any of these headers are all optional ones.

use http::{HeaderMap, HeaderName};

use super::{content_type::is_json, refusal::Refusal};
use crate::transport::authentication::bearer_of;

/// Headers whose presence, with any value, shows that a preflight was passed or that no browser is involved.
pub(in crate::transport) const PREFLIGHT_HEADERS: [HeaderName; 4] = [
    HeaderName::from_static("x-graphql-preflight"),
    HeaderName::from_static("graphql-require-preflight"),
    HeaderName::from_static("apollo-require-preflight"),
    HeaderName::from_static("x-apollo-operation-name"),
];

/// Refuses a GET request that a page of another site could have caused.
pub(super) fn require_preflight(headers: &HeaderMap) -> Result<(), Refusal> {
    let passed = PREFLIGHT_HEADERS.iter().any(|name| headers.contains_key(name))
        || is_json(headers)
        || matches!(bearer_of(headers), Ok(Some(_)));
    if passed { Ok(()) } else { Err(Refusal::preflight_required()) }
}
