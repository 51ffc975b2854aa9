//! One story for each rule.

use chrono::TimeDelta;
use domain::routing::{
    Candidate, Condition, Decision, OfflineAgents, Presence, QueueReason, Request, Reroute, Rule, Scope, Settings,
    Source, Strategy, Turn, Waiting, place, reroute, reroute_due, route,
};
use domain::{AgentId, DiversionLinkId, Priority, RoutingRuleId, SessionId, TeamId, Time};

use crate::worlds::agent;

const SUPPORT: TeamId = TeamId(1);
const ADVANCED: TeamId = TeamId(2);

fn offline(number: i64) -> Candidate {
    Candidate { presence: Presence::Offline, ..agent(number) }
}

fn of(team: TeamId, candidate: Candidate) -> Candidate {
    Candidate { team_ids: vec![team], ..candidate }
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
    let request = Request { escalated_to: Some(ADVANCED), team_id: Some(SUPPORT), ..Request::default() };
    let catch_all = Rule { id: RoutingRuleId(1), conditions: vec![], scope: Some(Scope::All), strategy: None };
    let settings = Settings { rules: vec![catch_all], ..Settings::default() };
    let Decision::Queue { reason, grounds } = route(&settings, &request, &candidates) else {
        panic!("nobody of the team is there");
    };
    assert_eq!((reason, grounds.scope_source), (QueueReason::NobodyOnline, Source::Escalation));
    let unknown_team = Request { escalated_to: Some(TeamId(9)), ..request };
    assert_eq!(chosen(&settings, &unknown_team, &candidates), Err(QueueReason::NobodyInScope));
}

#[test]
fn an_unanswered_session_moves_on_and_not_back() {
    let settings = Settings::default();
    let moved = |request: &Request, from, candidates: &[Candidate]| match reroute(
        &settings,
        request,
        AgentId(from),
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
    assert!(matches!(reroute(&settings, &had_by_one, AgentId(1), &three[..1]), Reroute::Stays(_)));
    assert!(matches!(reroute(&settings, &had_by_one, AgentId(1), &[offline(1)]), Reroute::Queues(_)));
    assert!(matches!(reroute(&settings, &had_by_one, AgentId(1), &[]), Reroute::Queues(_)));
    let escalated = Request { escalated_to: Some(ADVANCED), ..Request::default() };
    let outsider = [of(SUPPORT, agent(1))];
    assert!(matches!(reroute(&settings, &escalated, AgentId(1), &outsider), Reroute::Queues(_)));
}

#[test]
fn the_time_to_answer_begins_when_there_is_something_to_answer() {
    let noon: Time = "2026-11-23T12:00:00Z".parse().unwrap();
    let minutes = TimeDelta::minutes;
    assert_eq!(reroute_due(noon, noon - minutes(9), minutes(5)), Some(noon + minutes(5)));
    assert_eq!(reroute_due(noon, noon + minutes(9), minutes(5)), Some(noon + minutes(14)));
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
