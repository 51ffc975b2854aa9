//! What was taken for one operation.

use std::time::{Duration, Instant};

use async_graphql::{Name, ServerError, Value, indexmap::IndexMap};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

use super::limiter::RateLimiter;
use crate::transport::{authentication::Caller, clock::Clock, code::ErrorCode, error::server_error};

/// The cost of an operation, and where the caller stands after it was taken.
#[derive(Debug, Clone)]
pub(in crate::transport) struct Charge {
    requested: u32,
    status: Option<RateLimitStatus>,
}

/// Where the caller stands with the rate limit. Found in the data of an operation, unless there is no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimitStatus {
    /// Points that the operation cost.
    pub cost: u32,
    /// Points that a full bucket holds.
    pub limit: u32,
    /// Points that are left, the operation paid.
    pub remaining: u32,
    /// Points that flow in each second while the bucket is not full.
    pub refill_per_second: u32,
    /// When the bucket is full again, if nothing more is taken.
    pub reset_at: DateTime<Utc>,
}

impl Charge {
    /// Takes the cost of an operation from the bucket of its caller.
    ///
    /// # Errors
    /// `RATE_LIMITED` with `retryAfterMs` if there is not enough in it. Nothing is taken then.
    pub(in crate::transport) fn take(
        limiter: &RateLimiter,
        caller: &Caller,
        cost: u32,
        clock: &Clock,
    ) -> Result<Self, ServerError> {
        let Some(level) = limiter.take(caller, cost, Instant::now()) else {
            return Ok(Self { requested: cost, status: None });
        };
        let settings = limiter.settings;
        if let Some(wait) = level.wait {
            return Err(refusal(cost, level.remaining, wait));
        }
        let status = RateLimitStatus {
            cost,
            limit: settings.points,
            remaining: level.remaining,
            refill_per_second: settings.points_per_second.max(1),
            reset_at: clock.now() + TimeDelta::from_std(level.full_in).unwrap_or(TimeDelta::MAX),
        };
        Ok(Self { requested: cost, status: Some(status) })
    }

    pub(in crate::transport) fn status(&self) -> Option<RateLimitStatus> {
        self.status
    }

    /// The value of `extensions.cost`.
    pub(in crate::transport) fn to_value(&self) -> Value {
        let mut cost = IndexMap::with_capacity(4);
        cost.insert(Name::new("requested"), self.requested.into());
        if let Some(status) = &self.status {
            cost.insert(Name::new("limit"), status.limit.into());
            cost.insert(Name::new("remaining"), status.remaining.into());
            let reset_at = status.reset_at.to_rfc3339_opts(SecondsFormat::Micros, true);
            cost.insert(Name::new("resetAt"), reset_at.into());
        }
        Value::Object(cost)
    }
}

fn refusal(cost: u32, remaining: u32, wait: Duration) -> ServerError {
    let wait_ms = u64::try_from(wait.as_nanos().div_ceil(1_000_000)).unwrap_or(u64::MAX);
    let message = format!(
        "This operation costs {cost} points, and you have {remaining} left. Wait {wait_ms} ms and send it again, or ask \
         for less."
    );
    let mut error = server_error(ErrorCode::RateLimited, message);
    error.extensions.get_or_insert_default().set("retryAfterMs", wait_ms);
    error
}
