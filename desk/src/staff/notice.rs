//! Telling the staff in Telegram.

use std::collections::BTreeSet;
use std::sync::Arc;

use domain::notice::{NOTICE_PAUSE, NoticeKind, todo_notice};
use domain::{Agent, AgentId, ChatId, Customer, Project, Role, Session, Sight, TeamId, Time, Todo, WorkspaceRole};
use serde_json::json;
use store::Tx;
use store::outbox::{Lane, NewCall};

use crate::Error;

/// Tells the groups that nobody has a session: those of its team alone if it is for a team, since others may not see it,
/// and otherwise all groups of the project.
pub(crate) async fn tell_of_new_session(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &Session,
    wall: Time,
) -> Result<(), Error> {
    let groups = tx.team_groups_of_project(project.id).await?;
    let concerned = groups.iter().filter(|group| session.team_id.is_none_or(|team| group.team_id == team));
    let chats: BTreeSet<ChatId> = concerned.map(|group| group.chat_id).collect();
    for chat in chats {
        tell(tx, project, session, &customer.name, NoticeKind::NewSession, chat, wall).await?;
    }
    Ok(())
}

/// Tells the groups of a team something about a session. Other groups learn nothing of it.
pub(crate) async fn tell_team(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    team: TeamId,
    kind: NoticeKind,
    wall: Time,
) -> Result<(), Error> {
    let groups = tx.team_groups_of_project(project.id).await?;
    let chats: BTreeSet<ChatId> =
        groups.iter().filter(|group| group.team_id == team).map(|group| group.chat_id).collect();
    if chats.is_empty() {
        return Ok(());
    }
    let customer = tx.customers(&[session.customer_id.0]).await?.pop();
    let name = customer.map(|customer| customer.name).unwrap_or_default();
    for chat in chats {
        tell(tx, project, session, &name, kind, chat, wall).await?;
    }
    Ok(())
}

/// Tells whoever sees to a to-do that it is due: the agent, if a chat of theirs is linked, or the groups of the team.
pub(crate) async fn tell_of_todo(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    todo: &Todo,
    wall: Time,
) -> Result<(), Error> {
    let mut chats = BTreeSet::new();
    if let Some(agent) = todo.agent_id
        && member(tx, project, agent).await?.is_some()
    {
        chats.extend(tx.staff_link(project.id, agent).await?.map(|link| link.chat_id));
    }
    if let Some(team) = todo.team_id {
        chats.extend(tx.team_groups(&[team.0]).await?.into_iter().map(|group| group.chat_id));
    }
    if chats.is_empty() {
        return Ok(());
    }
    let customer = tx.customers(&[todo.customer_id.0]).await?.pop();
    let text = todo_notice(todo.kind, session.number, customer.as_ref().map_or("", |customer| customer.name.as_str()));
    for chat in chats {
        write(tx, project, chat, &text, wall).await?;
    }
    Ok(())
}

/// Tells an agent something about a session, if a chat of theirs is linked and the session goes on for them.
pub(crate) async fn tell_agent(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    agent: AgentId,
    kind: NoticeKind,
    wall: Time,
) -> Result<(), Error> {
    let Some(link) = tx.staff_link(project.id, agent).await? else { return Ok(()) };
    let sight = sight_of(tx, project, agent).await?;
    if !sight.is_some_and(|sight| sight.takes_in(&session.audience())) {
        return Ok(());
    }
    let customer = tx.customers(&[session.customer_id.0]).await?.pop();
    let name = customer.map(|customer| customer.name).unwrap_or_default();
    tell(tx, project, session, &name, kind, link.chat_id, wall).await
}

async fn tell(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    customer: &str,
    kind: NoticeKind,
    chat: ChatId,
    wall: Time,
) -> Result<(), Error> {
    if tx.note_notice(session.id, kind, chat, wall, wall - NOTICE_PAUSE).await? {
        write(tx, project, chat, &kind.text(session.number, customer), wall).await?;
    }
    Ok(())
}

/// Has the bot write to a chat of the staff.
pub(crate) async fn write(
    tx: &mut Tx,
    project: &Project,
    chat: ChatId,
    text: &str,
    wall: Time,
) -> Result<(), store::Error> {
    let call = NewCall {
        project_id: project.id,
        chat_id: chat,
        lane: Lane::Notice,
        message_id: None,
        method: "sendMessage".to_owned(),
        // The name of a customer may be an address, of which nobody shall be shown more.
        payload: json!({ "chat_id": chat.0, "text": text, "link_preview_options": { "is_disabled": true } })
            .to_string(),
        attachments: Vec::new(),
        cost: 1,
    };
    tx.insert_call(&call, wall).await
}

/// How far an agent sees in a project; nothing if they are not active or do not belong to it.
pub(crate) async fn sight_of(tx: &mut Tx, project: &Project, id: AgentId) -> Result<Option<Sight>, Error> {
    let Some(agent) = member(tx, project, id).await? else { return Ok(None) };
    let role = match agent.workspace_role {
        WorkspaceRole::Admin => Some(Role::Admin),
        WorkspaceRole::Member => {
            let roles = tx.memberships(id).await?;
            roles.into_iter().find(|(of, _)| *of == project.id).map(|(_, role)| role)
        }
    };
    let teams: Arc<[TeamId]> = tx.teams_of_agents(&[id.0]).await?.into_iter().map(|(_, team)| team).collect();
    Ok(role.map(|role| Sight::of(role, id, &teams)))
}

/// An agent, if they are active and belong to a project.
pub(crate) async fn member(tx: &mut Tx, project: &Project, id: AgentId) -> Result<Option<Agent>, Error> {
    let Some(agent) = tx.agent(id).await?.filter(|agent| agent.active) else { return Ok(None) };
    let is_admin = agent.workspace_role == WorkspaceRole::Admin;
    let belongs = agent.workspace_id == project.workspace_id
        && (is_admin || tx.memberships(id).await?.iter().any(|(of, _)| *of == project.id));
    Ok(belongs.then_some(agent))
}
