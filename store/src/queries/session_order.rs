//! The orders of lists of sessions, in SQL.

use domain::filter::{SessionFilter, SessionKey, SessionOrderField};

/// The time that decides in the order of waiting, as the indexes `sessions_waiting` and those beside it say it, and as
/// [`SessionKey::of`] does.
pub(super) const WAITING: &str = "CASE WHEN sessions.status = 'CLOSED' THEN 9223372036854775807 \
    ELSE COALESCE(sessions.waiting_since, 9223372036854775806) END";

/// The time by which a list is ordered.
pub(super) fn column(field: SessionOrderField) -> &'static str {
    match field {
        SessionOrderField::LastMessageAt => "sessions.last_message_at",
        SessionOrderField::CreatedAt => "sessions.created_at",
        SessionOrderField::WaitingSince => WAITING,
    }
}

/// Where a list ends that shows no closed session, if those are behind all others in its order: nobody then walks through
/// them to find that none is shown.
pub(super) fn end_of_open(field: SessionOrderField, filter: &SessionFilter) -> Option<SessionKey> {
    (field == SessionOrderField::WaitingSince && filter.leaves_out_closed()).then_some(SessionKey::END_OF_OPEN)
}
