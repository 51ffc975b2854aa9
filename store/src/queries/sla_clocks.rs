//! Clocks of service levels, and what happened to them. Those of many sessions are started and changed together.

use chrono::Duration;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};
use domain::sla::{Change, Clock, Entry, Metric, State, Terms};
use domain::ticket::TicketKind;
use domain::{CustomerId, Priority, ProjectId, SlaClockId, Time};
use serde_json::{Value, json};

use super::prepared::{Prepared, RunQueryDsl};
use super::statistics::only_team;
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, Named, micros, plain_json, row};
use crate::sla::{ClockUpdate, NewClock, Range};

diesel::table! {
    sla_clocks (id) {
        id -> BigInt,
        project_id -> BigInt,
        session_id -> BigInt,
        customer_id -> BigInt,
        ticket_id -> Nullable<BigInt>,
        metric -> Text,
        kind -> Text,
        priority -> Nullable<Text>,
        policy_version -> BigInt,
        started_at -> BigInt,
        terms -> Text,
        state -> Text,
        due_at -> Nullable<BigInt>,
        warn_at -> Nullable<BigInt>,
        paused_at -> Nullable<BigInt>,
        warned_at -> Nullable<BigInt>,
        breached_at -> Nullable<BigInt>,
        ended_at -> Nullable<BigInt>,
        changes -> BigInt,
        next_at -> Nullable<BigInt>,
        attempts -> Integer,
        error -> Nullable<Text>,
        settled_at -> Nullable<BigInt>,
        settled_agent_id -> Nullable<BigInt>,
        settled_team_id -> Nullable<BigInt>,
    }
}

diesel::table! {
    sla_clock_events (clock_id, place) {
        clock_id -> BigInt,
        place -> BigInt,
        at -> BigInt,
        change -> Text,
        terms -> Nullable<Text>,
    }
}

row! { ClockRow of sla_clocks is Clock {
    id: i64,
    project_id: i64,
    session_id: i64,
    customer_id: i64,
    ticket_id: Option<i64>,
    metric: Named<Metric>,
    kind: Named<TicketKind>,
    priority: Option<Named<Priority>>,
    policy_version: i64,
    started_at: At,
    terms: Json<Terms>,
    state: Named<State>,
    due_at: Option<At>,
    warn_at: Option<At>,
    paused_at: Option<At>,
    warned_at: Option<At>,
    breached_at: Option<At>,
    ended_at: Option<At>,
    changes: i64,
} }

fn clocks(rows: Vec<ClockRow>) -> Vec<Clock> {
    rows.into_iter().map(Clock::from).collect()
}

/// A clock, when something is to be told of it next, and the time of the database, both in microseconds since 1970 on the
/// wall clock.
type Running = (ClockRow, Option<i64>, i64);

/// Clocks as they stand now, even if what is to be told of them by now was not told yet.
fn as_of_now(rows: Vec<Running>) -> Vec<Clock> {
    let stands = |(row, next_at, now): Running| {
        let mut clock = Clock::from(row);
        // What is due for so long on the wall clock is due for as long on the project's.
        if let (Some(since), Some(due)) = (next_at.filter(|next_at| *next_at <= now), clock.next_at()) {
            clock.state = clock.state_at(due + Duration::microseconds(now - since));
        }
        clock
    };
    rows.into_iter().map(stands).collect()
}

/// Starts clocks. Of those for which there is one already that has not ended, none is started.
pub async fn start(conn: &mut Conn, new: &[NewClock]) -> QueryResult<()> {
    const COLUMNS: [(&str, &str); 16] = [
        ("project_id", "bigint"),
        ("session_id", "bigint"),
        ("customer_id", "bigint"),
        ("ticket_id", "bigint"),
        ("metric", "text"),
        ("kind", "text"),
        ("priority", "text"),
        ("policy_version", "bigint"),
        ("started_at", "bigint"),
        ("terms", "text"),
        ("state", "text"),
        ("due_at", "bigint"),
        ("warn_at", "bigint"),
        ("paused_at", "bigint"),
        ("changes", "bigint"),
        ("next_at", "bigint"),
    ];
    let rows: Vec<Value> = new
        .iter()
        .map(|clock| {
            json!({
                "project_id": clock.project_id,
                "session_id": clock.session_id,
                "customer_id": clock.customer_id,
                "ticket_id": clock.ticket_id,
                "metric": clock.metric.name(),
                "kind": clock.kind.name(),
                "priority": clock.priority.map(Priority::name),
                "policy_version": clock.policy_version,
                "started_at": micros(clock.started_at),
                "terms": plain_json(&clock.terms),
                "state": clock.standing.state.name(),
                "due_at": clock.standing.due_at.map(micros),
                "warn_at": clock.standing.warn_at.map(micros),
                "paused_at": clock.standing.paused_at.map(micros),
                "changes": 0,
                "next_at": clock.next_at.map(micros),
            })
        })
        .collect();
    let names = COLUMNS.map(|(name, _)| name).join(", ");
    diesel::sql_query(format!(
        "INSERT INTO sla_clocks ({names}) SELECT {names} FROM {} WHERE TRUE ON CONFLICT DO NOTHING",
        dialect::json_rows(&COLUMNS)
    ))
    .bind::<Text, _>(Value::Array(rows).to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what became of clocks, each at most once, and adds to their histories what happened to them.
pub async fn update(conn: &mut Conn, updates: &[ClockUpdate]) -> QueryResult<()> {
    const COLUMNS: [(&str, &str); 13] = [
        ("id", "bigint"),
        ("kind", "text"),
        ("priority", "text"),
        ("policy_version", "bigint"),
        ("state", "text"),
        ("due_at", "bigint"),
        ("warn_at", "bigint"),
        ("paused_at", "bigint"),
        ("warned_at", "bigint"),
        ("breached_at", "bigint"),
        ("ended_at", "bigint"),
        ("changes", "bigint"),
        ("next_at", "bigint"),
    ];
    let rows: Vec<Value> = updates
        .iter()
        .map(|ClockUpdate { clock, next_at, .. }| {
            json!({
                "id": clock.id,
                "kind": clock.kind.name(),
                "priority": clock.priority.map(Priority::name),
                "policy_version": clock.policy_version,
                "state": clock.state.name(),
                "due_at": clock.due_at.map(micros),
                "warn_at": clock.warn_at.map(micros),
                "paused_at": clock.paused_at.map(micros),
                "warned_at": clock.warned_at.map(micros),
                "breached_at": clock.breached_at.map(micros),
                "ended_at": clock.ended_at.map(micros),
                "changes": clock.changes,
                "next_at": next_at.map(micros),
            })
        })
        .collect();
    let changes: Vec<String> = COLUMNS[1..].iter().map(|(name, _)| format!("{name} = changed.{name}")).collect();
    diesel::sql_query(format!(
        "UPDATE sla_clocks SET {}, attempts = 0, error = NULL, {} FROM (SELECT * FROM {}) AS changed \
         WHERE sla_clocks.id = changed.id",
        changes.join(", "),
        settlement(),
        dialect::json_rows(&COLUMNS)
    ))
    .bind::<Text, _>(Value::Array(rows).to_string())
    .execute(conn)
    .await?;
    add_entries(conn, updates).await
}

/// Whose a promise is at the moment from which on it is known to be kept or missed, as SQL: of whoever has the ticket or the
/// session that it is about. What becomes of that later is not.
fn settlement() -> String {
    const SETTLES: &str = "sla_clocks.settled_at IS NULL AND changed.state IN ('ACHIEVED', 'BREACHED', 'BREACHING') \
        AND COALESCE(changed.breached_at, changed.ended_at) IS NOT NULL";
    const AGENT: &str = "COALESCE((SELECT tickets.assignee_id FROM tickets WHERE tickets.id = sla_clocks.ticket_id), \
        (SELECT sessions.assignee_id FROM sessions WHERE sessions.id = sla_clocks.session_id))";
    // A ticket that somebody has for themselves is not for the team of its session.
    let team = format!(
        "COALESCE((SELECT tickets.team_id FROM tickets WHERE tickets.id = sla_clocks.ticket_id), \
         (SELECT sessions.team_id FROM sessions WHERE sessions.id = sla_clocks.session_id AND NOT EXISTS \
         (SELECT 1 FROM tickets WHERE tickets.id = sla_clocks.ticket_id AND tickets.assignee_id IS NOT NULL)), {})",
        only_team(AGENT, "sla_clocks.project_id")
    );
    let settled =
        |column: &str, value: &str| format!("{column} = CASE WHEN {SETTLES} THEN {value} ELSE sla_clocks.{column} END");
    [
        settled("settled_at", "COALESCE(changed.breached_at, changed.ended_at)"),
        settled("settled_agent_id", AGENT),
        settled("settled_team_id", &team),
    ]
    .join(", ")
}

async fn add_entries(conn: &mut Conn, updates: &[ClockUpdate]) -> QueryResult<()> {
    const COLUMNS: [(&str, &str); 5] =
        [("clock_id", "bigint"), ("place", "bigint"), ("at", "bigint"), ("change", "text"), ("terms", "text")];
    let rows: Vec<Value> = updates
        .iter()
        .filter_map(|ClockUpdate { clock, entry, .. }| {
            let Entry { at, change } = (*entry)?;
            Some(json!({
                "clock_id": clock.id,
                "place": clock.changes,
                "at": micros(at),
                "change": change.name(),
                "terms": change.terms().map(|terms| plain_json(&terms)),
            }))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let names = COLUMNS.map(|(name, _)| name).join(", ");
    diesel::sql_query(format!(
        "INSERT INTO sla_clock_events ({names}) SELECT {names} FROM {}",
        dialect::json_rows(&COLUMNS)
    ))
    .bind::<Text, _>(Value::Array(rows).to_string())
    .execute(conn)
    .await?;
    Ok(())
}

/// The clocks of these sessions and of their tickets that have not ended, locked, in ascending order.
pub async fn lock_open(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Clock>> {
    let query = for_no_key_update!(
        sla_clocks::table
            .filter(dialect::one_of("sla_clocks.session_id", sessions))
            .filter(sla_clocks::ended_at.is_null())
            .order(sla_clocks::id)
            .select(ClockRow::as_select())
    );
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// The clocks of these customers' sessions and tickets that have not ended, in ascending order.
pub async fn open_of_customers(conn: &mut Conn, customers: &[i64]) -> QueryResult<Vec<Clock>> {
    let query = sla_clocks::table
        .filter(dialect::one_of("sla_clocks.customer_id", customers))
        .filter(sla_clocks::ended_at.is_null())
        .order(sla_clocks::id)
        .select(ClockRow::as_select());
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// The same of one customer, locked.
pub async fn lock_open_of_customer(conn: &mut Conn, customer: CustomerId) -> QueryResult<Vec<Clock>> {
    let query = for_no_key_update!(
        sla_clocks::table
            .filter(sla_clocks::customer_id.eq(customer.0))
            .filter(sla_clocks::ended_at.is_null())
            .order(sla_clocks::id)
            .select(ClockRow::as_select())
    );
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// The next clocks of which something is to be told, locked, those first that are due first. Those that another process
/// has are passed over.
pub async fn claim_due(conn: &mut Conn, now: Time, limit: i64) -> QueryResult<Vec<Clock>> {
    let query = for_no_key_update_skip_locked!(
        sla_clocks::table
            .filter(sla_clocks::next_at.is_not_null())
            .filter(sla_clocks::next_at.le(micros(now)))
            .order((sla_clocks::next_at, sla_clocks::id))
            .limit(limit)
            .select(ClockRow::as_select())
    );
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// The same clocks by their identifiers alone, not locked, each with how often nothing could be told of it.
pub async fn due(conn: &mut Conn, now: Time, limit: i64) -> QueryResult<Vec<(SlaClockId, i32)>> {
    let rows: Vec<(i64, i32)> = sla_clocks::table
        .filter(sla_clocks::next_at.is_not_null())
        .filter(sla_clocks::next_at.le(micros(now)))
        .order((sla_clocks::next_at, sla_clocks::id))
        .limit(limit)
        .select((sla_clocks::id, sla_clocks::attempts))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(id, attempts)| (SlaClockId(id), attempts)).collect())
}

/// A clock of which something is to be told, locked; nothing, without waiting, if another process has it.
pub async fn claim(conn: &mut Conn, id: SlaClockId, now: Time) -> QueryResult<Option<Clock>> {
    let query = for_no_key_update_skip_locked!(
        sla_clocks::table.find(id.0).filter(sla_clocks::next_at.le(micros(now))).select(ClockRow::as_select())
    );
    Ok(query.first(conn).await.optional()?.map(|row: ClockRow| row.into()))
}

/// Notes that nothing could be told of a clock, and when it is tried again.
pub async fn fail(conn: &mut Conn, id: SlaClockId, error: &str, again_at: Time) -> QueryResult<()> {
    diesel::update(sla_clocks::table.find(id.0))
        .filter(sla_clocks::next_at.is_not_null())
        .set((
            sla_clocks::attempts.eq(sla_clocks::attempts + 1),
            sla_clocks::error.eq(error),
            sla_clocks::next_at.eq(micros(again_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// When something is to be told next of any clock, in microseconds since 1970 on the wall clock.
pub async fn next_due(conn: &mut Conn) -> QueryResult<Option<i64>> {
    // No moment is before 1970, so that this enters the index at its beginning.
    sla_clocks::table
        .filter(sla_clocks::next_at.gt(0_i64))
        .select(diesel::dsl::min(sla_clocks::next_at))
        .first(conn)
        .await
}

/// Brings nearer what is to be told of the clocks of a project, because its own clock was moved forward.
pub async fn bring_nearer(conn: &mut Conn, project: ProjectId, by_micros: i64) -> QueryResult<()> {
    diesel::update(sla_clocks::table)
        .filter(sla_clocks::project_id.eq(project.0))
        .filter(sla_clocks::ended_at.is_null())
        .filter(sla_clocks::next_at.is_not_null())
        .set(sla_clocks::next_at.eq(sla_clocks::next_at - by_micros))
        .execute(conn)
        .await?;
    Ok(())
}

/// Clocks of a project that have not ended and are by an earlier version of its policy, locked, in no order. Those that
/// somebody else has are passed over.
pub async fn lock_behind(conn: &mut Conn, project: ProjectId, version: i64, limit: i64) -> QueryResult<Vec<Clock>> {
    let query = for_no_key_update_skip_locked!(
        sla_clocks::table
            .filter(sla_clocks::project_id.eq(project.0))
            .filter(sla_clocks::ended_at.is_null())
            .filter(sla_clocks::policy_version.lt(version))
            .limit(limit)
            .select(ClockRow::as_select())
    );
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// Whether a project has clocks that have not ended and are by an earlier version of its policy.
pub async fn has_behind(conn: &mut Conn, project: ProjectId, version: i64) -> QueryResult<bool> {
    let behind = sla_clocks::table
        .filter(sla_clocks::project_id.eq(project.0))
        .filter(sla_clocks::ended_at.is_null())
        .filter(sla_clocks::policy_version.lt(version));
    diesel::select(diesel::dsl::exists(behind)).get_result(conn).await
}

/// The clocks with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Clock>> {
    let query = sla_clocks::table.filter(dialect::looked_up("sla_clocks.id", ids)).select(ClockRow::as_select());
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// Every clock of these sessions themselves and of these tickets, in the order of their identifiers.
pub async fn all_of(conn: &mut Conn, sessions: &[i64], tickets: &[i64]) -> QueryResult<Vec<Clock>> {
    let own = sla_clocks::table
        .filter(dialect::one_of("sla_clocks.session_id", sessions))
        .filter(sla_clocks::ticket_id.is_null())
        .select(ClockRow::as_select());
    let mut rows: Vec<ClockRow> = dialect::load_all(Prepared(own), conn).await?;
    let of_tickets =
        sla_clocks::table.filter(dialect::one_of("sla_clocks.ticket_id", tickets)).select(ClockRow::as_select());
    rows.extend(dialect::load_all::<_, ClockRow>(Prepared(of_tickets), conn).await?);
    rows.sort_unstable_by_key(|row| row.id);
    Ok(clocks(rows))
}

/// The newest clock of each promise about these sessions themselves as it stands now, in the order of their identifiers.
pub async fn newest_of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Clock>> {
    // One that has not ended is the newest: no other begins before it ends (sla_clocks_open), and an end is for good.
    let is_newest = sql::<Bool>(
        "(sla_clocks.ended_at IS NULL OR sla_clocks.id = (SELECT MAX(newest.id) FROM sla_clocks AS newest \
         WHERE newest.session_id = sla_clocks.session_id AND newest.metric = sla_clocks.metric \
         AND newest.ticket_id IS NULL))",
    );
    let query = sla_clocks::table
        .filter(dialect::one_of("sla_clocks.session_id", sessions))
        .filter(sla_clocks::ticket_id.is_null())
        .filter(is_newest)
        .order(sla_clocks::id)
        .select((ClockRow::as_select(), sla_clocks::next_at, dialect::now_micros()));
    Ok(as_of_now(dialect::load_all(Prepared(query), conn).await?))
}

/// The newest clock of each promise about these tickets as it stands now, in the order of their identifiers.
pub async fn newest_of_tickets(conn: &mut Conn, tickets: &[i64]) -> QueryResult<Vec<Clock>> {
    // As for sessions; a ticket stays with its session.
    let is_newest = sql::<Bool>(
        "(sla_clocks.ended_at IS NULL OR sla_clocks.id = (SELECT MAX(newest.id) FROM sla_clocks AS newest \
         WHERE newest.ticket_id = sla_clocks.ticket_id AND newest.metric = sla_clocks.metric))",
    );
    let query = sla_clocks::table
        .filter(dialect::one_of("sla_clocks.ticket_id", tickets))
        .filter(is_newest)
        .order(sla_clocks::id)
        .select((ClockRow::as_select(), sla_clocks::next_at, dialect::now_micros()));
    Ok(as_of_now(dialect::load_all(Prepared(query), conn).await?))
}

/// Gives a customer the clocks of these sessions themselves and of these tickets.
pub async fn hand_over(conn: &mut Conn, sessions: &[i64], tickets: &[i64], to: CustomerId) -> QueryResult<()> {
    diesel::update(sla_clocks::table)
        .filter(dialect::one_of("sla_clocks.session_id", sessions))
        .filter(sla_clocks::ticket_id.is_null())
        .set(sla_clocks::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    diesel::update(sla_clocks::table)
        .filter(dialect::one_of("sla_clocks.ticket_id", tickets))
        .set(sla_clocks::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// The clocks that started within a range, the newest first.
pub async fn started(conn: &mut Conn, range: Range) -> QueryResult<Vec<Clock>> {
    let query = sla_clocks::table
        .filter(sla_clocks::project_id.eq(range.project_id.0))
        .filter(sla_clocks::started_at.ge(micros(range.from)))
        .filter(sla_clocks::started_at.lt(micros(range.to)))
        .order((sla_clocks::started_at.desc(), sla_clocks::id.desc()))
        .limit(range.limit)
        .select(ClockRow::as_select());
    Ok(clocks(dialect::load_all(Prepared(query), conn).await?))
}

/// What happened to these clocks, of each in order.
pub async fn histories(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(SlaClockId, Entry)>> {
    type Row = (i64, At, String, Option<Json<Terms>>);
    let query = sla_clock_events::table
        .filter(dialect::one_of("sla_clock_events.clock_id", ids))
        .order((sla_clock_events::clock_id, sla_clock_events::place))
        .select((sla_clock_events::clock_id, sla_clock_events::at, sla_clock_events::change, sla_clock_events::terms));
    let rows: Vec<Row> = dialect::load_all(Prepared(query), conn).await?;
    let entry = |(clock, at, change, terms): Row| {
        let change = Change::of_name(&change, terms.map(|terms| terms.0))?;
        Some((SlaClockId(clock), Entry { at: at.0, change }))
    };
    Ok(rows.into_iter().filter_map(entry).collect())
}
