//! Running statements that the connection then keeps prepared.
//!
//! diesel by itself keeps those only whose text follows from their type: no update, no upsert
//! and none with a piece of literal SQL. To parse and plan the same text anew each time costs
//! another round trip to PostgreSQL, and on both engines often more than the work itself.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};

use diesel::QueryResult;
use diesel::backend::Backend;
use diesel::dsl::Limit;
use diesel::query_builder::{AstPass, Query, QueryBuilder, QueryFragment, QueryId};
use diesel::query_dsl::methods::LimitDsl;
use diesel_async::methods::{ExecuteDsl, LoadQuery};
use diesel_async::{AsyncConnectionCore, RunQueryDsl as Run};

use super::{Conn, Db};

/// Runs a statement as diesel's trait of the same name does. The connection keeps it for as
/// long as it lives, under its text, which must therefore be one of few.
pub(crate) trait RunQueryDsl: Sized {
    /// The number of rows that the statement changed.
    fn execute<'conn, 'query>(
        self,
        conn: &'conn mut Conn,
    ) -> <Conn as AsyncConnectionCore>::ExecuteFuture<'conn, 'query>
    where
        Self: 'query,
        Prepared<Self>: ExecuteDsl<Conn>,
    {
        Run::execute(Prepared(self), conn)
    }

    /// Every row.
    fn load<'conn, 'query, U: Send + 'conn>(
        self,
        conn: &'conn mut Conn,
    ) -> impl Future<Output = QueryResult<Vec<U>>> + Send
    where
        Prepared<Self>: LoadQuery<'query, Conn, U> + 'query,
    {
        Run::load(Prepared(self), conn)
    }

    /// The only row. That there is none is an error.
    fn get_result<'conn, 'query, U: Send + 'conn>(
        self,
        conn: &'conn mut Conn,
    ) -> impl Future<Output = QueryResult<U>> + Send
    where
        Prepared<Self>: LoadQuery<'query, Conn, U> + 'query,
    {
        Run::get_result(Prepared(self), conn)
    }

    /// The first row. That there is none is an error.
    fn first<'conn, 'query, U: Send + 'conn>(self, conn: &'conn mut Conn) -> impl Future<Output = QueryResult<U>> + Send
    where
        Self: LimitDsl,
        Prepared<Limit<Self>>: LoadQuery<'query, Conn, U> + 'query,
    {
        Run::get_result(Prepared(self.limit(1)), conn)
    }
}

impl<Q> RunQueryDsl for Q {}

/// A statement that is safe to keep.
pub(crate) struct Prepared<Q>(pub Q);

impl<Q: QueryFragment<Db>> QueryFragment<Db> for Prepared<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, _backend: &Db) -> QueryResult<bool> {
        Ok(true)
    }
}

impl<Q> QueryId for Prepared<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for Prepared<Q> {
    type SqlType = Q::SqlType;
}

/// A statement whose text depends on what callers ask for. The first so many texts are kept;
/// after that nobody can fill the memory of the server with more. To be run by diesel's trait.
pub(crate) struct FreeForm<Q>(pub Q);

/// How many texts of free form a connection keeps. The lists of a console, of agents and supervisors in each of their orders,
/// take about a hundred.
const FREE_FORMS: usize = 310;

impl<Q: QueryFragment<Db>> QueryFragment<Db> for FreeForm<Q> {
    fn walk_ast<'b>(&'b self, out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        self.0.walk_ast(out)
    }

    fn is_safe_to_cache_prepared(&self, backend: &Db) -> QueryResult<bool> {
        static KEPT: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());
        let mut text = <Db as Backend>::QueryBuilder::default();
        self.0.to_sql(&mut text, backend)?;
        let text = text.finish();
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(kept.contains(&text) || (kept.len() < FREE_FORMS && kept.insert(text)))
    }
}

impl<Q> QueryId for FreeForm<Q> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<Q: Query> Query for FreeForm<Q> {
    type SqlType = Q::SqlType;
}
