//! Looking again and again at what waits in a project.

use chrono::Duration;
use domain::routing::unmanned;
use domain::{Project, ProjectId, SessionId, TeamId, Time};
use store::Tx;
use store::jobs::NewJob;

use super::floor::{Entry, Floor};
use super::line::{AT_ONCE, Served, serve_line};
use super::mark::is_wanted;
use super::reroute::move_on;
use super::rest::serve_later;
use super::route::{BUSY, decide};
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
    tx.schedule_job_by(&job(project, wall + WHILE_SOMEBODY_WAITS), wall).await
}

/// Has somebody go round in a project at once.
pub(crate) async fn hasten_round(tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
    tx.schedule_job(&job(project, wall), wall).await
}

/// The same if the project wants the desk to give out its sessions.
pub(crate) async fn hasten_round_if_wanted(tx: &mut Tx, project: ProjectId, wall: Time) -> Result<(), store::Error> {
    if is_wanted(tx, project).await? {
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
    let is_more = match serve_line(tx, &project, &mut floor, None, wall).await? {
        Served::InPart(_) => true,
        // Those who are left are looked after at the end of the line.
        Served::Until(from) => {
            serve_later(tx, id, from, wall).await?;
            false
        }
        Served::Whole => look_after_those_left(tx, &project, &mut floor, wall).await?,
    };
    if is_more {
        return Ok(Next::Again(wall));
    }
    let next = move_on(tx, &project, &mut floor, wall).await?;
    let somebody_waits = tx.is_anybody_in_line(id).await?;
    let longest = wall + if somebody_waits { WHILE_SOMEBODY_WAITS } else { LONGEST };
    Ok(Next::Again(next.map_or(longest, |next| next.min(longest))))
}

/// Looks after those whom the line that was served to its end has left waiting. Answers whether there are more.
pub(super) async fn look_after_those_left(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    wall: Time,
) -> Result<bool, Error> {
    Ok(look_past_empty_teams(tx, project, floor, wall).await? || tell_those_in_line(tx, project, floor, wall).await?)
}

/// Decides anew about those who wait for a team that a rule chose and in which nobody is any more. A team that people chose
/// is waited for. Answers whether there are more.
async fn look_past_empty_teams(tx: &mut Tx, project: &Project, floor: &mut Floor, wall: Time) -> Result<bool, Error> {
    let teams: Vec<TeamId> = tx.teams_of_project(project.id).await?.into_iter().map(|team| team.id).collect();
    let empty = unmanned(&teams, &floor.candidates);
    if empty.is_empty() {
        return Ok(false);
    }
    let ids = tx.sessions_of_ruled_teams(project.id, &empty, i64::try_from(AT_ONCE).unwrap_or(i64::MAX)).await?;
    let mut decided = 0;
    for id in &ids {
        let Some(mut session) = tx.lock_session_if_free(*id).await? else { continue };
        let ruled = tx.ruled_team(*id).await?.filter(|team| session.team_id == Some(*team) && empty.contains(team));
        if ruled.is_some() && session.needs_an_agent() {
            session.team_id = None;
            decide(tx, project, floor, &mut session, wall).await?;
            decided += 1;
        }
    }
    // If all of them are being changed just now it is decided the next time.
    Ok(ids.len() == AT_ONCE && decided > 0)
}

/// Tells those that they wait who got in line with many others and were not told so. Answers whether there are more.
///
/// If there are none, it tells some of those who were in line before the desk looked for anybody. They may be many, and
/// none of them has asked just now: each round tells as many, so that others have their turn between.
async fn tell_those_in_line(tx: &mut Tx, project: &Project, floor: &mut Floor, wall: Time) -> Result<bool, Error> {
    let limit = i64::try_from(AT_ONCE).unwrap_or(i64::MAX);
    let untold = tx.untold_sessions(project.id, limit).await?;
    if untold.is_empty() {
        let unqueued = tx.unqueued_sessions(project.id, limit).await?;
        tell(tx, project, floor, &unqueued, wall).await?;
        return Ok(false);
    }
    let told = tell(tx, project, floor, &untold, wall).await?;
    // If all of them are being changed just now they are told the next time.
    Ok(untold.len() == AT_ONCE && told > 0)
}

/// Decides about each of these sessions, which are in line. Answers about how many: not about those that somebody is
/// changing just now.
async fn tell(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    ids: &[SessionId],
    wall: Time,
) -> Result<usize, Error> {
    if !ids.is_empty() {
        floor.look_up_places(tx, project.id, ids).await?;
    }
    let mut told = 0;
    for id in ids {
        let Some(mut session) = tx.lock_session_if_free(*id).await? else { continue };
        if session.needs_an_agent() {
            decide(tx, project, floor, &mut session, wall).await?;
            told += 1;
        }
    }
    Ok(told)
}
