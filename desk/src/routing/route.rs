//! Finding an agent for a session.

use std::slice;

use chrono::Duration;
use domain::event::Cause;
use domain::routing::{Decision, route};
use domain::{SessionId, Time};
use store::Tx;

use super::floor::{Entry, Floor};
use super::give::{Gift, give, keep_waiting};
use super::line::{needs_an_agent, serve_line};
use super::request::requests;
use crate::Error;
use crate::job::Next;

/// The kind of the job that finds an agent for a session.
pub(crate) const ROUTE: &str = "route";

/// How long to wait for somebody who is deciding about the same project, or is changing the session.
pub(super) const BUSY: Duration = Duration::milliseconds(200);

/// Finds an agent for a session. Those who have waited for longer are not passed over: the whole line is served, and what
/// is left of it waits.
pub(crate) async fn route_session(tx: &mut Tx, id: SessionId, wall: Time) -> Result<Next, Error> {
    let Some(session) = tx.session(id).await?.filter(needs_an_agent) else { return Ok(Next::Done) };
    let project = tx.project(session.project_id).await?.ok_or(Error::NotFound("project"))?;
    let mut floor = match Floor::enter(tx, &project, wall).await? {
        Entry::Open(floor) => floor,
        Entry::Off => return Ok(Next::Done),
        Entry::Busy => return Ok(Next::Again(wall + BUSY)),
    };
    let is_more = serve_line(tx, &project, &mut floor, wall).await?;
    let Some(mut session) = tx.lock_session_if_free(id).await? else { return Ok(Next::Again(wall + BUSY)) };
    if !needs_an_agent(&session) {
        return Ok(Next::Done);
    }
    if is_more {
        return Ok(Next::Again(wall));
    }
    let request = requests(tx, slice::from_ref(&session), &floor.present_since).await?.pop().unwrap_or_default();
    match route(&floor.settings, &request, &floor.candidates) {
        // The line is longer than what is looked at, and nobody before it can have this agent.
        Decision::Assign { agent_id, turn, grounds } => {
            let gift = Gift { agent_id, turn, grounds };
            give(tx, &project, &mut floor, &mut session, &gift, Cause::Routing, wall).await?;
        }
        Decision::Queue { reason, grounds } => {
            keep_waiting(tx, &project, &floor, &mut session, (reason, &grounds), Cause::Queued, wall).await?;
        }
    }
    Ok(Next::Done)
}
