//! Searching for messages, customers and sessions.

mod cursor;
mod query;
mod result;

pub(crate) use query::SearchQuery;
