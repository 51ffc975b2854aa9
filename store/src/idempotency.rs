//! What the store keeps about requests that may be sent again.

/// What was answered to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answered {
    /// The operation.
    pub operation: String,
    /// A digest of its input.
    pub fingerprint: String,
    /// The object that it made; of several the first.
    pub object_id: i64,
    /// How many it made.
    pub object_count: i64,
    /// What else is to be said again, as JSON.
    pub details: Option<String>,
}
