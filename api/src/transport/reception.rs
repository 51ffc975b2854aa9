//! What the routes beside GraphQL share with it: who calls from where, what they spend, and which pages may call.

use std::{fmt, sync::Arc, time::Duration};

use async_graphql::ServerError;
use axum::{Router, extract::ConnectInfo, middleware};
use http::{Extensions, HeaderMap};

use super::{
    authentication::Caller,
    client_address::ClientAddress,
    clock::Clock,
    cors,
    endpoint::Endpoint,
    rate_limit::{Charge, RateLimiter},
    request_id::assign_request_id,
    settings::TransportSettings,
};

/// Receives requests that are no GraphQL, under the same rules.
#[derive(Clone)]
pub(crate) struct Reception {
    rate_limiter: Arc<RateLimiter>,
    clock: Clock,
    settings: TransportSettings,
}

impl<E> Endpoint<E> {
    /// For routes whose callers spend from the same buckets.
    pub(crate) fn reception(&self) -> Reception {
        Reception {
            rate_limiter: Arc::clone(&self.rate_limiter),
            clock: self.clock.clone(),
            settings: self.settings.clone(),
        }
    }
}

impl Reception {
    /// Where a request comes from.
    pub(crate) fn address(&self, extensions: &Extensions, headers: &HeaderMap) -> ClientAddress {
        let peer = extensions.get().map(|ConnectInfo(peer)| *peer);
        ClientAddress::of(peer, headers, &self.settings.trusted_proxies)
    }

    /// Takes points from the bucket of a caller.
    ///
    /// # Errors
    /// `RATE_LIMITED` if there are not enough in it. Nothing is taken then.
    pub(crate) fn charge(&self, caller: &Caller, points: u32) -> Result<(), ServerError> {
        Charge::take(&self.rate_limiter, caller, points, &self.clock).map(drop)
    }

    /// How long a client may be silent while it sends a body.
    pub(crate) fn body_timeout(&self) -> Duration {
        self.settings.body_timeout
    }

    /// The routes with the headers that browsers ask for, and with an id for each request.
    pub(crate) fn in_front_of<S: Clone + Send + Sync + 'static>(&self, mut routes: Router<S>) -> Router<S> {
        if let Some(cors) = cors::layer_for_files(&self.settings.allowed_origins) {
            routes = routes.layer(cors);
        }
        routes.layer(middleware::from_fn(assign_request_id))
    }
}

impl fmt::Debug for Reception {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Reception").field("settings", &self.settings).finish_non_exhaustive()
    }
}
