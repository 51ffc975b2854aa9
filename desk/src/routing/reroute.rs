//! Moving on what agents let lie.

use std::collections::{HashMap, HashSet};

use chrono::Duration;
use domain::event::Cause;
use domain::filter::SessionKey;
use domain::routing::{Holder, LastDecision, Presence, QueueReason, Reroute, reroute};
use domain::session::TransferKind;
use domain::{AgentId, Project, Session, SessionId, Time};
use store::Tx;
use store::transfers::NewTransfer;

use super::floor::Floor;
use super::give::{Gift, give, keep_waiting};
use super::mark::lost;
use super::request::requests;
use crate::Error;
use crate::presence::GRACE;

/// How many unanswered sessions are looked at together.
const PAGE: i64 = 200;
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
    let (mut looked_at, mut moved) = (0, 0);
    let mut after_key = SessionKey { micros: i64::MIN, id: i64::MIN };
    loop {
        let sessions = tx.unanswered_sessions(project.id, since, after_key, PAGE).await?;
        let Some(last) = sessions.last() else { break };
        after_key = SessionKey { micros: last.waiting_since.unwrap_or(since).timestamp_micros(), id: last.id.0 };
        looked_at += sessions.len();
        let requests = requests(tx, &sessions, &floor.present_since).await?;
        let holders = Holders::read(tx, project, &sessions, wall).await?;
        for (seen, request) in sessions.into_iter().zip(requests) {
            let Some(agent) = seen.assignee_id else { continue };
            let decision = reroute(&floor.settings, &request, holders.of(&seen, agent), &floor.candidates);
            if matches!(decision, Reroute::Stays(_)) {
                continue;
            }
            if moved == AT_ONCE {
                return Ok(Some(wall));
            }
            // What is not as it was when this was decided is looked at later.
            let is_as_seen = |session: &Session| session.version == seen.version;
            let Some(session) = tx.lock_session_if_free(seen.id).await?.filter(is_as_seen) else { continue };
            moved += 1;
            carry_out(tx, project, floor, session, agent, decision, wall).await?;
        }
    }
    let next = tx.next_unanswered(project.id, since).await?.map(|since| wall + (since + after - now));
    let again = (looked_at > moved).then_some(wall + LOOK_AGAIN);
    Ok([next, again].into_iter().flatten().min())
}

/// What is known of those who have sessions.
struct Holders {
    present: HashSet<AgentId>,
    decisions: HashMap<SessionId, LastDecision>,
}

impl Holders {
    async fn read(tx: &mut Tx, project: &Project, sessions: &[Session], wall: Time) -> Result<Self, store::Error> {
        // Whoever has a session may have no role of their own in the project, and is then none of the candidates.
        let present = tx.present(project.id, wall - GRACE).await?.into_iter().map(|present| present.agent_id).collect();
        let ids: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
        let decisions = tx.routing_decisions(&ids).await?.into_iter();
        Ok(Self { present, decisions: decisions.map(|decision| (decision.session_id, decision)).collect() })
    }

    /// The agent who has a session. It was people who chose them, unless the desk did so at the very moment at which they
    /// got it.
    fn of(&self, session: &Session, agent_id: AgentId) -> Holder {
        let decision = self.decisions.get(&session.id).filter(|decision| decision.agent_id == Some(agent_id));
        let presence = if self.present.contains(&agent_id) { Presence::Online } else { Presence::Offline };
        let by_people = decision.is_none_or(|decision| session.assigned_at != Some(decision.at));
        Holder { agent_id, presence, by_people }
    }
}

/// Moves a session, which is locked, from the agent who let it lie.
async fn carry_out(
    tx: &mut Tx,
    project: &Project,
    floor: &mut Floor,
    mut session: Session,
    agent: AgentId,
    decision: Reroute,
    wall: Time,
) -> Result<(), Error> {
    let now = project.time(wall);
    tx.note_let_lie(&lost(project, &session, agent, wall)).await?;
    let (session_id, session_version) = (session.id, session.version + 1);
    let from = (session.assignee_id, session.team_id);
    let moved = |to| NewTransfer {
        session_id,
        session_version,
        kind: TransferKind::Rerouting,
        from,
        to,
        description: "",
        by: None,
        at: now,
    };
    match decision {
        Reroute::Moves { agent_id, turn, grounds } => {
            tx.insert_transfer(&moved((Some(agent_id), None))).await?;
            let gift = Gift { agent_id, turn, grounds };
            give(tx, project, floor, &mut session, &gift, Cause::Rerouting, wall).await
        }
        Reroute::Queues(grounds) => {
            tx.insert_transfer(&moved((None, session.team_id.or(grounds.ruled_team())))).await?;
            session.wait_for_another(now);
            let why = (QueueReason::NobodyElse, &grounds);
            keep_waiting(tx, project, floor, &mut session, why, Cause::Rerouting, wall).await
        }
        Reroute::Stays(_) => Ok(()),
    }
}
