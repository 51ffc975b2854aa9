//! What the store keeps of requests that do the same to many sessions and may be sent again.

use domain::SessionId;

/// The name under which an entry of the audit log has the number of the request that what was done is a part of.
pub const BULK_REQUEST: &str = "bulkRequest";

/// A request that was begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BulkRequest {
    /// Its number.
    pub id: i64,
    /// The sessions that were meant when it came first.
    pub session_ids: Vec<SessionId>,
    /// The newest entry of the audit log at that time.
    pub audit_mark: i64,
    /// What came of it, as JSON, once that is known for all of them.
    pub results: Option<String>,
}
