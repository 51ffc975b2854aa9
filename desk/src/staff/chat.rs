//! What the staff write to the bot.

use chrono::Duration;
use domain::event::Cause;
use domain::{
    Agent, ChatId, CloseReason, CustomerKind, Project, Role, Session, StaffLink, TeamGroup, Time, WorkspaceRole,
};
use store::Tx;
use store::people::LinkCode;

use super::code::hash_of;
use super::notice::write;
use crate::Error;
use crate::agent::member;
use crate::customer::lock;
use crate::message::Incoming;
use crate::session::touch;

/// How often a linked chat is told at most that nobody reads what is written there.
const HINT_PAUSE: Duration = Duration::minutes(5);
/// What a linked chat is told then.
const HINT: &str = "This chat is for notices: nobody reads what is written here. Answer customers in the console. \
    /unlink ends the notices.";
const RUN_OUT: &str = "This link has run out. Make another one in the console.";
const ELSEWHERE: &str = "This link was made for another place and works no more. Make another one in the console.";
const UNLINKED: &str = "This chat is no longer linked and gets no more notices.";

/// Deals with a message if it is one of the staff: whatever is written in a linked chat, and a code that links one.
/// `command` is its name and what follows.
pub(crate) async fn hear(
    tx: &mut Tx,
    project: &Project,
    incoming: &Incoming,
    command: Option<(&str, &str)>,
    wall: Time,
) -> Result<bool, Error> {
    if incoming.content.thread.connection() != "" || incoming.content.thread.direct_messages_topic_id.is_some() {
        return Ok(false);
    }
    if let Some(("start", code)) = command
        && links(tx, project, incoming, code, wall).await?
    {
        return Ok(true);
    }
    let is_unlink = matches!(command, Some(("unlink", _)));
    if incoming.customer.kind != CustomerKind::Person {
        if tx.team_group_in(project.id, incoming.chat_id).await?.is_none() {
            return Ok(false);
        }
        if is_unlink {
            tx.unlink_team_group(project.id, incoming.chat_id).await?;
            write(tx, project, incoming.chat_id, UNLINKED, wall).await?;
        }
        return Ok(true);
    }
    let Some(link) = tx.staff_link_in(project.id, incoming.chat_id).await? else { return Ok(false) };
    if is_unlink {
        tx.unlink_staff(project.id, link.agent_id).await?;
        write(tx, project, incoming.chat_id, UNLINKED, wall).await?;
    } else if tx.note_staff_hint(&link, wall, wall - HINT_PAUSE).await? {
        write(tx, project, incoming.chat_id, HINT, wall).await?;
    }
    Ok(true)
}

/// The bot was put out of a chat: it gets no notices any more. Answers whether it did.
pub(crate) async fn leave_group(tx: &mut Tx, project: &Project, chat: ChatId) -> Result<bool, Error> {
    Ok(tx.unlink_team_group(project.id, chat).await?)
}

/// Links the chat if the text is a code for one of its kind that works. A code works once, wherever it is told: in the
/// wrong place others have seen it, and as a message of a customer agents would.
async fn links(tx: &mut Tx, project: &Project, incoming: &Incoming, text: &str, wall: Time) -> Result<bool, Error> {
    if text.is_empty() {
        return Ok(false);
    }
    let Some(code) = tx.lock_link_code(&hash_of(text)).await? else { return Ok(false) };
    tx.delete_link_code(&code.hash).await?;
    let is_group = incoming.customer.kind != CustomerKind::Person;
    let is_for_here = code.project_id == project.id && code.team_id.is_some() == is_group;
    let agent = if is_for_here { maker(tx, project, &code).await? } else { None };
    let answer = match agent.filter(|_| code.expires_at > wall) {
        Some(agent) => link(tx, project, incoming, &code, &agent, wall).await?,
        None if is_for_here => RUN_OUT.to_owned(),
        None => ELSEWHERE.to_owned(),
    };
    write(tx, project, incoming.chat_id, &answer, wall).await?;
    Ok(true)
}

/// Who made a code, if they could still make it.
async fn maker(tx: &mut Tx, project: &Project, code: &LinkCode) -> Result<Option<Agent>, Error> {
    let Some(agent) = member(tx, project, code.agent_id).await? else { return Ok(None) };
    if code.team_id.is_none() || agent.workspace_role == WorkspaceRole::Admin {
        return Ok(Some(agent));
    }
    let roles = tx.memberships(agent.id).await?;
    let looks_after = roles.into_iter().any(|(of, role)| of == project.id && role >= Role::Supervisor);
    Ok(looks_after.then_some(agent))
}

async fn link(
    tx: &mut Tx,
    project: &Project,
    incoming: &Incoming,
    code: &LinkCode,
    agent: &Agent,
    wall: Time,
) -> Result<String, Error> {
    end_conversation(tx, project, incoming, wall).await?;
    if let Some(team_id) = code.team_id {
        let team = tx.teams(&[team_id.0]).await?.pop().ok_or(Error::NotFound("team"))?;
        let group = TeamGroup {
            project_id: project.id,
            team_id,
            chat_id: incoming.chat_id,
            title: incoming.customer.name.clone(),
            linked_at: wall,
        };
        tx.link_team_group(&group).await?;
        tracing::info!(project = %project.id, team = %team_id, "a group was linked to a team");
        return Ok(format!("This group gets the notices of the team {} now. /unlink ends that.", team.name));
    }
    let link = StaffLink {
        project_id: project.id,
        agent_id: agent.id,
        chat_id: incoming.chat_id,
        telegram_name: incoming.customer.name.clone(),
        linked_at: wall,
        hinted_at: None,
    };
    tx.link_staff(&link).await?;
    tracing::info!(project = %project.id, agent = %agent.id, "a Telegram account was linked to an agent");
    Ok(format!("This chat is linked to {} and gets your notices now. /unlink ends that.", agent.name))
}

/// Who wrote as a customer before is none from now on.
async fn end_conversation(tx: &mut Tx, project: &Project, incoming: &Incoming, wall: Time) -> Result<(), Error> {
    let customer = tx.customer_by_telegram_user(project.id, incoming.customer.telegram_user_id).await?;
    let Some(customer) = customer else { return Ok(()) };
    let (_, current) = lock(tx, customer.id).await?;
    let Some(mut session) = current.filter(Session::is_open) else { return Ok(()) };
    let now = project.time(wall);
    session.close(CloseReason::Agent, now);
    let event = touch(tx, &mut session, Cause::AgentClose, now).await?;
    Ok(tx.append_events(&[event], wall).await?)
}
