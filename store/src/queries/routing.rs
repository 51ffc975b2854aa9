//! How projects route: what they say about it, and what decisions go by.

use chrono::TimeDelta;
use diesel::dsl::{count_star, max, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable};
use domain::bot_text::Texts;
use domain::filter::SessionKey;
use domain::routing::{Condition, ListedRule, OfflineAgents, Policy, Rule, Scope, Strategy, Turn};
use domain::{AgentId, ProjectId, Role, RoutingRuleId, Session, SessionId, TeamId, Time};

use super::prepared::{Prepared, RunQueryDsl};
use super::schema::{agents, memberships, sessions, team_members, teams};
use super::sessions::SessionRow;
use super::{Conn, Db, dialect};
use crate::mapping::{At, IntoDomain, Json, Named, json, micros, plain_json, row};
use crate::routing::{LetLie, Member, NewRule, Standing};

diesel::table! {
    routing_settings (project_id) {
        project_id -> BigInt,
        enabled -> Bool,
        strategy -> Text,
        offline_agents -> Text,
        scope -> Nullable<Text>,
        capacity -> Nullable<BigInt>,
        reroute_after -> Nullable<BigInt>,
        queue_message -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    routing_rules (id) {
        id -> BigInt,
        project_id -> BigInt,
        place -> BigInt,
        name -> Text,
        conditions -> Nullable<Text>,
        scope -> Nullable<Text>,
        strategy -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    routing_agents (project_id, agent_id) {
        project_id -> BigInt,
        agent_id -> BigInt,
        capacity -> Nullable<BigInt>,
        last_turn -> Nullable<BigInt>,
    }
}

diesel::table! {
    session_let_lie (session_id, agent_id) {
        session_id -> BigInt,
        agent_id -> BigInt,
        at -> BigInt,
        wall_at -> BigInt,
    }
}

diesel::table! {
    session_queue_notes (session_id) { session_id -> BigInt, told_at -> BigInt, }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = routing_settings, check_for_backend(Db))]
struct PolicyRow {
    project_id: i64,
    enabled: bool,
    strategy: Named<Strategy>,
    offline_agents: Named<OfflineAgents>,
    scope: Json<Scope>,
    capacity: Option<i64>,
    reroute_after: Option<i64>,
    queue_message: Json<Option<Texts>>,
    version: i64,
}

impl From<PolicyRow> for Policy {
    fn from(row: PolicyRow) -> Self {
        Self {
            project_id: ProjectId(row.project_id),
            enabled: row.enabled,
            strategy: row.strategy.0,
            offline_agents: row.offline_agents.0,
            scope: row.scope.0,
            capacity: row.capacity.map(capacity),
            reroute_after: row.reroute_after.map(TimeDelta::microseconds),
            queue_message: row.queue_message.0,
            version: row.version,
        }
    }
}

/// A stored capacity; one that could not have been written is the largest there is.
fn capacity(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = routing_rules, check_for_backend(Db))]
struct RuleRow {
    id: i64,
    project_id: i64,
    place: i64,
    name: String,
    conditions: Json<Vec<Condition>>,
    scope: Json<Option<Scope>>,
    strategy: Option<Named<Strategy>>,
    active: bool,
    version: i64,
    created_at: At,
}

impl From<RuleRow> for ListedRule {
    fn from(row: RuleRow) -> Self {
        let rule = Rule {
            id: RoutingRuleId(row.id),
            conditions: row.conditions.0,
            scope: row.scope.0,
            strategy: row.strategy.into_domain(),
        };
        Self {
            rule,
            project_id: ProjectId(row.project_id),
            name: row.name,
            place: row.place,
            active: row.active,
            version: row.version,
            created_at: row.created_at.0,
        }
    }
}

row! { LetLieRow of session_let_lie is LetLie {
    session_id: i64,
    agent_id: i64,
    at: At,
    wall_at: At,
} }

/// What a project says about routing; nothing if it has said nothing.
pub async fn policy(conn: &mut Conn, project: ProjectId) -> QueryResult<Option<Policy>> {
    let row = routing_settings::table.find(project.0).select(PolicyRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Policy::from))
}

/// The same, which nobody else changes or decides by until the transaction ends.
pub async fn lock(conn: &mut Conn, project: ProjectId) -> QueryResult<Option<Policy>> {
    let query = routing_settings::table.find(project.0).select(PolicyRow::as_select());
    Ok(for_update!(query).first(conn).await.optional()?.map(Policy::from))
}

/// The same; nothing, without waiting, if another transaction has it.
pub async fn lock_if_free(conn: &mut Conn, project: ProjectId) -> QueryResult<Option<Policy>> {
    let query = routing_settings::table.find(project.0).select(PolicyRow::as_select());
    Ok(for_update_skip_locked!(query).first(conn).await.optional()?.map(Policy::from))
}

/// Writes what a project says about routing, under the next version.
pub async fn set_policy(conn: &mut Conn, policy: &Policy) -> QueryResult<Policy> {
    let said = (
        routing_settings::enabled.eq(policy.enabled),
        routing_settings::strategy.eq(policy.strategy.name()),
        routing_settings::offline_agents.eq(policy.offline_agents.name()),
        routing_settings::scope.eq(json(&policy.scope)),
        routing_settings::capacity.eq(policy.capacity.map(i64::from)),
        routing_settings::reroute_after.eq(policy.reroute_after.and_then(|after| after.num_microseconds())),
        routing_settings::queue_message.eq(json(&policy.queue_message)),
        routing_settings::version.eq(policy.version + 1),
    );
    diesel::insert_into(routing_settings::table)
        .values((routing_settings::project_id.eq(policy.project_id.0), said.clone()))
        .on_conflict(routing_settings::project_id)
        .do_update()
        .set(said)
        .returning(PolicyRow::as_select())
        .get_result(conn)
        .await
        .map(Policy::from)
}

/// The rules of a project, in their order.
pub async fn rules(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<ListedRule>> {
    let rows: Vec<RuleRow> = routing_rules::table
        .filter(routing_rules::project_id.eq(project.0))
        .order((routing_rules::place, routing_rules::id))
        .select(RuleRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(ListedRule::from).collect())
}

/// The rules with these identifiers, in no order.
pub async fn rules_by_id(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<ListedRule>> {
    let query = routing_rules::table.filter(dialect::looked_up("routing_rules.id", ids)).select(RuleRow::as_select());
    let rows: Vec<RuleRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(ListedRule::from).collect())
}

/// Adds a rule behind the others of its project.
pub async fn insert_rule(conn: &mut Conn, new: &NewRule) -> QueryResult<ListedRule> {
    let last: Option<i64> = routing_rules::table
        .filter(routing_rules::project_id.eq(new.project_id.0))
        .select(max(routing_rules::place))
        .get_result(conn)
        .await?;
    diesel::insert_into(routing_rules::table)
        .values((
            routing_rules::project_id.eq(new.project_id.0),
            routing_rules::place.eq(last.unwrap_or(0) + 1),
            routing_rules::name.eq(&new.name),
            routing_rules::conditions.eq(json(&new.rule.conditions)),
            routing_rules::scope.eq(new.rule.scope.as_ref().map(plain_json)),
            routing_rules::strategy.eq(new.rule.strategy.map(Strategy::name)),
            routing_rules::active.eq(new.active),
            routing_rules::version.eq(1),
            routing_rules::created_at.eq(micros(new.created_at)),
        ))
        .returning(RuleRow::as_select())
        .get_result(conn)
        .await
        .map(ListedRule::from)
}

/// Writes everything about a rule that people can change, under the next version.
pub async fn update_rule(conn: &mut Conn, listed: &ListedRule) -> QueryResult<ListedRule> {
    diesel::update(routing_rules::table.find(listed.rule.id.0))
        .set((
            routing_rules::name.eq(&listed.name),
            routing_rules::conditions.eq(json(&listed.rule.conditions)),
            routing_rules::scope.eq(listed.rule.scope.as_ref().map(plain_json)),
            routing_rules::strategy.eq(listed.rule.strategy.map(Strategy::name)),
            routing_rules::active.eq(listed.active),
            routing_rules::version.eq(routing_rules::version + 1),
        ))
        .returning(RuleRow::as_select())
        .get_result(conn)
        .await
        .map(ListedRule::from)
}

/// Puts a rule in a place.
pub async fn place_rule(conn: &mut Conn, id: RoutingRuleId, place: i64) -> QueryResult<()> {
    diesel::update(routing_rules::table.find(id.0)).set(routing_rules::place.eq(place)).execute(conn).await?;
    Ok(())
}

/// Removes a rule.
pub async fn delete_rule(conn: &mut Conn, id: RoutingRuleId) -> QueryResult<()> {
    diesel::delete(routing_rules::table.find(id.0)).execute(conn).await?;
    Ok(())
}

/// The active agents with a role of their own in a project, in no order.
pub async fn members(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<Member>> {
    let rows: Vec<(i64, Named<Role>)> = memberships::table
        .inner_join(agents::table.on(agents::id.eq(memberships::agent_id)))
        .filter(memberships::project_id.eq(project.0))
        .filter(agents::active.eq(true))
        .select((memberships::agent_id, memberships::role))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, role)| Member { agent_id: AgentId(agent), role: role.0 }).collect())
}

/// The agents in the teams of a project, in ascending order.
pub async fn team_members(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<(AgentId, TeamId)>> {
    let rows: Vec<(i64, i64)> = team_members::table
        .inner_join(teams::table.on(teams::id.eq(team_members::team_id)))
        .filter(teams::project_id.eq(project.0))
        .order((team_members::agent_id, team_members::team_id))
        .select((team_members::agent_id, team_members::team_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(agent, team)| (AgentId(agent), TeamId(team))).collect())
}

/// What routing knows of the agents of a project.
pub async fn standings(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<Standing>> {
    let rows: Vec<(i64, Option<i64>, Option<i64>)> = routing_agents::table
        .filter(routing_agents::project_id.eq(project.0))
        .select((routing_agents::agent_id, routing_agents::capacity, routing_agents::last_turn))
        .load(conn)
        .await?;
    let standing = |(agent, stored, turn): (i64, Option<i64>, Option<i64>)| Standing {
        agent_id: AgentId(agent),
        capacity: stored.map(capacity),
        last_turn: turn.map(Turn),
    };
    Ok(rows.into_iter().map(standing).collect())
}

/// Notes that it was an agent's turn.
pub async fn take_turn(conn: &mut Conn, project: ProjectId, agent: AgentId, turn: Turn) -> QueryResult<()> {
    diesel::insert_into(routing_agents::table)
        .values((
            routing_agents::project_id.eq(project.0),
            routing_agents::agent_id.eq(agent.0),
            routing_agents::last_turn.eq(turn.0),
        ))
        .on_conflict((routing_agents::project_id, routing_agents::agent_id))
        .do_update()
        .set(routing_agents::last_turn.eq(turn.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes how many sessions an agent may have in a project, or that nothing is said of them.
pub async fn set_capacity(
    conn: &mut Conn,
    project: ProjectId,
    agent: AgentId,
    capacity: Option<u32>,
) -> QueryResult<()> {
    let capacity = routing_agents::capacity.eq(capacity.map(i64::from));
    diesel::insert_into(routing_agents::table)
        .values((routing_agents::project_id.eq(project.0), routing_agents::agent_id.eq(agent.0), capacity))
        .on_conflict((routing_agents::project_id, routing_agents::agent_id))
        .do_update()
        .set(capacity)
        .execute(conn)
        .await?;
    Ok(())
}

/// How many sessions that need work each agent of a project has, those who have some.
pub async fn loads(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<(AgentId, i64)>> {
    let rows: Vec<(Option<i64>, i64)> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(sql::<Bool>("sessions.status <> 'CLOSED' AND sessions.status <> 'FOLLOW_UP'"))
        .filter(sessions::assignee_id.is_not_null())
        .filter(sessions::resolved_at.is_null())
        .group_by(sessions::assignee_id)
        .select((sessions::assignee_id, count_star()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().filter_map(|(agent, count)| Some((AgentId(agent?), count))).collect())
}

/// Whose customers wait for their agents, as SQL: what is resolved, or waits for something by the agent's own word, was not
/// let lie.
const IS_UNANSWERED: &str = "sessions.waiting_since IS NOT NULL AND sessions.assignee_id IS NOT NULL \
    AND sessions.resolved_at IS NULL AND sessions.status <> 'FOLLOW_UP'";

/// Since when the agent of a session has let the customer wait, as SQL.
const LET_WAIT_SINCE: &str =
    "CASE WHEN sessions.assigned_at > sessions.waiting_since THEN sessions.assigned_at ELSE sessions.waiting_since END";

/// The next sessions of a project, behind one of them, whose agents have let their customers wait since this time or
/// longer, the longest first.
pub async fn unanswered(
    conn: &mut Conn,
    project: ProjectId,
    since: Time,
    after: SessionKey,
    limit: i64,
) -> QueryResult<Vec<Session>> {
    let query = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(sql::<Bool>(IS_UNANSWERED))
        .filter(sessions::waiting_since.between(after.micros, micros(since)))
        .filter(sessions::waiting_since.gt(after.micros).or(sessions::id.gt(after.id)))
        .filter(sql::<BigInt>(LET_WAIT_SINCE).le(micros(since)))
        .order((sessions::waiting_since, sessions::id))
        .limit(limit)
        .select(SessionRow::as_select());
    let rows: Vec<SessionRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Since when the agent lets the customer wait who has done so for longest, of those who have done so for less long than
/// since this time.
pub async fn next_unanswered(conn: &mut Conn, project: ProjectId, since: Time) -> QueryResult<Option<Time>> {
    let next: Option<i64> = sessions::table
        .filter(sessions::project_id.eq(project.0))
        .filter(sql::<Bool>(IS_UNANSWERED))
        .filter(sql::<BigInt>(LET_WAIT_SINCE).gt(micros(since)))
        .select(sql::<Nullable<BigInt>>(&format!("min({LET_WAIT_SINCE})")))
        .get_result(conn)
        .await?;
    Ok(next.and_then(Time::from_timestamp_micros))
}

/// Who let these sessions lie and when they lost them, the earliest first.
pub async fn let_lie(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<LetLie>> {
    let rows: Vec<LetLieRow> = session_let_lie::table
        .filter(dialect::one_of("session_let_lie.session_id", ids))
        .order((session_let_lie::at, session_let_lie::agent_id))
        .select(LetLieRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(LetLie::from).collect())
}

/// Notes that an agent let a session lie.
pub async fn note_let_lie(conn: &mut Conn, let_lie: &LetLie) -> QueryResult<()> {
    let lost = (session_let_lie::at.eq(micros(let_lie.at)), session_let_lie::wall_at.eq(micros(let_lie.wall_at)));
    diesel::insert_into(session_let_lie::table)
        .values((
            session_let_lie::session_id.eq(let_lie.session_id.0),
            session_let_lie::agent_id.eq(let_lie.agent_id.0),
            lost,
        ))
        .on_conflict((session_let_lie::session_id, session_let_lie::agent_id))
        .do_update()
        .set(lost)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a customer is told that they wait. Answers whether they were not since this time.
pub async fn note_queued(conn: &mut Conn, session: SessionId, now: Time, since: Time) -> QueryResult<bool> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let noted = diesel::insert_into(session_queue_notes::table)
        .values((session_queue_notes::session_id.eq(session.0), session_queue_notes::told_at.eq(micros(now))))
        .on_conflict(session_queue_notes::session_id)
        .do_update()
        .set(session_queue_notes::told_at.eq(micros(now)))
        .filter(session_queue_notes::told_at.lt(micros(since)))
        .execute(conn)
        .await?;
    Ok(noted > 0)
}
