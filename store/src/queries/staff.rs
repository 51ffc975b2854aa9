//! The chats of the staff, the codes that link them, and what they were told.

use diesel::prelude::*;
use domain::notice::NoticeKind;
use domain::{AgentId, ChatId, ProjectId, SessionId, StaffLink, Time};

use super::prepared::RunQueryDsl;
use super::schema::{link_codes, notices, staff_links};
use super::{Conn, Db, dialect};
use crate::mapping::{At, micros, row};
use crate::people::LinkCode;

row! { StaffLinkRow of staff_links is StaffLink {
    project_id: i64,
    agent_id: i64,
    chat_id: i64,
    telegram_name: String,
    linked_at: At,
    hinted_at: Option<At>,
} }

row! { LinkCodeRow of link_codes is LinkCode {
    hash: String,
    project_id: i64,
    agent_id: i64,
    team_id: Option<i64>,
    expires_at: At,
} }

/// The links of these agents, in the order of the projects.
pub async fn of_agents(conn: &mut Conn, agents: &[i64]) -> QueryResult<Vec<StaffLink>> {
    let rows: Vec<StaffLinkRow> = staff_links::table
        .filter(dialect::one_of("staff_links.agent_id", agents))
        .order((staff_links::agent_id, staff_links::project_id))
        .select(StaffLinkRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(StaffLink::from).collect())
}

/// The links of a project, in the order of the agents.
pub async fn of_project(conn: &mut Conn, project: ProjectId) -> QueryResult<Vec<StaffLink>> {
    let rows: Vec<StaffLinkRow> = staff_links::table
        .filter(staff_links::project_id.eq(project.0))
        .order(staff_links::agent_id)
        .select(StaffLinkRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(StaffLink::from).collect())
}

/// The link of an agent in a project.
pub async fn of_agent(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<Option<StaffLink>> {
    let row: Option<StaffLinkRow> =
        staff_links::table.find((project.0, agent.0)).select(StaffLinkRow::as_select()).first(conn).await.optional()?;
    Ok(row.map(StaffLink::from))
}

/// The link that a chat is.
pub async fn in_chat(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<Option<StaffLink>> {
    let row: Option<StaffLinkRow> = staff_links::table
        .filter(staff_links::project_id.eq(project.0).and(staff_links::chat_id.eq(chat.0)))
        .select(StaffLinkRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(StaffLink::from))
}

/// Links a chat to an agent. What the chat or the agent was linked to before in the project is no longer.
pub async fn link(conn: &mut Conn, link: &StaffLink) -> QueryResult<()> {
    unlink_chat(conn, link.project_id, link.chat_id).await?;
    unlink(conn, link.project_id, link.agent_id).await?;
    diesel::insert_into(staff_links::table)
        .values((
            staff_links::project_id.eq(link.project_id.0),
            staff_links::agent_id.eq(link.agent_id.0),
            staff_links::chat_id.eq(link.chat_id.0),
            staff_links::telegram_name.eq(&link.telegram_name),
            staff_links::linked_at.eq(micros(link.linked_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Ends the link of an agent. Answers whether there was one.
pub async fn unlink(conn: &mut Conn, project: ProjectId, agent: AgentId) -> QueryResult<bool> {
    let removed = diesel::delete(staff_links::table.find((project.0, agent.0))).execute(conn).await?;
    Ok(removed > 0)
}

/// Ends the link of a chat. Answers whether there was one.
pub async fn unlink_chat(conn: &mut Conn, project: ProjectId, chat: ChatId) -> QueryResult<bool> {
    let removed = diesel::delete(staff_links::table)
        .filter(staff_links::project_id.eq(project.0).and(staff_links::chat_id.eq(chat.0)))
        .execute(conn)
        .await?;
    Ok(removed > 0)
}

/// Notes that a chat was told that nobody reads there. Answers whether that was not done after `since`.
pub async fn note_hint(conn: &mut Conn, link: &StaffLink, now: Time, since: Time) -> QueryResult<bool> {
    let noted = diesel::update(staff_links::table.find((link.project_id.0, link.agent_id.0)))
        .filter(staff_links::hinted_at.is_null().or(staff_links::hinted_at.le(micros(since))))
        .set(staff_links::hinted_at.eq(micros(now)))
        .execute(conn)
        .await?;
    Ok(noted > 0)
}

/// Adds a code, and forgets those that work no more.
pub async fn insert_code(conn: &mut Conn, code: &LinkCode, now: Time) -> QueryResult<()> {
    diesel::delete(link_codes::table).filter(link_codes::expires_at.le(micros(now))).execute(conn).await?;
    diesel::insert_into(link_codes::table)
        .values((
            link_codes::hash.eq(&code.hash),
            link_codes::project_id.eq(code.project_id.0),
            link_codes::agent_id.eq(code.agent_id.0),
            link_codes::team_id.eq(code.team_id.map(|id| id.0)),
            link_codes::expires_at.eq(micros(code.expires_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The code with a hash, locked.
pub async fn lock_code(conn: &mut Conn, hash: &str) -> QueryResult<Option<LinkCode>> {
    let row: Option<LinkCodeRow> =
        for_update!(link_codes::table.find(hash).select(LinkCodeRow::as_select())).first(conn).await.optional()?;
    Ok(row.map(LinkCode::from))
}

/// Forgets a code.
pub async fn delete_code(conn: &mut Conn, hash: &str) -> QueryResult<()> {
    diesel::delete(link_codes::table.find(hash)).execute(conn).await?;
    Ok(())
}

/// Notes that a chat is told something about a session. Answers whether that was not done after `since`.
pub async fn note_notice(
    conn: &mut Conn,
    session: SessionId,
    kind: NoticeKind,
    chat: ChatId,
    now: Time,
    since: Time,
) -> QueryResult<bool> {
    use diesel::query_dsl::methods::FilterDsl as _;
    let noted = diesel::insert_into(notices::table)
        .values((
            notices::session_id.eq(session.0),
            notices::kind.eq(kind.name()),
            notices::chat_id.eq(chat.0),
            notices::told_at.eq(micros(now)),
        ))
        .on_conflict((notices::session_id, notices::kind, notices::chat_id))
        .do_update()
        .set(notices::told_at.eq(micros(now)))
        .filter(notices::told_at.le(micros(since)))
        .execute(conn)
        .await?;
    Ok(noted > 0)
}

/// Forgets that a chat was to be told something about a session.
pub async fn forget_notices(conn: &mut Conn, session: SessionId, chat: ChatId) -> QueryResult<()> {
    diesel::delete(notices::table)
        .filter(notices::session_id.eq(session.0))
        .filter(notices::chat_id.eq(chat.0))
        .execute(conn)
        .await?;
    Ok(())
}
