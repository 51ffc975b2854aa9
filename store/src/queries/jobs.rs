//! What is due later.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::{JobId, ProjectId, Time};

use super::Conn;
use super::prepared::RunQueryDsl;
use super::schema::jobs;
use crate::jobs::{Job, NewJob};
use crate::mapping::micros;

/// The row of a new job.
macro_rules! row {
    ($job:expr, $now:expr) => {
        (
            jobs::key.eq(&$job.key),
            jobs::project_id.eq($job.project_id.map(|id| id.0)),
            jobs::kind.eq($job.kind),
            jobs::payload.eq(&$job.payload),
            jobs::due_at.eq(micros($job.due_at)),
            jobs::state.eq("WAITING"),
            jobs::attempts.eq(0),
            jobs::created_at.eq(micros($now)),
        )
    };
}

/// Adds a job, or moves the one under the same key to the new time and content.
pub async fn schedule(conn: &mut Conn, job: &NewJob, now: Time) -> QueryResult<()> {
    diesel::insert_into(jobs::table)
        .values(row!(job, now))
        .on_conflict(jobs::key)
        .do_update()
        .set((
            jobs::payload.eq(&job.payload),
            jobs::due_at.eq(micros(job.due_at)),
            jobs::state.eq("WAITING"),
            jobs::attempts.eq(0),
            jobs::error.eq(None::<String>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a job, or brings the one under the same key nearer if it is due later.
pub async fn schedule_by(conn: &mut Conn, job: &NewJob, now: Time) -> QueryResult<()> {
    const SOONER: &str = "CASE WHEN excluded.due_at < jobs.due_at THEN excluded.due_at ELSE jobs.due_at END";
    diesel::insert_into(jobs::table)
        .values(row!(job, now))
        .on_conflict(jobs::key)
        .do_update()
        .set(jobs::due_at.eq(sql::<BigInt>(SOONER)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds a job unless there is one under the same key.
pub async fn schedule_once(conn: &mut Conn, job: &NewJob, now: Time) -> QueryResult<()> {
    diesel::insert_into(jobs::table).values(row!(job, now)).on_conflict_do_nothing().execute(conn).await?;
    Ok(())
}

/// Locks the next job that is due and that no other process is running.
pub async fn claim(conn: &mut Conn, now: Time) -> QueryResult<Option<Job>> {
    type Row = (i64, String, String, String, i32);
    let row: Option<Row> = for_update_skip_locked!(
        jobs::table
            .filter(sql::<Bool>("jobs.state = 'WAITING'"))
            .filter(jobs::due_at.le(micros(now)))
            .order((jobs::due_at, jobs::id))
            .limit(1)
            .select((jobs::id, jobs::key, jobs::kind, jobs::payload, jobs::attempts))
    )
    .first(conn)
    .await
    .optional()?;
    Ok(row.map(|(id, key, kind, payload, attempts)| Job { id: JobId(id), key, kind, payload, attempts }))
}

/// Removes a job that has been done.
pub async fn finish(conn: &mut Conn, id: JobId) -> QueryResult<()> {
    diesel::delete(jobs::table.find(id.0)).execute(conn).await?;
    Ok(())
}

/// Takes a job away. Answers whether there was one.
pub async fn remove(conn: &mut Conn, key: &str) -> QueryResult<bool> {
    let removed = diesel::delete(jobs::table).filter(jobs::key.eq(key)).execute(conn).await?;
    Ok(removed > 0)
}

/// Moves a job to a later time without counting a failure.
pub async fn postpone(conn: &mut Conn, id: JobId, due_at: Time) -> QueryResult<()> {
    diesel::update(jobs::table.find(id.0))
        .set((jobs::due_at.eq(micros(due_at)), jobs::attempts.eq(0)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Moves a job to a later time, for a reason that is not its own; one that has been moved
/// farther stays there.
pub async fn put_off(conn: &mut Conn, id: JobId, due_at: Time) -> QueryResult<()> {
    let due_at = micros(due_at);
    diesel::update(jobs::table.find(id.0).filter(jobs::due_at.lt(due_at)))
        .set(jobs::due_at.eq(due_at))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a job failed, and when it is tried again; without a time it is dead and kept
/// for people to look at.
pub async fn fail(conn: &mut Conn, id: JobId, error: &str, try_again_at: Option<Time>) -> QueryResult<()> {
    diesel::update(jobs::table.find(id.0))
        .set((
            jobs::state.eq(if try_again_at.is_some() { "WAITING" } else { "DEAD" }),
            jobs::attempts.eq(jobs::attempts + 1),
            jobs::error.eq(error),
            try_again_at.map(|time| jobs::due_at.eq(micros(time))),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Brings the waiting jobs of a project nearer, because its clock was moved forward.
pub async fn bring_nearer(conn: &mut Conn, project: ProjectId, by_micros: i64) -> QueryResult<()> {
    diesel::update(jobs::table)
        .filter(jobs::project_id.eq(project.0))
        .filter(sql::<Bool>("jobs.state = 'WAITING'"))
        .set(jobs::due_at.eq(jobs::due_at - by_micros))
        .execute(conn)
        .await?;
    Ok(())
}

/// When the next job is due, if one waits.
pub async fn next_due(conn: &mut Conn) -> QueryResult<Option<i64>> {
    jobs::table.filter(sql::<Bool>("jobs.state = 'WAITING'")).select(diesel::dsl::min(jobs::due_at)).first(conn).await
}
