//! Random agents, settings and requests.

use domain::escalation::EscalationTarget;
use domain::routing::{self, Candidate, Condition, OfflineAgents, Presence, Request, Rule, Scope, Settings, Turn};
use domain::{AgentId, RoutingRuleId, TagId, TeamId};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

pub fn agent(number: i64) -> Candidate {
    Candidate {
        agent_id: AgentId(number),
        team_ids: vec![],
        administers: false,
        presence: Presence::Online,
        load: 0,
        capacity: None,
        last_turn: None,
    }
}

pub fn team() -> impl Strategy<Value = TeamId> {
    (1..4_i64).prop_map(TeamId)
}

pub fn strategy() -> impl Strategy<Value = routing::Strategy> {
    select(routing::Strategy::ALL.to_vec())
}

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::All),
        team().prop_map(Scope::Team),
        vec((1..9_i64).prop_map(AgentId), 0..4).prop_map(Scope::Agents),
    ]
}

pub fn settings() -> impl Strategy<Value = Settings> {
    let rule = ((1..4_i64).prop_map(TagId), option::of(scope()), option::of(strategy()));
    let offline_agents = select(OfflineAgents::ALL.to_vec());
    (vec(rule, 0..4), scope(), strategy(), offline_agents).prop_map(|(rules, scope, strategy, offline_agents)| {
        let rules = (1..).zip(rules).map(|(number, (tag, scope, strategy))| Rule {
            id: RoutingRuleId(number),
            conditions: vec![Condition::Tag(vec![tag])],
            scope,
            strategy,
        });
        Settings { rules: rules.collect(), scope, strategy, offline_agents }
    })
}

pub fn target() -> impl Strategy<Value = EscalationTarget> {
    let agent = || (1..9_i64).prop_map(AgentId);
    prop_oneof![
        team().prop_map(EscalationTarget::Team),
        (agent(), option::of(team()))
            .prop_map(|(agent_id, team_id)| EscalationTarget::Administrator { agent_id, team_id }),
        agent().prop_map(EscalationTarget::Agent),
    ]
}

pub fn request() -> impl Strategy<Value = Request> {
    let tags = vec((1..6_i64).prop_map(TagId), 0..3);
    let let_lie_by = vec((1..9_i64).prop_map(AgentId), 0..3);
    (option::of(target()), option::of(team()), tags, let_lie_by).prop_map(
        |(escalated_to, team_id, tag_ids, let_lie_by)| Request {
            escalated_to,
            team_id,
            tag_ids,
            let_lie_by,
            ..Request::default()
        },
    )
}

/// Up to eight agents, in any order.
pub fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
    let who = (vec(team(), 0..3), any::<bool>(), any::<bool>());
    let one = (who, 0..4_u32, option::of(0..4_u32), option::of((1..20_i64).prop_map(Turn)));
    vec(one, 0..9)
        .prop_map(|agents| {
            let agents = (1..).zip(agents).map(|(number, (who, load, capacity, last_turn))| {
                let (team_ids, administers, is_online) = who;
                let presence = if is_online { Presence::Online } else { Presence::Offline };
                Candidate { team_ids, administers, presence, load, capacity, last_turn, ..agent(number) }
            });
            agents.collect::<Vec<_>>()
        })
        .prop_shuffle()
}

/// Who may get the session, said in the plainest way.
pub fn may_get(settings: &Settings, request: &Request, candidate: &Candidate) -> bool {
    let within = match settings.scope_of(request).0 {
        Scope::All => true,
        Scope::Agents(agents) => agents.contains(&candidate.agent_id),
        Scope::Team(team) => candidate.team_ids.contains(&team),
        Scope::Administrators(None) => candidate.administers,
        Scope::Administrators(Some(team)) => candidate.administers || candidate.team_ids.contains(&team),
    };
    within
        && candidate.capacity.is_none_or(|capacity| candidate.load < capacity)
        && (candidate.presence == Presence::Online || settings.offline_agents == OfflineAgents::Eligible)
        && request.let_lie_by.last() != Some(&candidate.agent_id)
}
