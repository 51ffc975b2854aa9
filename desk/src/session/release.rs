//! Sessions whose agent or team is gone.

use chrono::Duration;
use domain::audit::ObjectKind;
use domain::event::{Cause, NewEvent};
use domain::{AgentId, Project, ProjectId, Session, TeamId, Time};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Tx;
use store::jobs::NewJob;

use super::touch;
use crate::Error;
use crate::audit::Audited;
use crate::job::Next;
use crate::routing::{mark_for_routing, put_back};
use crate::staff::member;

/// The kind of the job that looks again for sessions whose agent or team is gone.
pub(crate) const RELEASE: &str = "session_release";

/// When it looks again. Whoever was just giving a session away has done so by then, and everybody knows who is gone.
const SECOND_LOOK: Duration = Duration::seconds(5);

/// Who is gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Gone {
    Agent(AgentId),
    Team(TeamId),
}

/// What the job is done with.
#[derive(Debug, Serialize, Deserialize)]
struct SecondLook {
    project_id: ProjectId,
    gone: Gone,
}

/// Takes the open sessions of a project from an agent who is not there any more: those that they answered wait for somebody
/// else, with their team if they have one, and they leave those that they had joined. A session that is given to them in
/// this very moment is found by a second look a few seconds later.
pub(crate) async fn release_all(
    tx: &mut Tx,
    project: &Project,
    agent: AgentId,
    cause: Cause,
    wall: Time,
) -> Result<(), Error> {
    look_again(tx, project, Gone::Agent(agent), wall).await?;
    release(tx, project, Gone::Agent(agent), cause, wall).await
}

/// Has the open sessions of a team that is gone be for no particular one.
pub(crate) async fn release_team(tx: &mut Tx, project: &Project, team: TeamId, wall: Time) -> Result<(), Error> {
    look_again(tx, project, Gone::Team(team), wall).await?;
    release(tx, project, Gone::Team(team), Cause::Transfer, wall).await
}

/// A closed session is about to be open again: it is no longer for an agent or a team that is gone.
pub(crate) async fn forget_the_gone(tx: &mut Tx, project: &Project, session: &mut Session) -> Result<(), Error> {
    if let Some(assignee) = session.assignee_id
        && member(tx, project, assignee).await?.is_none()
    {
        session.release(assignee);
    }
    if let Some(team) = session.team_id
        && tx.teams(&[team.0]).await?.is_empty()
    {
        session.team_id = None;
    }
    Ok(())
}

/// The second look, unless who was gone is there again.
pub(crate) async fn release_late(tx: &mut Tx, payload: &str, wall: Time) -> Result<Next, Error> {
    let SecondLook { project_id, gone } = serde_json::from_str(payload).map_err(Error::internal)?;
    let project = tx.project(project_id).await?.ok_or(Error::NotFound("project"))?;
    let (is_gone, cause) = match gone {
        Gone::Agent(agent) => (member(tx, &project, agent).await?.is_none(), Cause::Deactivation),
        Gone::Team(team) => (tx.teams(&[team.0]).await?.is_empty(), Cause::Transfer),
    };
    if is_gone {
        release(tx, &project, gone, cause, wall).await?;
    }
    Ok(Next::Done)
}

async fn look_again(tx: &mut Tx, project: &Project, gone: Gone, wall: Time) -> Result<(), Error> {
    let who = match gone {
        Gone::Agent(agent) => format!("agent:{agent}"),
        Gone::Team(team) => format!("team:{team}"),
    };
    let payload = SecondLook { project_id: project.id, gone };
    let job = NewJob {
        key: format!("{RELEASE}:{}:{who}", project.id),
        project_id: Some(project.id),
        kind: RELEASE,
        payload: serde_json::to_string(&payload).map_err(Error::internal)?,
        due_at: wall + SECOND_LOOK,
    };
    Ok(tx.schedule_job(&job, wall).await?)
}

async fn release(tx: &mut Tx, project: &Project, gone: Gone, cause: Cause, wall: Time) -> Result<(), Error> {
    let ids = match gone {
        Gone::Agent(agent) => tx.open_sessions_of_agent(project.id, agent).await?,
        Gone::Team(team) => tx.open_sessions_of_team(project.id, team).await?,
    };
    let mut events = Vec::with_capacity(ids.len());
    for id in ids {
        let Some(mut session) = tx.lock_session(id).await?.filter(Session::is_open) else { continue };
        let is_concerned = match gone {
            Gone::Agent(agent) => session.release(agent),
            Gone::Team(team) => session.team_id.take_if(|of| *of == team).is_some(),
        };
        if is_concerned {
            events.push(released(tx, project, &mut session, gone, cause, wall).await?);
        }
    }
    Ok(tx.append_events(&events, wall).await?)
}

/// Writes a session that was released, for which somebody else is looked for if the project wants that. Answers the event to be appended.
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
    match gone {
        Gone::Agent(agent) => put_back(tx, project, session, agent, wall).await?,
        Gone::Team(_) => mark_for_routing(tx, project, session, wall).await?,
    };
    let object = (ObjectKind::Session, session.id.0);
    Audited::by_desk(project, "sessionRelease", object, wall).with(&details).write(tx).await?;
    Ok(touch(tx, session, cause, project.time(wall)).await?)
}
