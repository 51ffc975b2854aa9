//! What the changes of a session have in common.

use desk::session::SessionRefusal;

/// The session as it is, where a refusal shows it.
pub(super) fn current(refusal: SessionRefusal) -> Option<domain::Session> {
    match refusal {
        SessionRefusal::VersionConflict(session) => Some(*session),
        _ => None,
    }
}
