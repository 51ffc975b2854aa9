//! The orders of lists of sessions, in SQL.

use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};

use super::Db;
use super::reach::{Marks, Reach};

/// The time that decides in the order of waiting, as the indexes `sessions_waiting` and those beside it say it, and as
/// [`SessionKey::of`] does.
const WAITING: &str = "CASE WHEN sessions.status = 'CLOSED' THEN 9223372036854775807 \
    ELSE COALESCE(sessions.waiting_since, 9223372036854775806) END";

/// The time by which a list is ordered.
fn column(field: SessionOrderField) -> &'static str {
    match field {
        SessionOrderField::LastMessageAt => "sessions.last_message_at",
        SessionOrderField::CreatedAt => "sessions.created_at",
        SessionOrderField::WaitingSince => WAITING,
    }
}

/// Where a list ends that shows no closed session, if those are behind all others in its order: nobody then walks through
/// them to find that none is shown.
fn end_of_open(field: SessionOrderField, filter: &SessionFilter) -> Option<SessionKey> {
    (field == SessionOrderField::WaitingSince && filter.leaves_out_closed()).then_some(SessionKey::END_OF_OPEN)
}

/// In which order a page is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    /// The time of the order.
    pub(super) at: &'static str,
    downwards: bool,
}

impl Reading {
    /// Of a page that is read from the asked end of the list.
    pub(super) fn of(order: SessionOrder, from_end: bool) -> Self {
        Self { at: column(order.field), downwards: order.descending != from_end }
    }

    /// Of the columns that hold the time and the number of a session.
    pub(super) fn walk(self, out: &mut AstPass<'_, '_, Db>, [at, id]: [&str; 2]) {
        let direction = if self.downwards { " DESC" } else { " ASC" };
        for piece in [" ORDER BY ", at, direction, ", ", id, direction] {
            out.push_sql(piece);
        }
    }
}

/// A statement about sessions that reads them in order.
pub(super) struct InOrder<Q> {
    pub(super) sessions: Q,
    pub(super) reading: Reading,
    /// How far, if not all of them are read.
    pub(super) reach: Option<Reach>,
}

impl<Q: QueryFragment<Db>> QueryFragment<Db> for InOrder<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.sessions.walk_ast(out.reborrow())?;
        self.reading.walk(&mut out, [self.reading.at, "sessions.id"]);
        self.reach.as_ref().map_or(Ok(()), |reach| reach.walk(&mut out))
    }
}

impl<Q> QueryId for InOrder<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for InOrder<Q> {
    type SqlType = Q::SqlType;
}

/// The condition that a session lies between the keys of a page.
#[derive(Clone, Default)]
pub(super) struct Between {
    /// The time of the order.
    at: &'static str,
    keys: Vec<Key>,
    /// How values stand in what has this condition.
    pub(super) marks: Marks,
}

/// Where to go on: behind a key, towards lower ones or higher ones.
#[derive(Clone, Copy)]
struct Key {
    key: SessionKey,
    downwards: bool,
}

impl Between {
    /// Of a page of the list that a filter lets through.
    pub(super) fn of(order: SessionOrder, filter: &SessionFilter, page: &Page<SessionKey>, marks: Marks) -> Self {
        let SessionOrder { field, descending } = order;
        let ends = [(page.after, descending), (page.before, !descending), (end_of_open(field, filter), true)];
        let keys = ends.into_iter().filter_map(|(key, downwards)| Some(Key { key: key?, downwards })).collect();
        Self { at: column(field), keys, marks }
    }

    /// For who has the sessions looked up one by one, the sign before the time keeps both engines from walking through the
    /// whole project by it.
    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, sign: &'static str) -> QueryResult<()> {
        if self.keys.is_empty() {
            out.push_sql("(1 = 1)");
        }
        for (place, Key { key, downwards }) in self.keys.iter().enumerate() {
            let [reaches, passes, beside] =
                if *downwards { [" <= ", " < ", " OR sessions.id < "] } else { [" >= ", " > ", " OR sessions.id > "] };
            out.push_sql(if place == 0 { "" } else { " AND " });
            out.push_sql(sign);
            out.push_sql(self.at);
            out.push_sql(reaches);
            self.marks.bind(out, &key.micros)?;
            out.push_sql(" AND (");
            out.push_sql(self.at);
            out.push_sql(passes);
            self.marks.bind(out, &key.micros)?;
            out.push_sql(beside);
            self.marks.bind(out, &key.id)?;
            out.push_sql(")");
        }
        Ok(())
    }
}
