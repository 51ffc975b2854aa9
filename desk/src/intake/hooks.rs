//! Where what the desk does for people begins: commands, greetings, and the chats of the staff.

use domain::notice::NoticeKind;
use domain::{AgentId, Customer, Project, Session, TeamId, Time};
use store::Tx;

use super::command::Command;
use super::decoded::Membership;
use crate::message::Incoming;
use crate::routing::mark_for_routing;
use crate::{Error, diversion, greeting, staff};

/// Whether a message is for the desk itself and not from a customer: what is written in a chat of the staff, or a
/// command by which a chat becomes one. It is then dealt with, and opens nothing.
pub(super) async fn is_staff(
    tx: &mut Tx,
    project: &Project,
    incoming: &Incoming,
    command: Option<Command<'_>>,
    wall: Time,
) -> Result<bool, Error> {
    let command = command.map(|command| (command.name, command.argument));
    staff::hear(tx, project, incoming, command, wall).await
}

/// The customer has given a command in their session, which the caller writes. Answers whether a diversion link led it
/// elsewhere.
pub(super) async fn on_command(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    command: &Command<'_>,
    wall: Time,
) -> Result<bool, Error> {
    match command.name {
        "start" if !command.argument.is_empty() => {
            let is_diverted = diversion::divert(tx, project, session, command.argument, wall).await?;
            if is_diverted {
                mark_for_routing(tx, project, session, wall).await?;
            }
            return Ok(is_diverted);
        }
        "help" => greeting::help(tx, project, customer, session, wall).await?,
        _ => {}
    }
    Ok(false)
}

/// A message of the customer has opened a session, which the caller writes. If it was a command, that has been obeyed.
pub(super) async fn on_opened(
    tx: &mut Tx,
    project: &Project,
    customer: &Customer,
    session: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    greeting::greet(tx, project, customer, session, wall).await?;
    if let Some(agent) = session.assignee_id {
        return staff::tell_agent(tx, project, session, agent, NoticeKind::Assigned, wall).await;
    }
    // Whoever is looked for is told when they are found, and the others if nobody is.
    if mark_for_routing(tx, project, session, wall).await? {
        return Ok(());
    }
    staff::tell_of_new_session(tx, project, customer, session, wall).await
}

/// A diversion link has led a session elsewhere that was there already, which the caller writes. `before` are the agent
/// and the team that it had.
pub(super) async fn on_diverted(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    before: (Option<AgentId>, Option<TeamId>),
    wall: Time,
) -> Result<(), Error> {
    match (session.assignee_id, session.team_id) {
        (Some(agent), _) if before.0.is_none() => {
            staff::tell_agent(tx, project, session, agent, NoticeKind::Assigned, wall).await
        }
        (None, Some(team)) if before.1 != Some(team) => {
            staff::tell_team(tx, project, session, team, NoticeKind::HandedOver, wall).await
        }
        _ => Ok(()),
    }
}

/// The bot came into a group or was put out of it. Answers whether it is a group of the staff.
pub(super) async fn on_membership(tx: &mut Tx, project: &Project, membership: &Membership) -> Result<bool, Error> {
    if membership.member {
        return Ok(tx.team_group_in(project.id, membership.chat_id).await?.is_some());
    }
    staff::leave_group(tx, project, membership.chat_id).await
}
