//! How the event log is read.

use domain::{ProjectId, SessionId};

/// Which events are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Those of the whole desk.
    Everything,
    /// Those of one project.
    Project(ProjectId),
    /// Those of one session.
    Session(SessionId),
}

/// The fact that names the log: one that was restored or copied gets another name.
pub const EPOCH_FACT: &str = "event_log_epoch";
/// The fact that says how far the log has been purged.
pub const PURGED_FACT: &str = "event_log_purged";
/// The facts that are void when the log is numbered anew.
pub(crate) const FACTS: [&str; 2] = [EPOCH_FACT, PURGED_FACT];
