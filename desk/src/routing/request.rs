//! What is known of the sessions that need an agent.

use std::collections::HashMap;

use domain::escalation::EscalationTarget;
use domain::routing::{Request, Waiting, waits_since};
use domain::{AgentId, Session, SessionId, TagId, Time};
use store::Queries;
use store::routing::LetLie;

use crate::customer::{Facts, facts};

/// What routing knows of each of these sessions, in their order. `present_since` says of the agents who are there since
/// when they are, on the wall clock.
pub(super) async fn requests(
    queries: &mut Queries,
    sessions: &[Session],
    present_since: &HashMap<AgentId, Time>,
) -> Result<Vec<Request>, store::Error> {
    if sessions.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
    let customers: Vec<i64> = sessions.iter().map(|session| session.customer_id.0).collect();
    let customers = queries.customers(&customers).await?;
    let facts = facts(queries, &customers).await?;
    let mut tags: HashMap<SessionId, Vec<TagId>> = HashMap::new();
    for (session, tag) in queries.tags_of_sessions(&ids).await? {
        tags.entry(session).or_default().push(tag.id);
    }
    let mut let_lie: HashMap<SessionId, Vec<LetLie>> = HashMap::new();
    for one in queries.let_lie(&ids).await? {
        let_lie.entry(one.session_id).or_default().push(one);
    }
    // The last one is the one that counts.
    let escalated: HashMap<SessionId, EscalationTarget> = queries.escalation_targets(&ids).await?.into_iter().collect();
    let request = |session: &Session| {
        let Facts { language, mut tag_ids, attributes } = facts.get(&session.customer_id).cloned().unwrap_or_default();
        tag_ids.extend(tags.remove(&session.id).unwrap_or_default());
        Request {
            escalated_to: escalated.get(&session.id).copied().filter(|target| target.holds(session)),
            team_id: session.team_id,
            language,
            link_id: session.link_id,
            tag_ids,
            attributes,
            let_lie_by: let_lie_by(session, &let_lie.remove(&session.id).unwrap_or_default(), present_since),
        }
    };
    Ok(sessions.iter().map(request).collect())
}

/// The sessions as they stand in line.
pub(super) async fn waiting(
    queries: &mut Queries,
    sessions: &[Session],
    present_since: &HashMap<AgentId, Time>,
) -> Result<Vec<Waiting>, store::Error> {
    let requests = requests(queries, sessions, present_since).await?;
    let waiting = |(session, request): (&Session, Request)| Waiting {
        session_id: session.id,
        priority: session.priority,
        since: waits_since(session),
        request,
    };
    Ok(sessions.iter().zip(requests).map(waiting).collect())
}

/// Those who let the session lie since its customer was last answered, or put it back after that, in that order. Who came back
/// since then begins anew: otherwise a session would wait for ever where nobody else is.
fn let_lie_by(session: &Session, let_lie: &[LetLie], present_since: &HashMap<AgentId, Time>) -> Vec<AgentId> {
    let since = [session.waiting_since, session.queued_at].into_iter().flatten().min();
    let is_back = |one: &LetLie| present_since.get(&one.agent_id).is_some_and(|came| *came > one.wall_at);
    let counts = |one: &&LetLie| since.is_some_and(|since| one.at >= since) && !is_back(one);
    let_lie.iter().filter(counts).map(|one| one.agent_id).collect()
}
