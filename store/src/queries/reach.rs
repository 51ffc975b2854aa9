//! How far into a list a page reaches.

use diesel::prelude::QueryResult;
use diesel::query_builder::AstPass;
use diesel::sql_types::BigInt;

use super::{Db, dialect};

/// How many rows a statement reads of a list.
///
/// PostgreSQL takes a limit that is bound for a tenth of the list, so that a plan for any limit looks dear to it, and each
/// page of a long list is planned anew (<https://www.postgresql.org/docs/15/sql-prepare.html#SQL-PREPARE-NOTES>). Where one
/// plan serves all values, the limit is therefore a part of the statement, rounded up to one of a few.
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
    /// This many rows for a list that is planned for its values.
    pub(super) fn bound(rows: usize) -> Self {
        Self::Bound(i64::try_from(rows).unwrap_or(i64::MAX))
    }

    /// This many rows or some more where one plan serves all values, if pages ever have as many.
    pub(super) fn written(rows: usize) -> Self {
        let written = WRITTEN.iter().find(|(most, _)| rows <= *most);
        written.map_or_else(|| Self::bound(rows), |(_, words)| Self::Written(words))
    }

    /// How values stand in the statement. Where one plan serves all of them, PostgreSQL is not shown which they are: a plan for
    /// these alone would look cheaper to it whenever many rows have them, and it would make one each time.
    pub(super) fn marks(self) -> Marks {
        match self {
            Self::Written(_) => Marks { around: dialect::UNSEEN, are_for_all: true },
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

/// How values stand in a statement. By themselves they are bound to it, for the planner to see.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Marks {
    /// What stands before and behind a value.
    around: [&'static str; 2],
    /// Whether one plan serves all values.
    pub(super) are_for_all: bool,
}

impl Marks {
    pub(super) fn bind<'b>(self, out: &mut AstPass<'_, 'b, Db>, value: &'b i64) -> QueryResult<()> {
        let [before, behind] = self.around;
        out.push_sql(before);
        out.push_bind_param::<BigInt, _>(value)?;
        out.push_sql(behind);
        Ok(())
    }
}
