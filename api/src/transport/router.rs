//! Where the transports are mounted.

use std::sync::Arc;

use async_graphql::Executor;
use axum::{Router, middleware, routing};

use super::{cors, endpoint::Endpoint, http, request_id::assign_request_id};

/// The path of all transports.
pub const GRAPHQL_PATH: &str = "/graphql";

/// Serves GraphQL over HTTP, event streams and WebSockets at [`GRAPHQL_PATH`].
pub fn router<E, S>(endpoint: Endpoint<E>) -> Router<S>
where
    E: Executor,
    S: Clone + Send + Sync + 'static,
{
    let mut router = Router::new().route(GRAPHQL_PATH, routing::any(http::graphql::<E>));
    if let Some(cors) = cors::layer(&endpoint.settings.allowed_origins) {
        router = router.layer(cors);
    }
    router.layer(middleware::from_fn(assign_request_id)).with_state(Arc::new(endpoint))
}
