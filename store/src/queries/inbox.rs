//! Updates from Telegram: stored on arrival, worked off in order.

use diesel::dsl::{exists, not, sql};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use domain::filter::Page;
use domain::{ChatId, ProjectId, Time, UpdateRowId};

use super::prepared::RunQueryDsl;
use super::schema::{tg_inbox, tg_intake};
use super::{Conn, Db, dialect};
use crate::inbox::{FailedUpdate, KeptUpdate, NewUpdate, Place, Shelf, StoredUpdate, UpdateState};
use crate::mapping::{At, IntoDomain, Named, micros};

/// Stores updates and leaves out those that are stored already. Answers how many are new.
pub async fn insert(conn: &mut Conn, updates: &[NewUpdate], now: Time) -> QueryResult<usize> {
    dialect::insert_updates(conn, updates, micros(now)).await
}

/// The raw text that is stored under an update number, if one is.
pub async fn raw(conn: &mut Conn, project: ProjectId, epoch: i64, update_id: i64) -> QueryResult<Option<String>> {
    tg_inbox::table
        .filter(tg_inbox::project_id.eq(project.0).and(tg_inbox::epoch.eq(epoch)))
        .filter(tg_inbox::update_id.eq(update_id))
        .select(tg_inbox::raw)
        .first(conn)
        .await
        .optional()
}

/// Which series of numbers a bot is in, if it ever began another one than the first.
pub async fn epoch(conn: &mut Conn, project: ProjectId) -> QueryResult<Option<i64>> {
    tg_intake::table.find(project.0).select(tg_intake::epoch).first(conn).await.optional()
}

/// Notes that a bot is in a series of numbers, unless it is in a later one.
pub async fn raise_epoch(conn: &mut Conn, project: ProjectId, epoch: i64) -> QueryResult<()> {
    use diesel::query_dsl::methods::FilterDsl as _;
    diesel::insert_into(tg_intake::table)
        .values((tg_intake::project_id.eq(project.0), tg_intake::epoch.eq(epoch)))
        .on_conflict(tg_intake::project_id)
        .do_update()
        .set(tg_intake::epoch.eq(epoch))
        .filter(tg_intake::epoch.lt(epoch))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether an update waits that is due, without looking at what is before it in its chat.
pub async fn has_due(conn: &mut Conn, now: Time) -> QueryResult<bool> {
    // In the order of the index over what waits. Asked for any of it, PostgreSQL walks through all that has been worked off
    // if much waited when it last counted.
    let next: Option<i64> = tg_inbox::table
        .filter(sql::<Bool>("tg_inbox.state = 'PENDING'"))
        .filter(tg_inbox::not_before.le(micros(now)))
        .order((tg_inbox::received_at, tg_inbox::id))
        .select(tg_inbox::id)
        .first(conn)
        .await
        .optional()?;
    Ok(next.is_some())
}

/// Locks the next updates that are due: of each chat the oldest one that is pending, and none
/// that another process is working on.
pub async fn claim(conn: &mut Conn, now: Time, limit: i64) -> QueryResult<Vec<StoredUpdate>> {
    type Row = (i64, i64, i64, String, String, i32, Option<String>);
    let earlier = diesel::alias!(tg_inbox as earlier);
    let in_front = earlier
        .filter(sql::<Bool>("earlier.state = 'PENDING'"))
        .filter(earlier.field(tg_inbox::project_id).eq(tg_inbox::project_id))
        .filter(earlier.field(tg_inbox::chat_id).eq(tg_inbox::chat_id))
        .filter(earlier.field(tg_inbox::id).lt(tg_inbox::id));
    let rows: Vec<Row> = for_update_skip_locked!(
        tg_inbox::table
            .filter(sql::<Bool>("tg_inbox.state = 'PENDING'"))
            .filter(tg_inbox::not_before.le(micros(now)))
            .filter(not(exists(in_front)))
            .order((tg_inbox::received_at, tg_inbox::id))
            .limit(limit)
            .select((
                tg_inbox::id,
                tg_inbox::project_id,
                tg_inbox::chat_id,
                tg_inbox::kind,
                tg_inbox::raw,
                tg_inbox::attempts,
                tg_inbox::shelf,
            ))
    )
    .load(conn)
    .await?;
    Ok(rows
        .into_iter()
        .map(|(id, project, chat, kind, raw, attempts, shelf)| StoredUpdate {
            id: UpdateRowId(id),
            project_id: ProjectId(project),
            chat_id: ChatId(chat),
            kind,
            raw,
            attempts,
            let_in: shelf.is_some(),
        })
        .collect())
}

/// Notes that updates have been worked off.
pub async fn finish(conn: &mut Conn, ids: &[i64]) -> QueryResult<()> {
    diesel::update(tg_inbox::table)
        .filter(dialect::one_of("tg_inbox.id", ids))
        .set(tg_inbox::state.eq("DONE"))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that an update failed, and when it is tried again; without a time it is given up
/// and kept for people to look at.
pub async fn fail(conn: &mut Conn, id: UpdateRowId, error: &str, try_again_at: Option<Time>) -> QueryResult<()> {
    let state = if try_again_at.is_some() { "PENDING" } else { "POISON" };
    diesel::update(tg_inbox::table.find(id.0))
        .set((
            tg_inbox::state.eq(state),
            tg_inbox::attempts.eq(tg_inbox::attempts + 1),
            tg_inbox::error.eq(error),
            try_again_at.map(|time| tg_inbox::not_before.eq(micros(time))),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The updates that were given up, oldest first.
pub async fn failed(conn: &mut Conn, limit: i64) -> QueryResult<Vec<FailedUpdate>> {
    type Row = (i64, i64, i64, String, i32, Option<String>, At);
    let rows: Vec<Row> = tg_inbox::table
        .filter(sql::<Bool>("tg_inbox.state = 'POISON'"))
        .order(tg_inbox::id)
        .limit(limit)
        .select((
            tg_inbox::id,
            tg_inbox::project_id,
            tg_inbox::chat_id,
            tg_inbox::kind,
            tg_inbox::attempts,
            tg_inbox::error,
            tg_inbox::received_at,
        ))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, project, chat, kind, attempts, error, At(received_at))| FailedUpdate {
            id: UpdateRowId(id),
            project_id: ProjectId(project),
            chat_id: ChatId(chat),
            kind,
            attempts,
            error: error.unwrap_or_default(),
            received_at,
        })
        .collect())
}

/// Puts updates by, for a reason.
pub async fn shelve(conn: &mut Conn, ids: &[i64], shelf: Shelf) -> QueryResult<()> {
    diesel::update(tg_inbox::table)
        .filter(dialect::one_of("tg_inbox.id", ids))
        .set((tg_inbox::state.eq(UpdateState::Shelved.name()), tg_inbox::shelf.eq(shelf.name())))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has those who wait in a chat wait in another one, but for what somebody is working on.
pub async fn move_pending(conn: &mut Conn, project: ProjectId, from: ChatId, to: ChatId) -> QueryResult<()> {
    let waiting: Vec<i64> = for_update_skip_locked!(
        tg_inbox::table
            .filter(tg_inbox::project_id.eq(project.0).and(tg_inbox::chat_id.eq(from.0)))
            .filter(sql::<Bool>("tg_inbox.state = 'PENDING'"))
            .select(tg_inbox::id)
    )
    .load(conn)
    .await?;
    diesel::update(tg_inbox::table)
        .filter(dialect::one_of("tg_inbox.id", &waiting))
        .set(tg_inbox::chat_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = tg_inbox, check_for_backend(Db))]
struct KeptRow {
    id: i64,
    project_id: i64,
    epoch: i64,
    update_id: i64,
    kind: String,
    raw: String,
    state: Named<UpdateState>,
    shelf: Option<Named<Shelf>>,
    error: Option<String>,
    attempts: i32,
    received_at: At,
}

impl From<KeptRow> for KeptUpdate {
    fn from(row: KeptRow) -> Self {
        Self {
            id: row.id.into_domain(),
            project_id: row.project_id.into_domain(),
            place: Place { epoch: row.epoch, update_id: row.update_id },
            kind: row.kind,
            raw: row.raw,
            state: row.state.into_domain(),
            shelf: row.shelf.into_domain(),
            error: row.error,
            attempts: row.attempts,
            received_at: row.received_at.into_domain(),
        }
    }
}

/// The updates with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<KeptUpdate>> {
    let rows: Vec<KeptRow> =
        tg_inbox::table.filter(dialect::looked_up("tg_inbox.id", ids)).select(KeptRow::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(KeptUpdate::from).collect())
}

/// Lets through a project's updates in one state, or in any. Each state has its own text, so that the planner sees the
/// partial index over it.
macro_rules! in_state {
    ($project:expr, $state:expr) => {{
        let of_project = tg_inbox::table.filter(tg_inbox::project_id.eq($project.0)).into_boxed::<Db>();
        match $state {
            None => of_project,
            Some(UpdateState::Pending) => of_project.filter(sql::<Bool>("tg_inbox.state = 'PENDING'")),
            Some(UpdateState::Done) => of_project.filter(sql::<Bool>("tg_inbox.state = 'DONE'")),
            Some(UpdateState::Failed) => of_project.filter(sql::<Bool>("tg_inbox.state = 'POISON'")),
            Some(UpdateState::Shelved) => of_project.filter(sql::<Bool>("tg_inbox.state = 'SHELVED'")),
        }
    }};
}

/// One page of a project's updates, newest first, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    state: Option<UpdateState>,
    page: Page<Place>,
) -> QueryResult<Vec<KeptUpdate>> {
    let limit = i64::try_from(page.size).unwrap_or(i64::MAX);
    let mut query = in_state!(project, state).select(KeptRow::as_select()).limit(limit);
    // The first condition alone decides where the index is entered.
    if let Some(Place { epoch, update_id }) = page.after {
        query = query
            .filter(tg_inbox::epoch.le(epoch))
            .filter(tg_inbox::epoch.lt(epoch).or(tg_inbox::update_id.lt(update_id)));
    }
    if let Some(Place { epoch, update_id }) = page.before {
        query = query
            .filter(tg_inbox::epoch.ge(epoch))
            .filter(tg_inbox::epoch.gt(epoch).or(tg_inbox::update_id.gt(update_id)));
    }
    query = match page.from_end {
        true => query.order((tg_inbox::epoch.asc(), tg_inbox::update_id.asc())),
        false => query.order((tg_inbox::epoch.desc(), tg_inbox::update_id.desc())),
    };
    let rows: Vec<KeptRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(KeptUpdate::from).collect())
}

/// How many updates of a project are in a state, or in any.
pub async fn count(conn: &mut Conn, project: ProjectId, state: Option<UpdateState>) -> QueryResult<i64> {
    in_state!(project, state).count().get_result(conn).await
}

/// Has an update that was given up or put by worked off again, as if it had just come. Answers whether there is such a
/// one.
pub async fn retry(conn: &mut Conn, id: UpdateRowId, now: Time) -> QueryResult<bool> {
    let retried = diesel::update(tg_inbox::table.find(id.0))
        .filter(sql::<Bool>("tg_inbox.state IN ('POISON', 'SHELVED')"))
        .set((tg_inbox::state.eq("PENDING"), tg_inbox::attempts.eq(0), tg_inbox::not_before.eq(micros(now))))
        .execute(conn)
        .await?;
    Ok(retried == 1)
}
