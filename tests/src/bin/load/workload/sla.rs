//! Clocks of service levels: what they cost a page of the inbox and the intake, and how soon many that run out at once are
//! told of.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::Sql;

use super::asking::{looker, measure as ask, operation};
use super::intake::take_in;
use super::{OPEN_PERCENT, Setting};
use crate::Result;
use crate::arguments::{IntakeOptions, Looker, SlaOptions};
use crate::budget::{TOLD, WHAT};
use crate::made_up_data::Shape;
use crate::report::{Row, Table, to_f64};
use crate::stage::{Project, Running, Stage};

/// How long it may take until everything was told of.
const PATIENCE: Duration = Duration::from_secs(300);
/// Pause between two looks whether it was.
const PAUSE: Duration = Duration::from_millis(10);
/// How far ahead the moment is at which many clocks run out: longer than the desk waits at most before it looks again
/// which comes next, as nobody tells it of what changes beside it.
const AHEAD_MICROS: i64 = 40_000_000;
/// A moment that does not come while this runs.
const FAR_AHEAD_MICROS: i64 = 30 * 24 * 3_600 * 1_000_000;
/// The chats of the staff, beyond those of customers.
const FIRST_STAFF_CHAT: i64 = 9_000_000_000;

const PAGE: &str = "query Page($project: ID!) { sessions(projectId: $project, first: 50) { nodes {
    id number status priority lastMessageAt unreadCount customer { id name } assignee { id name }
    lastMessage { id text direction createdAt } } } }";
const PAGE_WITH_CLOCKS: &str = "query Page($project: ID!) { sessions(projectId: $project, first: 50) { nodes {
    id number status priority lastMessageAt unreadCount customer { id name } assignee { id name }
    lastMessage { id text direction createdAt } sla { id metric state dueAt pausedAt } } } }";

/// Measures pages, then how long it takes to tell of clocks that run out, and then the intake. Pages and intake are also those
/// of a server without clocks if there is one.
pub async fn measure(setting: &Setting<'_>, options: &SlaOptions) -> Result<Vec<Row>> {
    let sql = setting.stage.sql().await?;
    start_clocks(setting, &sql, options.clocks).await?;
    let without = match &options.without {
        Some(server) => Some(stage_without_clocks(setting, server).await?),
        None => None,
    };
    let without = without.as_ref().map(|(stage, project)| Setting { stage, project, ..*setting });
    let mut rows = all_pages(setting, without.as_ref(), options).await?;
    rows.push(runs_out(setting, options, &sql).await?);
    for _ in 0..setting.turns {
        if let Some(without) = &without {
            rows.push(intake(without, options, "intake without clocks").await?);
        }
        rows.push(intake(setting, options, "intake with clocks").await?);
    }
    Ok(rows)
}

/// The same page of a server without clocks, of one with clocks, and with them on it.
async fn all_pages(setting: &Setting<'_>, without: Option<&Setting<'_>>, options: &SlaOptions) -> Result<Vec<Row>> {
    let running = setting.stage.start().await?;
    let running_without = match without {
        Some(without) => Some((without, without.stage.start().await?)),
        None => None,
    };
    let mut rows = Vec::new();
    for (by, whose) in [(Looker::Supervisor, "a supervisor's page"), (Looker::Agent, "an agent's page")] {
        for _ in 0..setting.turns {
            if let Some((without, running)) = &running_without {
                rows.push(pages(without, options, running, by, PAGE, &format!("{whose} without clocks")).await?);
            }
            rows.push(pages(setting, options, &running, by, PAGE, &format!("{whose} with clocks")).await?);
            rows.push(
                pages(setting, options, &running, by, PAGE_WITH_CLOCKS, &format!("{whose} that shows clocks")).await?,
            );
        }
    }
    Ok(rows)
}

/// The same sessions for a server that knows no clocks.
async fn stage_without_clocks(setting: &Setting<'_>, server: &Path) -> Result<(Stage, Project)> {
    let shape = Shape {
        sessions: setting.sessions,
        messages_per_session: setting.messages / setting.sessions,
        open_percent: OPEN_PERCENT,
    };
    Stage::new(setting.engine, server).await?.with_project(shape).await
}

/// Takes updates in, of customers who begin to write and then go on writing.
async fn intake(setting: &Setting<'_>, options: &SlaOptions, what: &str) -> Result<Row> {
    let mut taken_in = take_in(setting, &IntakeOptions::default()).await?;
    // How many are worked off is what counts.
    taken_in.measurement.elapsed += taken_in.working_off;
    let row = row(setting, options, what).optional(TOLD, None, 2);
    Ok(row.measurement("operations/s", &mut taken_in.measurement))
}

async fn pages(
    setting: &Setting<'_>,
    options: &SlaOptions,
    running: &Running,
    by: Looker,
    document: &str,
    what: &str,
) -> Result<Row> {
    let client = looker(running, by).await;
    let requests: Arc<[Vec<u8>]> = [operation(&client, document, &json!({ "project": setting.project.id }))].into();
    let mut measurement = ask(setting, running, options.clients, &requests).await?;
    Ok(row(setting, options, what).optional(TOLD, None, 2).measurement("operations/s", &mut measurement))
}

fn row(setting: &Setting<'_>, options: &SlaOptions, what: &str) -> Row {
    Row::new(Table::Sla)
        .text("engine", setting.engine)
        .text("sessions", setting.sessions)
        .text("clocks", options.clocks)
        .text(WHAT, what)
}

/// Has many clocks run out in one moment, and waits until each was told of.
async fn runs_out(setting: &Setting<'_>, options: &SlaOptions, sql: &Sql) -> Result<Row> {
    let running = setting.stage.start().await?;
    let due_at = now_micros(sql).await? + AHEAD_MICROS;
    let project = setting.project.number;
    // Only made-up clocks warn nobody: those which the desk has started itself are left alone.
    sql.execute(&format!(
        "UPDATE sla_clocks SET due_at = {due_at}, next_at = {due_at} + 1
        WHERE id IN (SELECT id FROM sla_clocks
            WHERE project_id = {project} AND state = 'PENDING' AND warn_at IS NULL ORDER BY id LIMIT {})",
        options.due
    ))
    .await?;
    let these = format!("SELECT count(*) FROM sla_clocks WHERE project_id = {project} AND due_at = {due_at}");
    let due = sql.number(&these).await?;
    if due == 0 {
        return Err("no clock is left that could run out".into());
    }
    let left = u64::try_from(due_at - now_micros(sql).await?).unwrap_or_default();
    tokio::time::sleep(Duration::from_micros(left)).await;
    let begun = Instant::now();
    let cpu_before = running.processes.cpu_time()?;
    let late = format!("{these} AND state = 'BREACHING'");
    while sql.number(&late).await? < due {
        if begun.elapsed() > PATIENCE {
            return Err(format!("clocks are not told of after {PATIENCE:?}").into());
        }
        tokio::time::sleep(PAUSE).await;
    }
    let elapsed = begun.elapsed();
    let cpu = running.processes.cpu_time()?.since(cpu_before);
    let told = to_f64(usize::try_from(due)?);
    Ok(row(setting, options, &format!("{due} run out at once"))
        .number(TOLD, elapsed.as_secs_f64(), 2)
        .number("operations/s", told / elapsed.as_secs_f64(), 0)
        .optional("p50 ms", None, 2)
        .optional("p99 ms", None, 2)
        .cpu(cpu, 1_000.0 / told)
        .memory(running.processes.memory()?))
}

/// Makes up clocks that run, two of each of the newest sessions, and chats for the agents who have them.
async fn start_clocks(setting: &Setting<'_>, sql: &Sql, clocks: i64) -> Result<()> {
    let (project, now) = (setting.project.number, now_micros(sql).await?);
    let (terms, far) = (r#"{"micros":2592000000000,"warn":80,"pauses":true}"#, now + FAR_AHEAD_MICROS);
    for metric in ["FIRST_RESPONSE", "RESOLUTION"] {
        sql.execute(&format!(
            "INSERT INTO sla_clocks (project_id, session_id, customer_id, metric, kind, policy_version, started_at,
                terms, state, due_at, warn_at, changes, next_at)
            SELECT project_id, id, customer_id, '{metric}', 'STANDARD', 1, {now}, '{terms}',
                'PENDING', {far}, NULL, 0, {far} + 1
            FROM sessions WHERE project_id = {project} ORDER BY id DESC LIMIT {clocks} / 2
            ON CONFLICT DO NOTHING"
        ))
        .await?;
    }
    sql.execute(&format!(
        "INSERT INTO staff_links (project_id, agent_id, chat_id, telegram_name, linked_at)
        SELECT project_id, agent_id, {FIRST_STAFF_CHAT} + agent_id, 'Agent', {now}
        FROM memberships WHERE project_id = {project}"
    ))
    .await
}

async fn now_micros(sql: &Sql) -> Result<i64> {
    sql.number(match sql {
        Sql::Sqlite(_) => "SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER)",
        Sql::Postgres(_) => "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000000)::bigint",
    })
    .await
}
