//! Moving on what agents let lie.

use chrono::Duration;
use domain::event::Cause;
use domain::routing::{QueueReason, Reroute, reroute, reroute_due};
use domain::{Project, Session, Time};
use store::Tx;

use super::floor::Floor;
use super::give::{Gift, give, keep_waiting};
use super::request::requests;
use crate::Error;

/// How many unanswered sessions are looked at.
const LOOKED_AT: i64 = 500;
/// How many are moved in one transaction, so that nobody waits for long.
const AT_ONCE: usize = 20;
/// How soon to look again at a session for which nobody else is there.
const LOOK_AGAIN: Duration = Duration::seconds(15);

/// Takes sessions from the agents who have let them lie for too long, and gives them to others. Answers when the next
/// look is due, on the wall clock.
pub(super) async fn move_on(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    wall: Time,
) -> Result<Option<Time>, Error> {
    let Some(after) = floor.policy.reroute_after else { return Ok(None) };
    let now = project.time(wall);
    let Some(since) = now.checked_sub_signed(after) else { return Ok(None) };
    let ids = tx.unanswered_sessions(project.id, since, LOOKED_AT).await?;
    let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
    let mut sessions = if ids.is_empty() { Vec::new() } else { tx.sessions(&ids).await? };
    sessions.sort_by_key(|session| (session.waiting_since, session.id));
    let requests = requests(tx, &sessions, &floor.present_since).await?;
    let mut moved = 0;
    for (seen, request) in sessions.iter().zip(requests) {
        let Some(agent) = seen.assignee_id else { continue };
        let decision = reroute(&floor.settings, &request, agent, &floor.candidates);
        if matches!(decision, Reroute::Stays(_)) {
            continue;
        }
        if moved == AT_ONCE {
            return Ok(Some(wall));
        }
        let Some(mut session) = tx.lock_session_if_free(seen.id).await? else { continue };
        if session.assignee_id != Some(agent) || !is_due(&session, after, now) {
            continue;
        }
        moved += 1;
        tx.note_let_lie(session.id, agent, now).await?;
        match decision {
            Reroute::Moves { agent_id, turn, grounds } => {
                let gift = Gift { agent_id, turn, grounds };
                give(tx, project, floor, &mut session, &gift, Cause::Rerouting, wall).await?;
            }
            Reroute::Queues(grounds) => {
                session.wait_for_another(now);
                let why = (QueueReason::NobodyElse, &grounds);
                keep_waiting(tx, project, floor, &mut session, why, Cause::Rerouting, wall).await?;
            }
            Reroute::Stays(_) => {}
        }
    }
    let next = tx.next_unanswered(project.id, since).await?.map(|since| wall + (since + after - now));
    let again = (sessions.len() > moved).then_some(wall + LOOK_AGAIN);
    Ok([next, again].into_iter().flatten().min())
}

fn is_due(session: &Session, after: Duration, now: Time) -> bool {
    let due = session.waiting_since.and_then(|unanswered_since| {
        reroute_due(session.assigned_at.unwrap_or(unanswered_since), unanswered_since, after)
    });
    due.is_some_and(|due| due <= now)
}
