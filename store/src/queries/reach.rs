//! How far into a list a page reaches.

use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;

use super::{Db, dialect};

/// How many rows a statement reads of a list.
///
/// PostgreSQL takes a limit that is bound for a tenth of the list, so that a plan for any limit looks dear to it, and each
/// page of a long list is planned anew (<https://www.postgresql.org/docs/15/sql-prepare.html#SQL-PREPARE-NOTES>). Where the
/// plan is the same whatever is bound, the limit is therefore a part of the statement: one of few, so that there are few
/// statements.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach {
    /// This many rows or some more, in the words of the statement.
    Written(&'static str),
    /// This many rows.
    Bound(i64),
}

/// One row more than pages have, which tells whether there is another page.
const WRITTEN: [(usize, &str); 5] =
    [(11, " LIMIT 11"), (21, " LIMIT 21"), (26, " LIMIT 26"), (51, " LIMIT 51"), (101, " LIMIT 101")];

impl Reach {
    /// Of a page of so many rows.
    pub(super) fn of(rows: usize, is_planned_by_values: bool) -> Self {
        let written = WRITTEN.iter().find(|(most, _)| rows <= *most && !is_planned_by_values);
        written.map_or_else(|| Self::Bound(i64::try_from(rows).unwrap_or(i64::MAX)), |(_, words)| Self::Written(words))
    }

    /// How values stand in the statement. Where a plan serves all of them, PostgreSQL is not shown which it is for: one for a long
    /// part of a list looks cheaper to it, and it would go on making them.
    pub(super) fn marks(self) -> Marks {
        match self {
            Self::Written(_) => Marks(dialect::UNSEEN),
            Self::Bound(_) => Marks::default(),
        }
    }

    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()> {
        match self {
            Self::Written(words) => out.push_sql(words),
            Self::Bound(rows) => {
                out.push_sql(" LIMIT ");
                out.push_bind_param::<BigInt, _>(rows)?;
            }
        }
        Ok(())
    }
}

/// What stands before and behind a value in a statement. By itself nothing.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks([&'static str; 2]);

impl Marks {
    pub(super) fn bind<'b>(self, out: &mut AstPass<'_, 'b, Db>, value: &'b i64) -> QueryResult<()> {
        let Self([before, behind]) = self;
        out.push_sql(before);
        out.push_bind_param::<BigInt, _>(value)?;
        out.push_sql(behind);
        Ok(())
    }
}

/// A statement about a list that reads no further.
pub(super) struct Reaching<Q> {
    pub(super) list: Q,
    pub(super) reach: Reach,
}

impl<Q: QueryFragment<Db>> QueryFragment<Db> for Reaching<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.list.walk_ast(out.reborrow())?;
        self.reach.walk(&mut out)
    }
}

impl<Q> QueryId for Reaching<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Reaching<Q> {
    type SqlType = Q::SqlType;
}
