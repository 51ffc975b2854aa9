//! The sessions that wait for an agent.

use domain::event::Cause;
use domain::routing::{Waiting, assign_backlog};
use domain::{Project, Session, Status, Time};
use store::Tx;

use super::floor::Floor;
use super::give::{Gift, give};
use super::request::waiting;
use crate::Error;

/// How many sessions of a line are looked at.
pub(super) const LINE: i64 = 2_000;
/// How many sessions are given out in one transaction, so that nobody waits for long.
const AT_ONCE: usize = 20;

/// The sessions of a project that wait for an agent.
pub(super) async fn line(tx: &mut Tx, project: &Project, floor: &Floor) -> Result<Vec<Waiting>, store::Error> {
    let sessions = tx.waiting_sessions(project.id, LINE).await?;
    waiting(tx, &sessions, &floor.present_since).await
}

/// Gives out what waits, in the order of the line, as far as there is room. Answers whether there may be more to give
/// out at once.
pub(super) async fn serve_line(tx: &mut Tx, project: &Project, floor: &mut Floor, wall: Time) -> Result<bool, Error> {
    if !floor.has_room() {
        return Ok(false);
    }
    let line = line(tx, project, floor).await?;
    let assigned = assign_backlog(&floor.settings, &line, &floor.candidates);
    let is_more = assigned.len() > AT_ONCE;
    for assigned in assigned.into_iter().take(AT_ONCE) {
        // Whom somebody is dealing with just now is looked at later.
        let Some(mut session) = tx.lock_session_if_free(assigned.session_id).await? else { continue };
        if !needs_an_agent(&session) {
            continue;
        }
        let gift = Gift { agent_id: assigned.agent_id, turn: assigned.turn, grounds: assigned.grounds };
        give(tx, project, floor, &mut session, &gift, Cause::Routing, wall).await?;
    }
    Ok(is_more)
}

/// Whether a session is to be given to somebody.
pub(super) fn needs_an_agent(session: &Session) -> bool {
    session.assignee_id.is_none() && matches!(session.status, Status::Unread | Status::Processing)
}
