//! What the caller may still spend.

use async_graphql::{Context, Object};

use super::scalar::DateTime;
use crate::transport::RateLimitStatus;

#[derive(Default)]
pub(crate) struct RateLimitQuery;

#[Object]
impl RateLimitQuery {
    /// Where you stand with the rate limit, and what this operation costs. Needs no access token, and costs nothing, so
    /// that it is answered even if you have no points left. Null if the server limits nobody.
    async fn rate_limit(&self, context: &Context<'_>) -> Option<RateLimit> {
        context.data_opt::<RateLimitStatus>().copied().map(RateLimit)
    }
}

/// Where a caller stands with the rate limit.
pub(crate) struct RateLimit(RateLimitStatus);

/// A caller has a bucket of points, from which the cost of each operation is taken before it runs: an agent has one, each
/// API token has one, and so has the address of callers without a token. A scalar costs 0 and an object 1; a connection
/// 2, and what is selected of its items as often as the page has items; `nodes` as many objects as there are ids, and any
/// other list of objects 5 of them; a mutation 10. Where an object can be of several types, the one that costs most counts.
#[Object]
impl RateLimit {
    /// The points that this operation cost.
    async fn cost(&self) -> u32 {
        self.0.cost
    }

    /// The points that a full bucket holds.
    async fn limit(&self) -> u32 {
        self.0.limit
    }

    /// The points that are left, with this operation paid.
    async fn remaining(&self) -> u32 {
        self.0.remaining
    }

    /// The points that flow into the bucket each second until it is full.
    async fn refill_per_second(&self) -> u32 {
        self.0.refill_per_second
    }

    /// When the bucket is full again if you ask for nothing more.
    async fn reset_at(&self) -> DateTime {
        self.0.reset_at.into()
    }
}
