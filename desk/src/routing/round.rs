//! Looking again and again at what waits in a project.

use chrono::Duration;
use domain::{ProjectId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::floor::{Entry, Floor};
use super::line::serve_line;
use super::reroute::move_on;
use super::route::BUSY;
use crate::Error;
use crate::job::Next;

/// The kind of the job that goes round in a project for as long as the desk gives out its sessions.
pub(crate) const ROUND: &str = "routing_round";

/// How often it is looked whether somebody has room for those who wait. Whoever comes online is noticed at once.
const WHILE_SOMEBODY_WAITS: Duration = Duration::seconds(5);
/// How often it is looked otherwise.
const LONGEST: Duration = Duration::seconds(60);

/// Makes sure that somebody goes round in a project before long.
pub(crate) async fn schedule_round(tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
    tx.schedule_job_once(&job(project, wall + WHILE_SOMEBODY_WAITS), wall).await
}

/// Has somebody go round in a project at once.
pub(super) async fn hasten_round(tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
    tx.schedule_job(&job(project, wall), wall).await
}

/// The same if the project wants the desk to give out its sessions.
pub(crate) async fn hasten_round_if_wanted(tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
    if tx.routing_policy(project).await?.is_some_and(|policy| policy.enabled) {
        hasten_round(tx, project, wall).await?;
    }
    Ok(())
}

fn job(project: ProjectId, due_at: Time) -> NewJob {
    NewJob {
        key: format!("{ROUND}:{project}"),
        project_id: Some(project),
        kind: ROUND,
        payload: project.to_string(),
        due_at,
    }
}

/// Gives out what waits, and takes from agents what they let lie.
pub(crate) async fn go_round(tx: &mut Tx, id: ProjectId, wall: Time) -> Result<Next, Error> {
    let Some(project) = tx.project(id).await? else { return Ok(Next::Done) };
    let mut floor = match Floor::enter(tx, &project, wall).await? {
        Entry::Open(floor) => floor,
        Entry::Off => return Ok(Next::Done),
        Entry::Busy => return Ok(Next::Again(wall + BUSY)),
    };
    if serve_line(tx, &project, &mut floor, wall).await? {
        return Ok(Next::Again(wall));
    }
    let next = move_on(tx, &project, &mut floor, wall).await?;
    let somebody_waits = !tx.waiting_sessions(id, 1).await?.is_empty();
    let longest = wall + if somebody_waits { WHILE_SOMEBODY_WAITS } else { LONGEST };
    Ok(Next::Again(next.map_or(longest, |next| next.min(longest))))
}
