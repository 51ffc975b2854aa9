//! Telling the staff in Telegram.
//!
//! A notice goes along with whom it is for, so that it is asked right before it is sent whether it still is: whoever
//! has handed a session over, or whose chat is linked no longer, is told nothing of what was waiting for its turn.

use std::collections::{BTreeMap, BTreeSet};

use domain::notice::{NOTICE_PAUSE, NoticeKind, TicketNews, todo_notice};
use domain::{AgentId, ChatId, Customer, Project, Session, SessionId, TeamId, Ticket, TicketId, Time, Todo, TodoId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::Tx;
use store::outbox::{Lane, NewCall, QueuedCall};

use super::chats::Chats;
use crate::Error;
use crate::agent::sight_of;
use crate::outbox::Recheck;

/// The key under which a call says whom it is for.
const ADDRESSEE: &str = "desk_addressee";

/// Whom a notice is for.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Addressee {
    /// An agent for whom a session goes on.
    Agent { agent_id: AgentId, session_id: SessionId },
    /// A team that could take a session.
    Team {
        team_id: TeamId,
        /// Nothing in what an earlier version wrote.
        #[serde(default)]
        session_id: Option<SessionId>,
    },
    /// Those who work on a ticket.
    Ticket { ticket_id: TicketId },
    /// Those who see to a to-do.
    Todo { todo_id: TodoId },
}

impl Addressee {
    /// The session that it is about, if it is about one alone.
    fn session_id(self) -> Option<SessionId> {
        match self {
            Self::Agent { session_id, .. } => Some(session_id),
            Self::Team { session_id, .. } => session_id,
            Self::Ticket { .. } | Self::Todo { .. } => None,
        }
    }
}

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
    let chats: BTreeMap<ChatId, TeamId> = concerned.map(|group| (group.chat_id, group.team_id)).collect();
    for (chat, team_id) in chats {
        let place = (chat, Addressee::Team { team_id, session_id: Some(session.id) });
        tell(tx, project, session, &customer.name, NoticeKind::NewSession, place, wall).await?;
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
        let place = (chat, Addressee::Team { team_id: team, session_id: Some(session.id) });
        tell(tx, project, session, &name, kind, place, wall).await?;
    }
    Ok(())
}

/// Tells those who work on a ticket what became of it, but for who brought that about. Whoever stands in for those who
/// cannot be told is told in their place.
pub(crate) async fn tell_of_ticket(
    tx: &mut Tx,
    project: &Project,
    ticket: &Ticket,
    news: TicketNews,
    by: Option<AgentId>,
    wall: Time,
) -> Result<(), store::Error> {
    let Some(session) = tx.session(ticket.session_id).await? else { return Ok(()) };
    let chats = Chats::of(tx, project).await?;
    let told = chats.workers(ticket.assignee_id, ticket.team_id);
    if told.is_empty() {
        note_unheard(project, 1);
    }
    let text = news.text(ticket.number, session.number);
    for chat in told.difference(&chats.of_agent(by)) {
        write_to(tx, project, *chat, Some(Addressee::Ticket { ticket_id: ticket.id }), &text, wall).await?;
    }
    Ok(())
}

/// Notes that nobody can be told of something, for whoever runs the desk: what it is about can be seen in the console.
pub(crate) fn note_unheard(project: &Project, notices: u64) {
    if notices > 0 {
        tracing::warn!(project = %project.id, notices, "nobody is told: nobody who looks after the project has a chat");
        metrics::counter!("switchboard_notices_unheard_total").increment(notices);
    }
}

/// Tells whoever sees to a to-do that it is due, or that the time for it is over; whoever has the session, if nobody in
/// particular sees to it. Whoever stands in for those who cannot be told is told in their place. The customer is named to
/// those for whom the session goes on.
pub(crate) async fn tell_of_todo(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    todo: &Todo,
    wall: Time,
) -> Result<(), Error> {
    let (agent, team) = todo.seen_to_by(session);
    let chats = Chats::of(tx, project).await?.owners(agent, team);
    if chats.is_empty() {
        note_unheard(project, 1);
        return Ok(());
    }
    let is_named = match agent {
        Some(agent) => goes_on_for(tx, project, agent, session).await?,
        None => session.team_id == team,
    };
    let customer = if is_named { tx.customers(&[todo.customer_id.0]).await?.pop() } else { None };
    let what = (todo.kind, todo.is_overdue(project.time(wall)));
    let text = todo_notice(what, session.number, customer.as_ref().map(|customer| customer.name.as_str()));
    for chat in chats {
        write_to(tx, project, chat, Some(Addressee::Todo { todo_id: todo.id }), &text, wall).await?;
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
    if !goes_on_for(tx, project, agent, session).await? {
        return Ok(());
    }
    let customer = tx.customers(&[session.customer_id.0]).await?.pop();
    let name = customer.map(|customer| customer.name).unwrap_or_default();
    let addressee = Addressee::Agent { agent_id: agent, session_id: session.id };
    tell(tx, project, session, &name, kind, (link.chat_id, addressee), wall).await
}

async fn goes_on_for(tx: &mut Tx, project: &Project, agent: AgentId, session: &Session) -> Result<bool, Error> {
    let sight = sight_of(tx, project, agent).await?;
    Ok(sight.is_some_and(|sight| sight.takes_in(&session.audience())))
}

async fn tell(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    customer: &str,
    kind: NoticeKind,
    (chat, addressee): (ChatId, Addressee),
    wall: Time,
) -> Result<(), Error> {
    if tx.note_notice(session.id, kind, chat, wall, wall - NOTICE_PAUSE).await? {
        write_to(tx, project, chat, Some(addressee), &kind.text(session.number, customer), wall).await?;
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
    write_to(tx, project, chat, None, text, wall).await
}

async fn write_to(
    tx: &mut Tx,
    project: &Project,
    chat: ChatId,
    addressee: Option<Addressee>,
    text: &str,
    wall: Time,
) -> Result<(), store::Error> {
    // The name of a customer may be an address, of which nobody shall be shown more.
    let mut payload = json!({ "chat_id": chat.0, "text": text, "link_preview_options": { "is_disabled": true } });
    if let Some(addressee) = addressee {
        payload[ADDRESSEE] = json!(addressee);
    }
    let call = NewCall {
        project_id: project.id,
        chat_id: chat,
        lane: Lane::Notice,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: payload.to_string(),
        attachments: Vec::new(),
        cost: 1,
    };
    tx.insert_call(&call, wall).await
}

/// Looks again whether a call is for whoever has its chat now.
pub(crate) async fn recheck(
    tx: &mut Tx,
    call: &QueuedCall,
    payload: &mut Map<String, Value>,
) -> Result<Recheck, Error> {
    let Some(addressee) = payload.remove(ADDRESSEE) else { return Ok(Recheck::Other) };
    // What another version of the desk wrote is sent as it is.
    let Ok(addressee) = serde_json::from_value::<Addressee>(addressee) else { return Ok(Recheck::Rewritten) };
    let project = tx.project(call.project_id).await?.ok_or(Error::NotFound("project"))?;
    let is_for_chat = match addressee {
        Addressee::Agent { agent_id, session_id } => {
            let link = tx.staff_link(project.id, agent_id).await?;
            let is_theirs = link.is_some_and(|link| link.chat_id == call.chat_id);
            match tx.session(session_id).await? {
                Some(session) if is_theirs => goes_on_for(tx, &project, agent_id, &session).await?,
                _ => false,
            }
        }
        Addressee::Team { team_id, session_id } => {
            let group = tx.team_group_in(project.id, call.chat_id).await?;
            let is_theirs = group.is_some_and(|group| group.team_id == team_id);
            match session_id {
                Some(session) if is_theirs => {
                    tx.session(session).await?.is_some_and(|session| session.is_up_to(team_id))
                }
                _ => is_theirs,
            }
        }
        Addressee::Ticket { ticket_id } => match tx.tickets(&[ticket_id.0]).await?.pop() {
            Some(ticket) if ticket.is_open() => {
                let workers = Chats::of(tx, &project).await?.workers(ticket.assignee_id, ticket.team_id);
                workers.contains(&call.chat_id)
            }
            _ => false,
        },
        Addressee::Todo { todo_id } => match tx.todos(&[todo_id.0]).await?.pop() {
            Some(todo) if todo.is_open() => {
                let session = tx.session(todo.session_id).await?.ok_or(Error::NotFound("session"))?;
                let (agent, team) = todo.seen_to_by(&session);
                Chats::of(tx, &project).await?.owners(agent, team).contains(&call.chat_id)
            }
            _ => false,
        },
    };
    if is_for_chat {
        return Ok(Recheck::Rewritten);
    }
    // What was not told does not count as told, should it be for them again soon.
    if let Some(session) = addressee.session_id() {
        tx.forget_notices(session, call.chat_id).await?;
    }
    Ok(Recheck::Obsolete)
}
