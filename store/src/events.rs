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
