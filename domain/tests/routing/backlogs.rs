//! The sessions that wait.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use domain::routing::{Request, Settings, Waiting, assign_backlog, in_order, place};
use domain::{Priority, SessionId, Time};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::worlds::{candidates, may_get, request, settings};

fn waiting() -> impl Strategy<Value = Vec<Waiting>> {
    vec((prop::sample::select(Priority::ALL.to_vec()), 0..5_i64, request()), 0..12)
        .prop_map(|sessions| {
            let sessions = (1..).zip(sessions).map(|(number, (priority, minutes, request))| Waiting {
                session_id: SessionId(number),
                priority,
                since: "2026-11-23T09:00:00Z".parse::<Time>().unwrap() + TimeDelta::minutes(minutes),
                request,
            });
            sessions.collect::<Vec<_>>()
        })
        .prop_shuffle()
}

proptest! {
    #[test]
    fn a_backlog_is_given_out_within_the_limits_and_as_far_as_it_goes(
        settings in settings(), waiting in waiting(), candidates in candidates(),
    ) {
        let assigned = assign_backlog(&settings, &waiting, &candidates);
        let mut line: Vec<_> = waiting.iter().collect();
        line.sort_by(|one, other| in_order(one, other));
        let mut agents = candidates;
        let mut given = assigned.iter().peekable();
        for session in line {
            match given.next_if(|given| given.session_id == session.session_id) {
                Some(given) => {
                    let agent = agents.iter_mut().find(|agent| agent.agent_id == given.agent_id).unwrap();
                    prop_assert!(may_get(&settings, &session.request, agent));
                    agent.take(given.turn);
                }
                None => prop_assert!(!agents.iter().any(|agent| may_get(&settings, &session.request, agent))),
            }
        }
        prop_assert_eq!(given.next(), None);
    }

    #[test]
    fn the_places_of_one_line_are_counted_from_one_without_a_gap(waiting in waiting()) {
        let waiting: Vec<_> = waiting.into_iter().map(|one| Waiting { request: Request::default(), ..one }).collect();
        let place_of = |session: &Waiting| place(&Settings::default(), &waiting, session.session_id).unwrap();
        let places: BTreeSet<_> = waiting.iter().map(place_of).collect();
        prop_assert_eq!(places, (1..=waiting.len()).collect::<BTreeSet<_>>());
        for (one, other) in waiting.iter().flat_map(|one| waiting.iter().map(move |other| (one, other))) {
            if one.priority > other.priority || (one.priority == other.priority && one.since < other.since) {
                prop_assert!(place_of(one) < place_of(other));
            }
        }
        prop_assert_eq!(place(&Settings::default(), &waiting, SessionId(0)), None);
    }
}
