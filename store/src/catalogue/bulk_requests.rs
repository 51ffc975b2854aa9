//! Queries of requests that do the same to many sessions.

use domain::{AgentId, SessionId, Time};

use crate::bulk_requests::BulkRequest;
use crate::error::Result;
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// A request that was begun.
    bulk_request = bulk_requests::find(id: i64) -> Option<BulkRequest>;
    /// To which of these sessions a request of an agent has done what it asks for, by the entries of the audit log.
    done_by_bulk_request = bulk_requests::done_by(request: &BulkRequest, agent: AgentId, sessions: &[i64]) -> Vec<SessionId>;
}

catalogue! { Tx:
    /// Adds a request that is about to be begun, with the present end of the audit log.
    insert_bulk_request = bulk_requests::insert(agent: AgentId, sessions: &[SessionId], now: Time) -> BulkRequest;
    /// Keeps what came of a request, unless that is known already.
    finish_bulk_request = bulk_requests::finish(id: i64, results: &str) -> ();
    /// Forgets the requests that were begun before a time, [`BATCH`](crate::retention::BATCH) of them at most.
    purge_bulk_requests = bulk_requests::purge(before: Time) -> usize;
}
