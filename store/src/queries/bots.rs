//! What is known of the bots.

use diesel::prelude::*;
use domain::{BotMode, BotStatus, ProjectId, Time};

use super::prepared::RunQueryDsl;
use super::schema::bot_status;
use super::{Conn, dialect};
use crate::mapping::{At, IntoDomain, Named, micros};
use crate::projects::BotNote;

/// What is known of these bots, in no order.
pub async fn status(conn: &mut Conn, projects: &[i64]) -> QueryResult<Vec<(ProjectId, BotStatus)>> {
    type Row =
        (i64, Named<BotMode>, Option<String>, Option<i64>, Option<String>, Option<At>, bool, Option<At>, Option<At>);
    let rows: Vec<Row> =
        bot_status::table.filter(dialect::one_of("bot_status.project_id", projects)).load(conn).await?;
    let of_row = |row: Row| {
        let (project, mode, webhook_url, pending_updates, last_error, last_error_at, revoked, frozen_until, checked_at) =
            row;
        let status = BotStatus {
            mode: mode.into_domain(),
            webhook_url,
            pending_updates,
            last_error,
            last_error_at: last_error_at.into_domain(),
            revoked,
            frozen_until: frozen_until.into_domain(),
            checked_at: checked_at.into_domain(),
        };
        (ProjectId(project), status)
    };
    Ok(rows.into_iter().map(of_row).collect())
}

/// Notes how a bot is doing. What went wrong earlier stays if nothing did now, and so does the number of updates if it
/// was not asked for.
pub async fn note(conn: &mut Conn, project: ProjectId, note: &BotNote, now: Time) -> QueryResult<()> {
    use diesel::dsl::sql;
    use diesel::sql_types::{BigInt, Nullable, Text};
    let (error, error_at) = note.error.as_ref().map(|(error, at)| (error.as_str(), micros(*at))).unzip();
    diesel::insert_into(bot_status::table)
        .values((
            bot_status::project_id.eq(project.0),
            bot_status::mode.eq(note.mode.name()),
            bot_status::webhook_url.eq(note.webhook_url.as_deref()),
            bot_status::pending_updates.eq(note.pending_updates),
            bot_status::last_error.eq(error),
            bot_status::last_error_at.eq(error_at),
            bot_status::revoked.eq(note.revoked),
            bot_status::checked_at.eq(micros(now)),
        ))
        .on_conflict(bot_status::project_id)
        .do_update()
        .set((
            bot_status::mode.eq(note.mode.name()),
            bot_status::webhook_url.eq(note.webhook_url.as_deref()),
            bot_status::pending_updates
                .eq(sql::<Nullable<BigInt>>("coalesce(excluded.pending_updates, bot_status.pending_updates)")),
            bot_status::last_error.eq(sql::<Nullable<Text>>("coalesce(excluded.last_error, bot_status.last_error)")),
            bot_status::last_error_at
                .eq(sql::<Nullable<BigInt>>("coalesce(excluded.last_error_at, bot_status.last_error_at)")),
            bot_status::revoked.eq(note.revoked),
            bot_status::checked_at.eq(micros(now)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that nobody serves a bot any more.
pub async fn dismiss(conn: &mut Conn, project: ProjectId) -> QueryResult<()> {
    diesel::update(bot_status::table.find(project.0))
        .set((
            bot_status::mode.eq(BotMode::None.name()),
            bot_status::webhook_url.eq(None::<String>),
            bot_status::pending_updates.eq(None::<i64>),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Forgets all that is known of a bot, for another one takes its place.
pub async fn forget(conn: &mut Conn, project: ProjectId) -> QueryResult<()> {
    diesel::delete(bot_status::table.find(project.0)).execute(conn).await?;
    Ok(())
}

/// Notes until when Telegram wants to hear nothing of a bot.
pub async fn freeze(conn: &mut Conn, project: ProjectId, until: Time) -> QueryResult<()> {
    diesel::insert_into(bot_status::table)
        .values((
            bot_status::project_id.eq(project.0),
            bot_status::mode.eq(BotMode::None.name()),
            bot_status::revoked.eq(false),
            bot_status::frozen_until.eq(micros(until)),
        ))
        .on_conflict(bot_status::project_id)
        .do_update()
        .set(bot_status::frozen_until.eq(micros(until)))
        .execute(conn)
        .await?;
    Ok(())
}
