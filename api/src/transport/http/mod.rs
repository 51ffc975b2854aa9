//! GraphQL over HTTP, after the specification of that name (<https://graphql.github.io/graphql-over-http>).

mod accept;
mod body;
mod content_type;
mod handler;
mod preflight;
mod refusal;
mod respond;

pub(super) use accept::MediaType;
pub(crate) use body::{Broken, discard_rest, next_data};
pub(super) use handler::graphql;
pub(super) use preflight::PREFLIGHT_HEADERS;
pub(super) use respond::protect;
pub(crate) use respond::refused;
