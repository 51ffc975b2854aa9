//! The work is shared evenly.

use std::collections::BTreeMap;

use domain::AgentId;
use domain::routing::{self, Decision, Presence, Request, Settings, Turn, route};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::worlds::{agent, strategy};

fn spread(counts: impl Iterator<Item = usize> + Clone) -> usize {
    counts.clone().max().unwrap_or(0) - counts.min().unwrap_or(0)
}

proptest! {
    /// Nothing is kept between the decisions but what the store has, which gives the agents in any order: just so it is
    /// after a restart, and with several processes.
    #[test]
    fn agents_who_are_equally_available_get_equally_much(
        strategy in strategy(),
        agents in 1..9_i64,
        orders in vec(any::<prop::sample::Index>(), 1..200),
    ) {
        let settings = Settings { strategy, ..Settings::default() };
        let mut stored: BTreeMap<AgentId, (u32, Option<Turn>)> =
            (1..=agents).map(|number| (AgentId(number), (0, None))).collect();
        let mut counts: BTreeMap<AgentId, usize> = stored.keys().map(|&agent| (agent, 0)).collect();
        for order in orders {
            let mut candidates: Vec<_> = stored.iter().map(|(&AgentId(number), &(load, last_turn))| {
                let mut candidate = agent(number);
                (candidate.load, candidate.last_turn) = (load, last_turn);
                candidate
            }).collect();
            candidates.rotate_left(order.index(agents.unsigned_abs() as usize));
            let Decision::Assign { agent_id, turn, .. } = route(&settings, &Request::default(), &candidates) else {
                return Err(TestCaseError::fail("somebody is available"));
            };
            let entry = stored.get_mut(&agent_id).unwrap();
            *entry = (entry.0 + 1, Some(turn));
            *counts.get_mut(&agent_id).unwrap() += 1;
            prop_assert!(spread(counts.values().copied()) <= 1, "{counts:?}");
        }
    }

    #[test]
    fn those_who_are_always_there_share_evenly_whoever_comes_and_goes(
        strategy in prop::sample::select(vec![routing::Strategy::RoundRobin, routing::Strategy::OnlineFirst]),
        steady in 1..5_usize,
        presences in vec(vec(any::<bool>(), 3), 1..200),
    ) {
        let settings = Settings { strategy, ..Settings::default() };
        let mut candidates: Vec<_> = (1..=steady + 3).map(|number| agent(i64::try_from(number).unwrap())).collect();
        let mut counts = vec![0_usize; steady + 3];
        for presence in presences {
            for (candidate, is_online) in candidates[steady..].iter_mut().zip(presence) {
                candidate.presence = if is_online { Presence::Online } else { Presence::Offline };
            }
            let Decision::Assign { agent_id, turn, .. } = route(&settings, &Request::default(), &candidates) else {
                return Err(TestCaseError::fail("somebody is available"));
            };
            let place = candidates.iter().position(|candidate| candidate.agent_id == agent_id).unwrap();
            candidates[place].take(turn);
            counts[place] += 1;
            prop_assert!(spread(counts[..steady].iter().copied()) <= 1, "{counts:?}");
        }
    }
}
