//! Projects and their bots.

use diesel::prelude::*;
use domain::chat_theme::ChatTheme;
use domain::night::Night;
use domain::session::SessionLife;
use domain::{BotMode, Project, ProjectId, Time, WorkspaceId};

use super::prepared::RunQueryDsl;
use super::schema::{bot_status, customers, projects, tg_inbox};
use super::{Conn, Db, dialect};
use crate::mapping::{At, Json, json, micros, row};
use crate::projects::{BotRecord, NewProject};

row! { ProjectRow of projects is Project {
    id: i64,
    workspace_id: i64,
    name: String,
    sandbox: bool,
    bot_username: Option<String>,
    clock_offset: i64,
    version: i64,
    created_at: At,
    archived_at: Option<At>,
    session_life: Json<SessionLife>,
    night: Json<Night>,
    chat_theme: Json<ChatTheme>,
} }

/// Adds a project.
pub async fn insert(conn: &mut Conn, project: &NewProject) -> QueryResult<Project> {
    diesel::insert_into(projects::table)
        .values((
            projects::workspace_id.eq(project.workspace_id.0),
            projects::name.eq(&project.name),
            projects::sandbox.eq(project.sandbox),
            projects::bot_id.eq(project.bot_id),
            projects::clock_offset.eq(0),
            projects::last_session_number.eq(0),
            projects::version.eq(1),
            projects::created_at.eq(micros(project.created_at)),
        ))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Keeps the sealed token of a project's bot.
pub async fn set_bot_token(conn: &mut Conn, id: ProjectId, sealed: &str) -> QueryResult<()> {
    diesel::update(projects::table.find(id.0)).set(projects::bot_token_sealed.eq(sealed)).execute(conn).await?;
    Ok(())
}

/// Keeps the user name that Telegram gives the bot.
pub async fn set_bot_username(conn: &mut Conn, id: ProjectId, username: &str) -> QueryResult<()> {
    diesel::update(projects::table.find(id.0))
        .set((projects::bot_username.eq(username), projects::version.eq(projects::version + 1)))
        .execute(conn)
        .await?;
    Ok(())
}

/// One project, locked.
pub async fn lock(conn: &mut Conn, id: ProjectId) -> QueryResult<Option<Project>> {
    let query = for_no_key_update!(projects::table.find(id.0).select(ProjectRow::as_select()));
    Ok(query.first(conn).await.optional()?.map(|row: ProjectRow| row.into()))
}

/// Writes the name and whether the project is put away, under the next version.
pub async fn update(conn: &mut Conn, id: ProjectId, name: &str, archived_at: Option<Time>) -> QueryResult<Project> {
    diesel::update(projects::table.find(id.0))
        .set((
            projects::name.eq(name),
            projects::archived_at.eq(archived_at.map(micros)),
            projects::version.eq(projects::version + 1),
        ))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Writes how long its sessions live, under the next version.
pub async fn set_session_life(conn: &mut Conn, id: ProjectId, life: SessionLife) -> QueryResult<Project> {
    diesel::update(projects::table.find(id.0))
        .set((projects::session_life.eq(json(&life)), projects::version.eq(projects::version + 1)))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Writes when it is night for its customers, under the next version.
pub async fn set_night(conn: &mut Conn, id: ProjectId, night: Night) -> QueryResult<Project> {
    diesel::update(projects::table.find(id.0))
        .set((projects::night.eq(json(&night)), projects::version.eq(projects::version + 1)))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Writes how consoles show its conversations, under the next version.
pub async fn set_chat_theme(conn: &mut Conn, id: ProjectId, theme: &ChatTheme) -> QueryResult<Project> {
    diesel::update(projects::table.find(id.0))
        .set((projects::chat_theme.eq(json(theme)), projects::version.eq(projects::version + 1)))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Which bot Telegram says that the project has.
pub async fn bot_id(conn: &mut Conn, id: ProjectId) -> QueryResult<Option<i64>> {
    projects::table.find(id.0).select(projects::bot_id).first(conn).await
}

/// Gives the project another bot, whose user name is not known yet.
pub async fn set_bot(conn: &mut Conn, id: ProjectId, bot_id: i64) -> QueryResult<()> {
    diesel::update(projects::table.find(id.0))
        .set((projects::bot_id.eq(bot_id), projects::bot_username.eq(None::<String>)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Whether anybody ever wrote to the project's bot.
pub async fn has_history(conn: &mut Conn, id: ProjectId) -> QueryResult<bool> {
    let customer: Option<i64> =
        customers::table.filter(customers::project_id.eq(id.0)).select(customers::id).first(conn).await.optional()?;
    let update: Option<i64> =
        tg_inbox::table.filter(tg_inbox::project_id.eq(id.0)).select(tg_inbox::id).first(conn).await.optional()?;
    Ok(customer.is_some() || update.is_some())
}

/// One project.
pub async fn find(conn: &mut Conn, id: ProjectId) -> QueryResult<Option<Project>> {
    let row = projects::table.find(id.0).select(ProjectRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(Project::from))
}

/// The projects with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Project>> {
    let rows: Vec<ProjectRow> = projects::table
        .filter(dialect::looked_up("projects.id", ids))
        .select(ProjectRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// The project of the bot that Telegram numbers so.
pub async fn by_bot_id(conn: &mut Conn, bot_id: i64) -> QueryResult<Option<Project>> {
    let row = projects::table
        .filter(projects::bot_id.eq(bot_id))
        .select(ProjectRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Project::from))
}

/// Every project of a workspace, oldest first.
pub async fn of_workspace(conn: &mut Conn, workspace: WorkspaceId) -> QueryResult<Vec<Project>> {
    let rows: Vec<ProjectRow> = projects::table
        .filter(projects::workspace_id.eq(workspace.0))
        .order(projects::id)
        .select(ProjectRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Project::from).collect())
}

/// Every bot that is to be served, simulated ones included, and those of archived projects to which
/// Telegram still delivers.
pub async fn bots(conn: &mut Conn) -> QueryResult<Vec<BotRecord>> {
    let rows: Vec<(i64, bool, Option<String>, Option<i64>)> = projects::table
        .left_join(bot_status::table.on(bot_status::project_id.eq(projects::id)))
        .filter(projects::archived_at.is_null().or(bot_status::mode.eq(BotMode::Webhook.name())))
        .order(projects::id)
        .select((projects::id, projects::sandbox, projects::bot_token_sealed, projects::archived_at))
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, sandbox, token_sealed, archived_at)| BotRecord {
            project_id: ProjectId(id),
            sandbox,
            token_sealed,
            archived: archived_at.is_some(),
        })
        .collect())
}

/// Moves a project's clock forward and answers the project as it is now.
pub async fn advance_clock(conn: &mut Conn, id: ProjectId, by_micros: i64) -> QueryResult<Project> {
    diesel::update(projects::table.find(id.0))
        .set((
            projects::clock_offset.eq(projects::clock_offset + by_micros),
            projects::version.eq(projects::version + 1),
        ))
        .returning(ProjectRow::as_select())
        .get_result(conn)
        .await
        .map(Project::from)
}

/// Takes the next number for a session of this project.
pub async fn next_session_number(conn: &mut Conn, id: ProjectId) -> QueryResult<i64> {
    diesel::update(projects::table.find(id.0))
        .set(projects::last_session_number.eq(projects::last_session_number + 1))
        .returning(projects::last_session_number)
        .get_result(conn)
        .await
}

/// Whether the bot of a project is a simulated one, and its sealed token.
pub async fn bot_token_sealed(conn: &mut Conn, id: ProjectId) -> QueryResult<Option<(bool, Option<String>)>> {
    projects::table.find(id.0).select((projects::sandbox, projects::bot_token_sealed)).first(conn).await.optional()
}

/// Raises the version of a project, because something that belongs to it changed.
pub async fn raise_version(conn: &mut Conn, id: ProjectId) -> QueryResult<()> {
    diesel::update(projects::table.find(id.0)).set(projects::version.eq(projects::version + 1)).execute(conn).await?;
    Ok(())
}
