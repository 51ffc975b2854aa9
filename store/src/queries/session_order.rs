//! The orders of lists of sessions, in SQL.

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};

use super::list::{Between, Columns, Key, Reading};
use super::reach::{Marks, Reach};
use super::session_filter::Condition;

/// The time that decides in the order of waiting, as the indexes `sessions_waiting` and those beside it say it, and as
/// [`SessionKey::of`] does.
const WAITING: &str = "CASE WHEN sessions.status = 'CLOSED' THEN 9223372036854775807 \
    ELSE COALESCE(sessions.waiting_since, 9223372036854775806) END";

fn columns(field: SessionOrderField) -> Columns {
    let at = match field {
        SessionOrderField::LastMessageAt => "sessions.last_message_at",
        SessionOrderField::CreatedAt => "sessions.created_at",
        SessionOrderField::WaitingSince => WAITING,
    };
    Columns { table: "sessions", at }
}

impl From<SessionKey> for Key {
    fn from(key: SessionKey) -> Self {
        Self { at: key.micros, id: key.id }
    }
}

/// In which order a page is read.
pub(super) fn reading(order: SessionOrder, from_end: bool) -> Reading {
    Reading::new(columns(order.field), order.descending, from_end)
}

/// The condition that a session lies between the keys of a page of the list that a filter lets through. In the order of
/// waiting closed sessions are behind all others: where none of them is shown the list ends before them, and nobody walks
/// through them to find that none is shown.
pub(super) fn between(order: SessionOrder, filter: &SessionFilter, page: Page<SessionKey>, marks: Marks) -> Between {
    let between = Between::of(columns(order.field), order.descending, page, marks);
    if order.field == SessionOrderField::WaitingSince && filter.leaves_out_closed() {
        return between.and_beyond(SessionKey::END_OF_OPEN, true);
    }
    between
}

/// How far a page of so many rows reaches into the list that a condition lets through. In the order of waiting a page may end
/// at the last open session as well as at a key, which together look like next to nothing if neither is shown.
pub(super) fn reach(order: SessionOrder, condition: &Condition, rows: usize) -> Reach {
    if condition.is_planned_by_values() || order.field == SessionOrderField::WaitingSince {
        return Reach::bound(rows);
    }
    Reach::written(rows)
}
