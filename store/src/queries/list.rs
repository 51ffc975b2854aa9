//! Lists in an order, in SQL: how they are read, and the keys between which a page of them lies.

use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use domain::filter::Page;

use super::Db;
use super::reach::{Marks, Reach};

/// What a list is of, and by what it is ordered before the identifier, which decides between equals.
#[derive(Clone, Copy, Default)]
pub(super) struct Columns {
    pub(super) table: &'static str,
    /// The time, or what else decides.
    pub(super) at: &'static str,
}

/// What the first ones of all parts of a list are found with.
const FOUND: Columns = Columns { table: "found", at: "found.at" };

/// In which order a page is read.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    of: Columns,
    downwards: bool,
}

impl Reading {
    /// Of a page of a list that goes up or down, from the asked end of it.
    pub(super) fn new(of: Columns, descending: bool, from_end: bool) -> Self {
        Self { of, downwards: descending != from_end }
    }

    fn walk(self, out: &mut AstPass<'_, '_, Db>) {
        let Columns { table, at } = self.of;
        let direction = if self.downwards { " DESC" } else { " ASC" };
        for piece in [" ORDER BY ", at, direction, ", ", table, ".id", direction] {
            out.push_sql(piece);
        }
    }
}

/// A statement that reads a list in order.
pub(super) struct InOrder<Q> {
    pub(super) list: Q,
    pub(super) reading: Reading,
    /// How far, if not all of it is read.
    pub(super) reach: Option<Reach>,
}

impl<Q: QueryFragment<Db>> QueryFragment<Db> for InOrder<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.list.walk_ast(out.reborrow())?;
        self.reading.walk(&mut out);
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

/// A place in a list.
#[derive(Clone, Copy)]
pub(super) struct Key {
    /// What decides there.
    pub(super) at: i64,
    pub(super) id: i64,
}

/// Where to go on: behind a key, towards lower ones or higher ones.
#[derive(Clone, Copy)]
struct End {
    key: Key,
    downwards: bool,
}

/// The condition that something lies between the keys of a page.
#[derive(Clone, Default)]
pub(super) struct Between {
    of: Columns,
    ends: Vec<End>,
    /// How values stand in what has this condition.
    pub(super) marks: Marks,
}

impl Between {
    /// Of a page of a list that goes up or down.
    pub(super) fn of<K: Into<Key>>(of: Columns, descending: bool, page: Page<K>, marks: Marks) -> Self {
        let keys = [(page.after, descending), (page.before, !descending)].into_iter();
        let ends = keys.filter_map(|(key, downwards)| Some(End { key: key?.into(), downwards })).collect();
        Self { of, ends, marks }
    }

    /// Behind one more key.
    pub(super) fn and_beyond(mut self, key: impl Into<Key>, downwards: bool) -> Self {
        self.ends.push(End { key: key.into(), downwards });
        self
    }

    /// For who has the objects looked up one by one, the sign before what decides keeps both engines from walking through the
    /// whole project by it.
    pub(super) fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, sign: &'static str) -> QueryResult<()> {
        let Columns { table, at } = self.of;
        if self.ends.is_empty() {
            out.push_sql("(1 = 1)");
        }
        for (place, End { key, downwards }) in self.ends.iter().enumerate() {
            let [reaches, passes] = if *downwards { [" <= ", " < "] } else { [" >= ", " > "] };
            out.push_sql(if place == 0 { "" } else { " AND " });
            for piece in [sign, at, reaches] {
                out.push_sql(piece);
            }
            self.marks.bind(out, &key.at)?;
            for piece in [" AND (", at, passes] {
                out.push_sql(piece);
            }
            self.marks.bind(out, &key.at)?;
            for piece in [" OR ", table, ".id", passes] {
                out.push_sql(piece);
            }
            self.marks.bind(out, &key.id)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

/// The condition that something is on a page of a project's list.
pub(super) struct Listed<C> {
    pub(super) project: i64,
    pub(super) condition: C,
    pub(super) between: Between,
}

impl<C: QueryFragment<Db>> QueryFragment<Db> for Listed<C> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        out.push_sql(self.between.of.table);
        out.push_sql(".project_id = ");
        self.between.marks.bind(&mut out, &self.project)?;
        out.push_sql(" AND ");
        self.condition.walk_ast(out.reborrow())?;
        out.push_sql(" AND ");
        self.between.walk(&mut out, "")
    }
}

/// A part of a list.
pub(super) trait Part {
    /// The condition that something is in it.
    fn walk<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>) -> QueryResult<()>;
}

/// The condition that something is among the first ones of all parts of a list together.
pub(super) struct First<P> {
    pub(super) parts: Vec<P>,
    /// What stands between the parts: ` UNION ` where something may be in two of them, or ` UNION ALL `.
    pub(super) union: &'static str,
    pub(super) reading: Reading,
    pub(super) reach: Reach,
}

impl<P: Part> QueryFragment<Db> for First<P> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        let Columns { table, at } = self.reading.of;
        out.push_sql(table);
        out.push_sql(".id IN (SELECT found.id FROM (");
        for (place, part) in self.parts.iter().enumerate() {
            let union = if place == 0 { "" } else { self.union };
            let select = ["SELECT id, at FROM (SELECT ", table, ".id AS id, ", at, " AS at FROM ", table, " WHERE "];
            out.push_sql(union);
            for piece in select {
                out.push_sql(piece);
            }
            part.walk(&mut out)?;
            self.reading.walk(&mut out);
            self.reach.walk(&mut out)?;
            out.push_sql(") AS one");
        }
        out.push_sql(") AS found");
        Reading { of: FOUND, ..self.reading }.walk(&mut out);
        self.reach.walk(&mut out)?;
        out.push_sql(")");
        Ok(())
    }
}
