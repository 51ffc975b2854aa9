//! How much a caller may ask for in the long run: a bucket of points for each actor, from which the cost of an operation
//! is taken before it runs.
//!
//! An actor is whoever a token was given to, or the address of a client without one. The buckets are those of this
//! process alone, so that behind a load balancer each process grants its own share.

mod bucket;
mod charge;
mod limiter;

pub(super) use charge::Charge;
pub use charge::RateLimitStatus;
pub(super) use limiter::RateLimiter;

/// How many points an actor has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitSettings {
    /// What a full bucket holds. 0 switches the limit off.
    pub points: u32,
    /// What flows in while the bucket is not full. At least one.
    pub points_per_second: u32,
}

impl Default for RateLimitSettings {
    fn default() -> Self {
        Self { points: 10_000, points_per_second: 500 }
    }
}
