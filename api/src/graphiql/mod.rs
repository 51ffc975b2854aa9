//! GraphiQL at `/graphiql`: a page on which people try the API.
//!
//! All of it is in the binary and comes from this server, so that it works offline and under a content security policy
//! that allows nothing else. The page is built in `api/graphiql`, and checked there in a real browser.

mod asset;
mod encoding;
mod etag;
mod page;
mod policy;
#[cfg(test)]
mod tests;

use axum::{Router, response::Redirect, routing::get};

/// The path of the page. Its assets are below it.
pub const GRAPHIQL_PATH: &str = "/graphiql";

/// Names the contents of all files of the page. The page asks for its assets under this name, so that browsers may keep
/// them for good.
const REVISION: &str = include_str!("../../graphiql/dist/revision.txt");

/// Serves the page and its assets. The page expects the API at `graphql` beside it.
pub fn router<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
{
    Router::new()
        .route(GRAPHIQL_PATH, get(page::page))
        // The page refers to its assets relative to the path without a slash at the end.
        .route("/graphiql/", get(async || Redirect::permanent("../graphiql")))
        .route("/graphiql/{revision}/{name}", get(asset::asset))
}
