//! Finding an agent for a session.

use std::slice;

use chrono::Duration;
use domain::event::Cause;
use domain::routing::{Decision, route};
use domain::{Project, Session, SessionId, Time};
use store::Tx;

use super::floor::{Entry, Floor};
use super::give::{Gift, give, keep_waiting};
use super::line::{Served, serve_line};
use super::request::requests;
use super::rest::serve_later;
use crate::Error;
use crate::job::Next;

/// The kind of the job that finds an agent for a session.
pub(crate) const ROUTE: &str = "route";

/// How long to wait for somebody who is deciding about the same project, or is changing the session.
pub(super) const BUSY: Duration = Duration::milliseconds(200);

/// Finds an agent for a session. Those who have waited for longer are not passed over: the whole line is served, and what
/// is left of it waits.
pub(crate) async fn route_session(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let Some(session) = tx.session(id).await?.filter(Session::needs_an_agent) else { return Ok(Next::Done) };
    let project = tx.project(session.project_id).await?.ok_or(Error::NotFound("project"))?;
    let mut floor = match Floor::enter(tx, &project, wall).await? {
        Entry::Open(floor) => floor,
        Entry::Off => return Ok(Next::Done),
        Entry::Busy => return Ok(Next::Again(wall + BUSY)),
    };
    let served = serve_line(tx, &project, &mut floor, None, wall).await?;
    let Some(mut session) = tx.lock_session_if_free(id).await? else { return Ok(Next::Again(wall + BUSY)) };
    if !session.needs_an_agent() {
        return Ok(Next::Done);
    }
    match served {
        Served::Whole => decide(tx, &project, &mut floor, &mut session, wall).await?,
        Served::InPart(_) => return Ok(Next::Again(wall)),
        // Its turn comes, and it is told, when those before it have been looked at.
        Served::Until(from) => serve_later(tx, project.id, from, wall).await?,
    }
    Ok(Next::Done)
}

/// Decides about one session, which is locked, when the line has been served.
pub(super) async fn decide(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    session: &mut Session,
    wall: Time,
) -> Result<(), Error> {
    let request = requests(tx, slice::from_ref(&*session), &floor.present_since).await?.pop().unwrap_or_default();
    match route(&floor.settings, &request, &floor.candidates) {
        // Somebody was changing it when the line was served, which all those before it in line have been.
        Decision::Assign { agent_id, turn, grounds } => {
            let gift = Gift { agent_id, turn, grounds };
            give(tx, project, floor, session, &gift, Cause::Routing, wall).await
        }
        Decision::Queue { reason, grounds } => {
            keep_waiting(tx, project, floor, session, (reason, &grounds), Cause::Queued, wall).await
        }
    }
}
