//! The newest of what is written for sessions.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::prelude::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Bool};
use domain::AgentId;

use super::Db;
use super::scheduled_messages::scheduled_messages;
use super::todos::todos;
use super::triggers::trigger_firings;
use super::visibility::condition;

/// The condition that a row is one of the newest of its session. The table has `id` and `session_id`, and `since_version` where
/// somebody has left.
pub(super) struct Newest {
    pub(super) table: &'static str,
    /// Of those only that were there when the session ended for this agent.
    pub(super) left_by: Option<AgentId>,
    /// How many, at least one.
    pub(super) newest: i64,
}

impl Newest {
    fn was_there<'b>(&'b self, out: &mut AstPass<'_, 'b, Db>, table: &'static str) -> QueryResult<()> {
        let Some(agent) = &self.left_by else { return Ok(()) };
        out.push_sql(" AND ");
        out.push_sql(table);
        out.push_sql(".since_version <= (SELECT gone.version FROM session_departures AS gone WHERE gone.session_id = ");
        out.push_sql(table);
        out.push_sql(".session_id AND gone.agent_id = ");
        out.push_bind_param::<BigInt, _>(&agent.0)?;
        out.push_sql(")");
        Ok(())
    }
}

impl QueryFragment<Db> for Newest {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Db>) -> QueryResult<()> {
        // From the row itself on there are not more.
        out.push_sql("(NOT EXISTS (SELECT 1 FROM ");
        out.push_sql(self.table);
        out.push_sql(" AS newer WHERE newer.session_id = ");
        out.push_sql(self.table);
        out.push_sql(".session_id AND newer.id >= ");
        out.push_sql(self.table);
        out.push_sql(".id");
        self.was_there(&mut out, "newer")?;
        out.push_sql(" LIMIT 1 OFFSET ");
        out.push_bind_param::<BigInt, _>(&self.newest)?;
        out.push_sql(")");
        self.was_there(&mut out, self.table)?;
        out.push_sql(")");
        Ok(())
    }
}

condition!(Newest, trigger_firings, scheduled_messages, todos);
