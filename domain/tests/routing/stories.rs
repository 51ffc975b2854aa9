//! One story for each rule.

use domain::escalation::EscalationTarget;
use domain::routing::{
    Candidate, Condition, Decision, Holder, OfflineAgents, Presence, QueueReason, Request, Reroute, Rule, Scope,
    Settings, Source, Strategy, Turn, Waiting, place, reroute, route, unmanned,
};
use domain::{AgentId, DiversionLinkId, Priority, RoutingRuleId, SessionId, TeamId};

use crate::worlds::agent;

const SUPPORT: TeamId = TeamId(1);
const ADVANCED: TeamId = TeamId(2);

fn offline(number: i64) -> Candidate {
    Candidate { presence: Presence::Offline, ..agent(number) }
}

fn of(team: TeamId, candidate: Candidate) -> Candidate {
    Candidate { team_ids: vec![team], ..candidate }
}

/// An agent to whom the desk gave a session.
fn given_to(agent: i64, presence: Presence) -> Holder {
    Holder { agent_id: AgentId(agent), presence, by_people: false }
}

fn chosen(settings: &Settings, request: &Request, candidates: &[Candidate]) -> Result<AgentId, QueueReason> {
    match route(settings, request, candidates) {
        Decision::Assign { agent_id, .. } => Ok(agent_id),
        Decision::Queue { reason, .. } => Err(reason),
    }
}

#[test]
fn whoever_has_waited_longest_is_next_and_a_newcomer_before_all() {
    let at = |number, turn| Candidate { last_turn: Some(Turn(turn)), ..agent(number) };
    let settings = Settings { strategy: Strategy::RoundRobin, ..Settings::default() };
    assert_eq!(chosen(&settings, &Request::default(), &[at(1, 30), at(2, 10), at(3, 20)]), Ok(AgentId(2)));
    assert_eq!(chosen(&settings, &Request::default(), &[at(1, 30), at(2, 10), agent(3)]), Ok(AgentId(3)));
}

#[test]
fn a_session_waits_rather_than_lies_with_somebody_who_is_not_there() {
    for &strategy in Strategy::ALL {
        let settings = Settings { strategy, ..Settings::default() };
        let nobody = chosen(&settings, &Request::default(), &[offline(1), offline(2)]);
        assert_eq!(nobody, Err(QueueReason::NobodyOnline), "{strategy}");
    }
}

#[test]
fn where_offline_agents_are_eligible_only_online_first_looks_at_presence() {
    let candidates = [offline(1), agent(2), Candidate { load: 1, ..agent(3) }];
    for (strategy, agent) in [(Strategy::RoundRobin, 1), (Strategy::OnlineFirst, 2), (Strategy::LeastLoaded, 1)] {
        let settings = Settings { strategy, offline_agents: OfflineAgents::Eligible, ..Settings::default() };
        assert_eq!(chosen(&settings, &Request::default(), &candidates), Ok(AgentId(agent)), "{strategy}");
        let all_off = [offline(1), offline(2)];
        assert_eq!(chosen(&settings, &Request::default(), &all_off), Ok(AgentId(1)), "{strategy}");
    }
}

#[test]
fn agents_at_their_capacity_get_nothing() {
    let with = |load, capacity| Candidate { load, capacity, ..agent(1) };
    let settings = Settings::default();
    assert_eq!(chosen(&settings, &Request::default(), &[with(4, Some(5))]), Ok(AgentId(1)));
    assert_eq!(chosen(&settings, &Request::default(), &[with(5, Some(5))]), Err(QueueReason::EverybodyBusy));
    assert_eq!(chosen(&settings, &Request::default(), &[with(500, None)]), Ok(AgentId(1)));
}

#[test]
fn the_first_rule_that_names_a_scope_decides_and_likewise_the_first_that_names_a_strategy() {
    let rule = |id, language: &str, scope, strategy| Rule {
        id: RoutingRuleId(id),
        conditions: vec![Condition::Language(vec![language.to_owned()])],
        scope,
        strategy,
    };
    let settings = Settings {
        rules: vec![
            rule(1, "de", Some(Scope::Team(ADVANCED)), None),
            rule(2, "ru", None, Some(Strategy::LeastLoaded)),
            rule(3, "ru", Some(Scope::Team(SUPPORT)), Some(Strategy::RoundRobin)),
        ],
        ..Settings::default()
    };
    let request = Request { language: Some("ru".to_owned()), ..Request::default() };
    let Decision::Assign { agent_id, grounds, .. } =
        route(&settings, &request, &[of(ADVANCED, agent(1)), of(SUPPORT, agent(2))])
    else {
        panic!("an agent of the team is there");
    };
    assert_eq!(agent_id, AgentId(2));
    assert_eq!((grounds.scope, grounds.scope_source), (Scope::Team(SUPPORT), Source::Rule(RoutingRuleId(3))));
    assert_eq!((grounds.strategy, grounds.strategy_source), (Strategy::LeastLoaded, Source::Rule(RoutingRuleId(2))));
    assert_eq!((grounds.tally.out_of_scope, grounds.tally.available), (1, 1));
}

#[test]
fn a_link_leads_to_the_team_of_its_rule_and_the_sessions_own_team_prevails() {
    let to_agents = Rule {
        id: RoutingRuleId(1),
        conditions: vec![Condition::Link(vec![DiversionLinkId(7)])],
        scope: Some(Scope::Agents(vec![AgentId(3)])),
        strategy: None,
    };
    let settings = Settings { rules: vec![to_agents], ..Settings::default() };
    let candidates = [agent(1), of(SUPPORT, agent(2)), agent(3)];
    let mut request = Request { link_id: Some(DiversionLinkId(7)), ..Request::default() };
    assert_eq!(chosen(&settings, &request, &candidates), Ok(AgentId(3)));
    request.team_id = Some(SUPPORT);
    assert_eq!(chosen(&settings, &request, &candidates), Ok(AgentId(2)));
}

#[test]
fn an_escalated_session_waits_for_its_team_while_others_are_free() {
    let candidates = [of(SUPPORT, agent(1)), of(ADVANCED, offline(2))];
    let to = |team| Some(EscalationTarget::Team(team));
    let request = Request { escalated_to: to(ADVANCED), team_id: Some(SUPPORT), ..Request::default() };
    let catch_all = Rule { id: RoutingRuleId(1), conditions: vec![], scope: Some(Scope::All), strategy: None };
    let settings = Settings { rules: vec![catch_all], ..Settings::default() };
    let Decision::Queue { reason, grounds } = route(&settings, &request, &candidates) else {
        panic!("nobody of the team is there");
    };
    assert_eq!((reason, grounds.scope_source), (QueueReason::NobodyOnline, Source::Escalation));
    let unknown_team = Request { escalated_to: to(TeamId(9)), ..request };
    assert_eq!(chosen(&settings, &unknown_team, &candidates), Err(QueueReason::NobodyInScope));
}

#[test]
fn what_was_escalated_to_the_administrators_or_to_one_agent_is_for_no_others() {
    let boss = |number| Candidate { administers: true, ..agent(number) };
    let to = |target| Request { escalated_to: Some(target), ..Request::default() };
    let administrator = |team_id| to(EscalationTarget::Administrator { agent_id: AgentId(1), team_id });
    let others = [agent(2), of(ADVANCED, agent(3))];
    let settings = Settings { scope: Scope::Team(SUPPORT), ..Settings::default() };
    assert_eq!(chosen(&settings, &administrator(None), &others), Err(QueueReason::NobodyInScope));
    assert_eq!(chosen(&settings, &administrator(None), &[&others[..], &[boss(4)]].concat()), Ok(AgentId(4)));
    assert_eq!(chosen(&settings, &administrator(Some(ADVANCED)), &others), Ok(AgentId(3)), "the team owns it");
    let named = to(EscalationTarget::Agent(AgentId(1)));
    assert_eq!(chosen(&settings, &named, &others), Err(QueueReason::NobodyInScope));
    assert_eq!(chosen(&settings, &named, &[boss(4), agent(1)]), Ok(AgentId(1)));

    let gone = Holder { by_people: true, ..given_to(1, Presence::Offline) };
    for request in [administrator(None), named] {
        let decided = reroute(&settings, &request, gone, &others);
        assert!(matches!(decided, Reroute::Stays(_)), "in line others would see it: {decided:?}");
    }
    let decided = reroute(&settings, &administrator(None), gone, &[boss(1), boss(4), agent(5)]);
    assert!(matches!(decided, Reroute::Moves { agent_id: AgentId(4), .. }), "{decided:?}");
}

#[test]
fn an_unanswered_session_moves_on_and_not_back() {
    let settings = Settings::default();
    let moved = |request: &Request, from, candidates: &[Candidate]| match reroute(
        &settings,
        request,
        given_to(from, Presence::Online),
        candidates,
    ) {
        Reroute::Moves { agent_id, .. } => Some(agent_id),
        Reroute::Stays(_) | Reroute::Queues(_) => None,
    };
    let three = [agent(1), agent(2), agent(3)];
    assert_eq!(moved(&Request::default(), 1, &three), Some(AgentId(2)));
    let had_by_one = Request { let_lie_by: vec![AgentId(1)], ..Request::default() };
    assert_eq!(moved(&had_by_one, 2, &three), Some(AgentId(3)), "whoever has not had it comes first");
    assert_eq!(moved(&had_by_one, 2, &three[..2]), Some(AgentId(1)), "and an earlier one before nobody");
    let (there, gone) = (given_to(1, Presence::Online), given_to(1, Presence::Offline));
    assert!(matches!(reroute(&settings, &had_by_one, there, &three[..1]), Reroute::Stays(_)));
    assert!(matches!(reroute(&settings, &had_by_one, gone, &[offline(1)]), Reroute::Queues(_)));
    assert!(matches!(reroute(&settings, &had_by_one, gone, &[]), Reroute::Queues(_)));
    let escalated = Request { escalated_to: Some(EscalationTarget::Team(ADVANCED)), ..Request::default() };
    let outsider = [of(SUPPORT, agent(1))];
    assert!(matches!(reroute(&settings, &escalated, there, &outsider), Reroute::Queues(_)));
}

#[test]
fn whom_people_chose_keeps_a_session_while_nobody_else_can_have_it() {
    let settings = Settings::default();
    let request = Request { team_id: Some(ADVANCED), ..Request::default() };
    let chosen = |presence| Holder { by_people: true, ..given_to(1, presence) };
    let outsider = of(SUPPORT, agent(1));
    let decided = |holder, candidates: &[Candidate]| reroute(&settings, &request, holder, candidates);
    assert!(matches!(decided(chosen(Presence::Online), std::slice::from_ref(&outsider)), Reroute::Stays(_)));
    assert!(matches!(decided(chosen(Presence::Online), &[]), Reroute::Stays(_)), "without a role of their own");
    assert!(matches!(decided(chosen(Presence::Offline), &[offline(1)]), Reroute::Queues(_)), "they are not there");
    let member = of(ADVANCED, agent(2));
    let moved = decided(chosen(Presence::Online), &[outsider, member]);
    assert!(matches!(moved, Reroute::Moves { agent_id: AgentId(2), .. }), "{moved:?}");
}

#[test]
fn a_scope_without_anybody_counts_as_none() {
    let rule = |number, scope| Rule {
        id: RoutingRuleId(number),
        conditions: vec![],
        scope: Some(scope),
        strategy: Some(Strategy::LeastLoaded),
    };
    let settings = Settings {
        rules: vec![rule(1, Scope::Agents(vec![AgentId(9)])), rule(2, Scope::Team(ADVANCED))],
        scope: Scope::Team(SUPPORT),
        ..Settings::default()
    };
    assert!(!settings.is_for_all());
    let scopes = |candidates: &[Candidate]| {
        let settings = settings.clone().among(candidates);
        assert!(settings.rules.iter().all(|rule| rule.strategy == Some(Strategy::LeastLoaded)));
        (settings.rules.iter().map(|rule| rule.scope.clone()).collect::<Vec<_>>(), settings.scope)
    };
    let advanced = Some(Scope::Team(ADVANCED));
    assert_eq!(scopes(&[of(ADVANCED, offline(1))]), (vec![None, advanced], Scope::All), "whether online or not");
    let named = Some(Scope::Agents(vec![AgentId(9)]));
    assert_eq!(scopes(&[of(SUPPORT, agent(9))]), (vec![named, None], Scope::Team(SUPPORT)));
    assert_eq!(scopes(&[]), (vec![None, None], Scope::All));
    assert!(settings.clone().among(&[agent(1)]).is_for_all());
}

#[test]
fn a_team_is_unmanned_when_no_active_agent_is_in_it() {
    let teams = [SUPPORT, ADVANCED];
    assert_eq!(unmanned(&teams, &[of(ADVANCED, offline(1)), agent(2)]), [SUPPORT], "whether online or not");
    assert!(unmanned(&teams, &[of(SUPPORT, agent(1)), of(ADVANCED, agent(2))]).is_empty());
    assert_eq!(unmanned(&teams, &[]), teams);
}

#[test]
fn each_scope_is_a_line_of_its_own() {
    let waiting = |id, priority, team_id| Waiting {
        session_id: SessionId(id),
        priority,
        since: "2026-11-23T12:00:00Z".parse().unwrap(),
        request: Request { team_id, ..Request::default() },
    };
    let all = [
        waiting(1, Priority::Medium, None),
        waiting(2, Priority::Medium, Some(SUPPORT)),
        waiting(3, Priority::Urgent, None),
        waiting(4, Priority::Medium, Some(SUPPORT)),
    ];
    let places = all.each_ref().map(|session| place(&Settings::default(), &all, session.session_id));
    assert_eq!(places, [Some(2), Some(1), Some(1), Some(2)]);
}
