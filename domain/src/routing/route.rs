//! The decision about one session.

use super::{
    Candidate, Decision, Grounds, OfflineAgents, Presence, QueueReason, Request, Scope, Settings, Strategy, Tally, Turn,
};

/// Decides who gets a session. The order of the candidates does not matter.
///
/// The agent who had it last and let it lie does not get it back. Those who let it lie earlier come after all others.
pub fn route(settings: &Settings, request: &Request, candidates: &[Candidate]) -> Decision {
    let (scope, scope_source) = settings.scope_of(request);
    let (strategy, strategy_source) = settings.strategy_of(request);
    let mut tally = Tally::default();
    let mut available = Vec::new();
    for candidate in candidates {
        match obstacle(settings, &scope, request, candidate) {
            Some(Obstacle::OutOfScope) => tally.out_of_scope += 1,
            Some(Obstacle::LetItLie) => tally.let_it_lie += 1,
            Some(Obstacle::Offline) => tally.offline += 1,
            Some(Obstacle::Full) => tally.full += 1,
            None => {
                tally.available += 1;
                available.push(candidate);
            }
        }
    }
    let grounds = Grounds { scope, scope_source, strategy, strategy_source, tally };
    match first(strategy, request, &available) {
        Some(agent) => Decision::Assign { agent_id: agent.agent_id, turn: Turn::after(candidates), grounds },
        None => Decision::Queue { reason: QueueReason::of(tally), grounds },
    }
}

/// What keeps an agent from getting a session.
enum Obstacle {
    OutOfScope,
    LetItLie,
    Offline,
    Full,
}

fn obstacle(settings: &Settings, scope: &Scope, request: &Request, candidate: &Candidate) -> Option<Obstacle> {
    if !scope.includes(candidate) {
        Some(Obstacle::OutOfScope)
    } else if request.let_lie_by.last() == Some(&candidate.agent_id) {
        Some(Obstacle::LetItLie)
    } else if candidate.presence == Presence::Offline && settings.offline_agents == OfflineAgents::Skipped {
        Some(Obstacle::Offline)
    } else if !candidate.has_room() {
        Some(Obstacle::Full)
    } else {
        None
    }
}

fn first<'c>(strategy: Strategy, request: &Request, available: &[&'c Candidate]) -> Option<&'c Candidate> {
    let let_it_lie = |candidate: &Candidate| request.let_lie_by.contains(&candidate.agent_id);
    let compare = |one: &&&Candidate, other: &&&Candidate| {
        let_it_lie(one).cmp(&let_it_lie(other)).then_with(|| strategy.compare(one, other))
    };
    available.iter().min_by(compare).copied()
}
