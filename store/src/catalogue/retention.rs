//! Queries that delete what has been kept for long enough.

use domain::Time;

use crate::error::Result;
use crate::tx::{Lease, Tx};
use crate::{postgres, sqlite};

catalogue! { Tx:
    /// Deletes the calls that were settled before a time, [`BATCH`](crate::retention::BATCH)
    /// of them at most.
    purge_outbox = retention::purge_outbox(before: Time) -> usize;
    /// Deletes the updates that were worked off and had arrived before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_inbox = retention::purge_inbox(before: Time) -> usize;
    /// Deletes the idempotency keys that were used before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_idempotency_keys = retention::purge_idempotency_keys(before: Time) -> usize;
    /// Deletes the families of refresh tokens that ran out before a time,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_token_families = retention::purge_token_families(before: Time) -> usize;
    /// Deletes the clocks of service levels that ended before a time, with their histories,
    /// [`BATCH`](crate::retention::BATCH) of them at most.
    purge_sla_clocks = retention::purge_sla_clocks(before: Time) -> usize;
}
