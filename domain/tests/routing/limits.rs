//! What no decision oversteps.

use domain::AgentId;
use domain::escalation::EscalationTarget;
use domain::routing::{self, Decision, Holder, Presence, Reroute, Tally, Turn, reroute, route};
use proptest::prelude::*;

use crate::worlds::{candidates, may_get, request, settings};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn only_those_get_a_session_who_may_and_it_waits_only_if_nobody_may(
        settings in settings(), request in request(), candidates in candidates(),
    ) {
        let able: Vec<_> = candidates.iter().filter(|candidate| may_get(&settings, &request, candidate)).collect();
        let (Decision::Assign { grounds, .. } | Decision::Queue { grounds, .. }) = route(&settings, &request, &candidates);
        let Tally { out_of_scope, let_it_lie, offline, full, available } = grounds.tally;
        prop_assert_eq!(out_of_scope + let_it_lie + offline + full + available, candidates.len());
        prop_assert_eq!(available, able.len());
        match route(&settings, &request, &candidates) {
            Decision::Assign { agent_id, turn, .. } => {
                let chosen = able.iter().find(|candidate| candidate.agent_id == agent_id);
                prop_assert!(chosen.is_some());
                prop_assert!(candidates.iter().all(|candidate| candidate.last_turn < Some(turn)));
                let chosen = chosen.unwrap();
                let has_let_lie = |agent: AgentId| request.let_lie_by.contains(&agent);
                for other in able.iter().filter(|other| has_let_lie(other.agent_id) == has_let_lie(agent_id)) {
                    match grounds.strategy {
                        routing::Strategy::RoundRobin => prop_assert!(chosen.last_turn <= other.last_turn),
                        routing::Strategy::OnlineFirst => {
                            prop_assert!(chosen.presence == Presence::Online || other.presence == Presence::Offline);
                        }
                        routing::Strategy::LeastLoaded => prop_assert!(chosen.load <= other.load),
                    }
                }
            }
            Decision::Queue { .. } => prop_assert!(able.is_empty()),
        }
    }

    #[test]
    fn an_escalated_session_stays_in_its_team(
        settings in settings(), mut request in request(), candidates in candidates(), team in crate::worlds::team(),
        holder in (1..9_i64).prop_map(AgentId),
    ) {
        request.escalated_to = Some(EscalationTarget::Team(team));
        let is_member = |agent_id| {
            candidates.iter().any(|candidate| candidate.agent_id == agent_id && candidate.team_ids.contains(&team))
        };
        if let Decision::Assign { agent_id, .. } = route(&settings, &request, &candidates) {
            prop_assert!(is_member(agent_id));
        }
        let at_work = candidates.iter().find(|candidate| candidate.agent_id == holder);
        let presence = at_work.map_or(Presence::Offline, |candidate| candidate.presence);
        let had_by = Holder { agent_id: holder, presence, by_people: false };
        match reroute(&settings, &request, had_by, &candidates) {
            Reroute::Moves { agent_id, .. } => prop_assert!(agent_id != holder && is_member(agent_id)),
            Reroute::Stays(_) => prop_assert!(is_member(holder)),
            Reroute::Queues(_) => {}
        }
    }

    #[test]
    fn what_was_escalated_to_people_goes_to_these_alone_and_never_waits_in_line_once_somebody_has_it(
        settings in settings(), mut request in request(), candidates in candidates(),
        agent in (1..9_i64).prop_map(AgentId),
        team in proptest::option::of(crate::worlds::team()),
        is_to_administrators in any::<bool>(),
        holder in (1..9_i64).prop_map(AgentId),
        by_people in any::<bool>(),
    ) {
        let team_id = team.filter(|_| is_to_administrators);
        request.escalated_to = EscalationTarget::of(Some(agent), team_id, is_to_administrators);
        let is_meant = |agent_id| candidates.iter().filter(|one| one.agent_id == agent_id).any(|one| {
            let is_of_team = team_id.is_some_and(|team| one.team_ids.contains(&team));
            if is_to_administrators { one.administers || is_of_team } else { one.agent_id == agent }
        });
        if let Decision::Assign { agent_id, .. } = route(&settings, &request, &candidates) {
            prop_assert!(is_meant(agent_id));
        }
        let at_work = candidates.iter().find(|candidate| candidate.agent_id == holder);
        let presence = at_work.map_or(Presence::Offline, |candidate| candidate.presence);
        match reroute(&settings, &request, Holder { agent_id: holder, presence, by_people }, &candidates) {
            Reroute::Moves { agent_id, .. } => prop_assert!(agent_id != holder && is_meant(agent_id)),
            Reroute::Stays(_) => {}
            Reroute::Queues(grounds) => return Err(TestCaseError::fail(format!("others would see it: {grounds:?}"))),
        }
    }

    #[test]
    fn the_same_facts_give_the_same_decision_in_whatever_order_they_come(
        settings in settings(),
        request in request(),
        (candidates, shuffled) in candidates().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(route(&settings, &request, &candidates), route(&settings, &request, &shuffled));
    }

    #[test]
    fn a_new_turn_is_after_all_others(candidates in candidates()) {
        let turn = Turn::after(&candidates);
        prop_assert!(candidates.iter().all(|candidate| candidate.last_turn < Some(turn)));
    }
}
