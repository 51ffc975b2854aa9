//! The last decision about each session.

use diesel::prelude::*;
use domain::routing::{Grounds, LastDecision, QueueReason, Scope, Source, Strategy, Tally};
use domain::{AgentId, RoutingRuleId, SessionId, TeamId};

use super::prepared::{Prepared, RunQueryDsl};
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros};

diesel::table! {
    routing_decisions (session_id) {
        session_id -> BigInt,
        agent_id -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        scope -> Nullable<Text>,
        scope_source -> Text,
        scope_rule_id -> Nullable<BigInt>,
        strategy -> Text,
        strategy_source -> Text,
        strategy_rule_id -> Nullable<BigInt>,
        available -> BigInt,
        offline -> BigInt,
        busy -> BigInt,
        let_it_lie -> BigInt,
        out_of_scope -> BigInt,
        at -> BigInt,
        ruled_team_id -> Nullable<BigInt>,
    }
}

domain::named_enum! {
    /// What said so, without which rule it was.
    pub enum SourceKind {
        /// The escalation of the session.
        Escalation = "ESCALATION",
        /// The team that the session is for.
        Session = "SESSION",
        /// A rule.
        Rule = "RULE",
        /// The project's settings.
        Default = "DEFAULT",
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = routing_decisions, check_for_backend(Db))]
struct DecisionRow {
    session_id: i64,
    agent_id: Option<i64>,
    reason: Option<Named<QueueReason>>,
    scope: Json<Scope>,
    scope_source: Named<SourceKind>,
    scope_rule_id: Option<i64>,
    strategy: Named<Strategy>,
    strategy_source: Named<SourceKind>,
    strategy_rule_id: Option<i64>,
    available: i64,
    offline: i64,
    busy: i64,
    let_it_lie: i64,
    out_of_scope: i64,
    at: At,
}

impl From<DecisionRow> for LastDecision {
    fn from(row: DecisionRow) -> Self {
        let tally = Tally {
            out_of_scope: counted(row.out_of_scope),
            let_it_lie: counted(row.let_it_lie),
            offline: counted(row.offline),
            full: counted(row.busy),
            available: counted(row.available),
        };
        let grounds = Grounds {
            scope: row.scope.0,
            scope_source: source(row.scope_source.0, row.scope_rule_id),
            strategy: row.strategy.0,
            strategy_source: source(row.strategy_source.0, row.strategy_rule_id),
            tally,
        };
        Self {
            session_id: SessionId(row.session_id),
            agent_id: row.agent_id.map(AgentId),
            reason: row.reason.into_domain(),
            grounds,
            at: row.at.0,
        }
    }
}

/// Writes a decision in place of the one before it. The team that a rule chose stays noted until another one does, or
/// people choose one.
pub async fn note(conn: &mut Conn, decision: &LastDecision) -> QueryResult<()> {
    let LastDecision { session_id, agent_id, reason, grounds, at } = decision;
    let (scope_source, scope_rule) = parts(grounds.scope_source);
    let (strategy_source, strategy_rule) = parts(grounds.strategy_source);
    let said = (
        routing_decisions::agent_id.eq(agent_id.map(|agent| agent.0)),
        routing_decisions::reason.eq(reason.map(QueueReason::name)),
        routing_decisions::scope.eq(json(&grounds.scope)),
        routing_decisions::scope_source.eq(scope_source.name()),
        routing_decisions::scope_rule_id.eq(scope_rule),
        routing_decisions::strategy.eq(grounds.strategy.name()),
        routing_decisions::strategy_source.eq(strategy_source.name()),
        routing_decisions::strategy_rule_id.eq(strategy_rule),
        routing_decisions::available.eq(stored(grounds.tally.available)),
        routing_decisions::offline.eq(stored(grounds.tally.offline)),
        routing_decisions::busy.eq(stored(grounds.tally.full)),
        routing_decisions::let_it_lie.eq(stored(grounds.tally.let_it_lie)),
        routing_decisions::out_of_scope.eq(stored(grounds.tally.out_of_scope)),
        routing_decisions::at.eq(micros(*at)),
    );
    diesel::insert_into(routing_decisions::table)
        .values((routing_decisions::session_id.eq(session_id.0), said.clone()))
        .on_conflict(routing_decisions::session_id)
        .do_update()
        .set(said)
        .execute(conn)
        .await?;
    if let Some(team) = grounds.ruled_team() {
        diesel::update(routing_decisions::table.find(session_id.0))
            .set(routing_decisions::ruled_team_id.eq(team.0))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The team that a rule chose for a session, unless people have chosen one since.
pub async fn ruled_team(conn: &mut Conn, session: SessionId) -> QueryResult<Option<TeamId>> {
    let team: Option<Option<i64>> = routing_decisions::table
        .find(session.0)
        .select(routing_decisions::ruled_team_id)
        .first(conn)
        .await
        .optional()?;
    Ok(team.flatten().map(TeamId))
}

/// Notes that people have chosen the team of a session.
pub async fn forget_ruled_team(conn: &mut Conn, session: SessionId) -> QueryResult<()> {
    diesel::update(routing_decisions::table.find(session.0))
        .set(routing_decisions::ruled_team_id.eq(None::<i64>))
        .execute(conn)
        .await?;
    Ok(())
}

/// The last decisions about these sessions, in no order.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<LastDecision>> {
    let query = routing_decisions::table
        .filter(dialect::one_of("routing_decisions.session_id", sessions))
        .select(DecisionRow::as_select());
    let rows: Vec<DecisionRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(LastDecision::from).collect())
}

fn parts(source: Source) -> (SourceKind, Option<i64>) {
    match source {
        Source::Escalation => (SourceKind::Escalation, None),
        Source::Session => (SourceKind::Session, None),
        Source::Rule(rule) => (SourceKind::Rule, Some(rule.0)),
        Source::Default => (SourceKind::Default, None),
    }
}

fn source(kind: SourceKind, rule: Option<i64>) -> Source {
    match (kind, rule) {
        (SourceKind::Escalation, _) => Source::Escalation,
        (SourceKind::Session, _) => Source::Session,
        (SourceKind::Rule, Some(rule)) => Source::Rule(RoutingRuleId(rule)),
        // A rule is never written without its number.
        (SourceKind::Rule, None) | (SourceKind::Default, _) => Source::Default,
    }
}

fn stored(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn counted(stored: i64) -> usize {
    usize::try_from(stored).unwrap_or_default()
}
