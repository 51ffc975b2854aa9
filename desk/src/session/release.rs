//! Sessions whose agent or team is gone.

use std::collections::BTreeSet;

use chrono::Duration;
use domain::audit::ObjectKind;
use domain::event::{Cause, NewEvent};
use domain::{AgentId, Project, ProjectId, Session, SessionId, TeamId, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::jobs::NewJob;

use super::{lock_open, touch};
use crate::Error;
use crate::agent::member;
use crate::audit::Audited;
use crate::job::Next;
use crate::routing::{get_in_line, hasten_round, is_wanted};
use crate::ticket;

/// The kind of the job that looks again for sessions whose agent or team is gone.
pub(crate) const RELEASE: &str = "session_release";

/// When it looks again. Whoever was just giving a session away has done so by then, and everybody knows who is gone. The
/// later looks are for those who took long about it.
const LATER_LOOKS: [Duration; 3] = [Duration::seconds(5), Duration::minutes(1), Duration::minutes(10)];

/// How many sessions are released in one transaction, so that nobody waits for long.
const AT_ONCE: usize = 50;

/// Who is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Gone {
    Agent(AgentId),
    Team(TeamId),
}

/// What the job is done with.
#[derive(Debug, Serialize, Deserialize)]
struct LaterLook {
    project_id: ProjectId,
    gone: Gone,
}

/// Takes the open sessions of a project from an agent who is not there any more: those that they answered wait for somebody
/// else, with their team if they have one, or go to an administrator if they were escalated to people, they leave those that
/// they had joined, and their tickets go back to their teams. If they come back, they go on seeing all of these sessions as
/// they were, until they get one again. Of very many the first are taken at once and the others by a job that follows. What
/// is given to them in this very moment is found by a later look.
pub(crate) async fn release_all(
    tx: &mut Tx,
    project: &Project,
    agent: AgentId,
    cause: Cause,
    wall: Time,
) -> Result<(), Error> {
    release_and_look_again(tx, project, Gone::Agent(agent), cause, wall).await
}

/// Has the open sessions of a team that is gone be for no particular one, and its tickets be nobody's.
pub(crate) async fn release_team(tx: &mut Tx, project: &Project, team: TeamId, wall: Time) -> Result<(), Error> {
    release_and_look_again(tx, project, Gone::Team(team), Cause::Transfer, wall).await
}

/// A closed session is about to be open again: it is no longer for agents or a team that are gone. For an agent it ends as
/// it is, so that they go on seeing that if they come back, and nothing of what follows. Answers who had it, if they are
/// gone. `wall` is the wall clock.
pub(crate) async fn forget_the_gone(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    wall: Time,
) -> Result<Option<AgentId>, Error> {
    let before = session.assignee_id;
    let concerned: Vec<AgentId> = before.into_iter().chain(session.people.joined.iter().copied()).collect();
    let mut is_changed = false;
    for agent in concerned {
        if member(tx, project, agent).await?.is_none() {
            is_changed |= session.release(agent);
        }
    }
    if is_changed {
        tx.set_people(session, project.time(wall)).await?;
    }
    if let Some(team) = session.team_id
        && tx.teams(&[team.0]).await?.is_empty()
    {
        session.team_id = None;
    }
    Ok(before.filter(|_| session.assignee_id.is_none()))
}

/// The same, and what was escalated to people goes to an administrator if nobody has it any more.
pub(crate) async fn take_up_again(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    match forget_the_gone(tx, project, session, wall).await? {
        Some(gone) => ticket::keep(tx, project, session, gone, wall).await,
        None => Ok(()),
    }
}

/// A later look, unless who was gone is there again.
pub(crate) async fn release_late(tx: &mut Tx, payload: &str, wall: Time) -> Result<Next, Error> {
    let LaterLook { project_id, gone } = serde_json::from_str(payload).map_err(Error::internal)?;
    let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
    let (is_gone, cause) = match gone {
        Gone::Agent(agent) => (member(tx, &project, agent).await?.is_none(), Cause::Deactivation),
        Gone::Team(team) => (tx.teams(&[team.0]).await?.is_empty(), Cause::Transfer),
    };
    let is_more = is_gone && release(tx, &project, gone, cause, wall).await?;
    Ok(if is_more { Next::Again(wall) } else { Next::Done })
}

async fn release_and_look_again(
    tx: &mut Tx,
    project: &Project,
    gone: Gone,
    cause: Cause,
    wall: Time,
) -> Result<(), Error> {
    // Before any session, as in a look that is going on.
    for after in LATER_LOOKS {
        look_again(tx, project, gone, after, wall).await?;
    }
    if release(tx, project, gone, cause, wall).await? {
        look_again(tx, project, gone, Duration::zero(), wall).await?;
    }
    Ok(())
}

async fn look_again(tx: &mut Tx, project: &Project, gone: Gone, after: Duration, wall: Time) -> Result<(), Error> {
    let who = match gone {
        Gone::Agent(agent) => format!("agent:{agent}"),
        Gone::Team(team) => format!("team:{team}"),
    };
    let payload = LaterLook { project_id: project.id, gone };
    // One that follows at once has a row of its own: a look that is going on, for which the same has happened before, may
    // wait for the sessions that are held by now.
    let which = if after.is_zero() { wall.timestamp_micros() } else { after.num_seconds() };
    let job = NewJob {
        key: format!("{RELEASE}:{}:{who}:{which}", project.id),
        project_id: Some(project.id),
        kind: RELEASE,
        payload: serde_json::to_string(&payload).map_err(Error::internal)?,
        due_at: wall + after,
    };
    Ok(tx.schedule_job(&job, wall).await?)
}

/// Releases some of what has to do with who is gone. Answers whether there is more.
async fn release(tx: &mut Tx, project: &Project, gone: Gone, cause: Cause, wall: Time) -> Result<bool, Error> {
    let (ids, tickets) = match gone {
        Gone::Agent(agent) => (
            tx.open_sessions_of_agent(project.id, agent, AT_ONCE).await?,
            tx.open_tickets_of_agent(project.id, agent, AT_ONCE).await?,
        ),
        Gone::Team(team) => {
            (tx.open_sessions_of_team(project.id, team, AT_ONCE).await?, tx.open_tickets_of_team(team, AT_ONCE).await?)
        }
    };
    let is_routed = !ids.is_empty() && is_wanted(tx, project.id).await?;
    // The sessions of the tickets as well, before any ticket.
    let of_tickets = tickets.iter().map(|(_, session)| *session);
    let together: BTreeSet<SessionId> = ids.iter().copied().chain(of_tickets).collect();
    let mut sessions = lock_open(tx, &Vec::from_iter(together)).await?;
    let mut events = Vec::with_capacity(sessions.len());
    for session in &mut sessions {
        let (is_concerned, before) = match gone {
            Gone::Agent(agent) => {
                let was_theirs = session.assignee_id == Some(agent);
                let is_concerned = session.release(agent);
                if was_theirs {
                    ticket::keep(tx, project, session, agent, wall).await?;
                }
                (is_concerned, was_theirs.then_some(agent))
            }
            Gone::Team(team) => (session.team_id.take_if(|of| *of == team).is_some(), None),
        };
        if is_concerned {
            if is_routed {
                get_in_line(tx, project, session, before, wall).await?;
            }
            events.push(released(tx, project, session, gone, cause, wall).await?);
        }
    }
    tx.append_events(&events, wall).await?;
    match gone {
        Gone::Agent(agent) => ticket::leave_agent(tx, project, agent, &tickets, &sessions, wall).await?,
        Gone::Team(team) => ticket::leave_team(tx, project, team, &tickets, &sessions, wall).await?,
    }
    if is_routed {
        // One goes round for all of them.
        hasten_round(tx, project.id, wall).await?;
    }
    Ok(ids.len() == AT_ONCE || tickets.len() == AT_ONCE)
}

/// Writes a session that was released. Answers the event to be appended.
async fn released(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    gone: Gone,
    cause: Cause,
    wall: Time,
) -> Result<NewEvent, Error> {
    let details = match gone {
        Gone::Agent(agent) => json!({ "agent": agent }),
        Gone::Team(team) => json!({ "team": team }),
    };
    let object = (ObjectKind::Session, session.id.0);
    Audited::by_desk(project, cause.name(), object, wall).with(&details).write(tx).await?;
    Ok(touch(tx, session, cause, project.time(wall)).await?)
}
