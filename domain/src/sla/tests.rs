//! Clocks over stories and over random histories.

use chrono::{Duration, NaiveDate};
use proptest::prelude::*;

use super::hours::tests::{any_hours, around_the_clock};
use super::*;
use crate::{SlaHoursId, Time};

const HOURS: SlaHoursId = SlaHoursId(1);
const OTHERS: SlaHoursId = SlaHoursId(2);

fn at(minutes: i64) -> Time {
    // A Monday, at midnight.
    "2026-01-05T00:00:00Z".parse::<Time>().unwrap() + Duration::minutes(minutes)
}

fn terms(minutes: i64) -> Terms {
    Terms { target: Duration::minutes(minutes), warning_percent: 80, pauses: true, hours_id: None }
}

fn state(timeline: &Timeline, minutes: i64) -> State {
    timeline.standing(at(minutes), &HoursById::default()).state
}

#[test]
fn a_promise_is_kept_warned_about_missed_and_made_good() {
    let mut timeline = Timeline::new(at(0), terms(10));
    let standing = timeline.standing(at(0), &HoursById::default());
    assert_eq!((standing.due_at, standing.warn_at), (Some(at(10)), Some(at(8))));
    assert_eq!(state(&timeline, 7), State::Pending);
    assert_eq!(state(&timeline, 8), State::ImminentBreach);
    assert_eq!(state(&timeline, 10), State::ImminentBreach, "the last moment is in time");
    assert_eq!(state(&timeline, 11), State::Breaching);
    let mut late = timeline.clone();
    late.note(at(12), Change::Satisfied);
    assert_eq!(state(&late, 13), State::Breached);
    assert_eq!(state(&late, 11), State::Breaching, "looked at as it was");
    timeline.note(at(10), Change::Satisfied);
    assert_eq!(state(&timeline, 99), State::Achieved);
    for (minutes, given_up) in [(3, State::Cancelled), (10, State::Cancelled), (11, State::Breached)] {
        let mut cancelled = Timeline::new(at(0), terms(10));
        cancelled.note(at(minutes), Change::Cancelled);
        assert_eq!(state(&cancelled, 99), given_up, "given up after {minutes} minutes");
    }
}

#[test]
fn at_once_means_that_the_next_moment_is_late() {
    let mut timeline = Timeline::new(at(0), terms(0));
    let standing = timeline.standing(at(0), &HoursById::default());
    assert_eq!((standing.due_at, standing.state), (Some(at(0)), State::ImminentBreach));
    let next = at(0) + Duration::microseconds(1);
    assert_eq!(timeline.standing(next, &HoursById::default()).state, State::Breaching);
    timeline.note(at(0), Change::Satisfied);
    assert_eq!(state(&timeline, 1), State::Achieved);
}

#[test]
fn the_time_stands_still_while_the_customer_is_waited_for_if_that_is_the_choice() {
    let mut timeline = Timeline::new(at(0), terms(10));
    timeline.note(at(4), Change::Paused);
    assert_eq!(state(&timeline, 50), State::Paused);
    let standing = timeline.standing(at(50), &HoursById::default());
    assert_eq!((standing.due_at, standing.paused_at), (None, Some(at(4))));
    timeline.note(at(60), Change::Resumed);
    let standing = timeline.standing(at(60), &HoursById::default());
    assert_eq!((standing.due_at, standing.warn_at), (Some(at(66)), Some(at(64))));
    assert_eq!(state(&timeline, 66), State::ImminentBreach);
    assert_eq!(state(&timeline, 67), State::Breaching);
    let other = replay(&timeline, Terms { pauses: false, ..terms(10) });
    assert_eq!(state(&other, 50), State::Breaching);
    assert_eq!(other.standing(at(50), &HoursById::default()).due_at, Some(at(10)));
}

#[test]
fn what_is_late_stays_late_and_stands_still_in_vain() {
    let mut timeline = Timeline::new(at(0), terms(10));
    timeline.note(at(11), Change::Paused);
    assert_eq!(state(&timeline, 12), State::Breaching);
    timeline.note(at(13), Change::PolicyChanged(terms(100)));
    assert_eq!(state(&timeline, 14), State::Breaching);
    timeline.note(at(15), Change::Satisfied);
    assert_eq!(state(&timeline, 15), State::Breached);
}

#[test]
fn other_terms_count_from_the_beginning() {
    let mut timeline = Timeline::new(at(0), terms(10));
    timeline.note(at(5), Change::PolicyChanged(terms(20)));
    assert_eq!(timeline.standing(at(5), &HoursById::default()).due_at, Some(at(20)));
    timeline.note(at(6), Change::PolicyChanged(terms(2)));
    let standing = timeline.standing(at(6), &HoursById::default());
    assert_eq!((standing.due_at, standing.remaining), (Some(at(6)), Duration::zero()));
    assert_eq!(state(&timeline, 7), State::Breaching);
    assert_eq!(timeline.present_terms(), terms(2));
}

#[test]
fn what_is_told_changes_nothing_and_is_told_once() {
    let mut timeline = Timeline::new(at(0), terms(10));
    let mut clock = clock_of(&timeline);
    assert_eq!(clock.next_at(), Some(at(8)));
    assert_eq!(clock.due_change(at(7)), None);
    assert_eq!(clock.due_change(at(9)), Some(Change::Warned));
    clock.tell(Change::Warned, at(9));
    timeline.note(at(9), Change::Warned);
    assert_eq!((clock.due_change(at(10)), clock.state), (None, State::ImminentBreach));
    assert_eq!(clock.next_at(), Some(at(10) + Duration::microseconds(1)));
    assert_eq!(clock.due_change(at(11)), Some(Change::Breached));
    clock.tell(Change::Breached, at(11));
    timeline.note(at(11), Change::Breached);
    assert_eq!((clock.due_change(at(99)), clock.next_at()), (None, None));
    assert_eq!(timeline.standing(at(12), &HoursById::default()).state, clock.state);
    // Of one that is late already there is no warning any more.
    assert_eq!(clock_of(&Timeline::new(at(0), terms(10))).due_change(at(11)), Some(Change::Breached));
}

#[test]
fn what_is_told_of_a_clock_is_so_until_it_stands_otherwise() {
    let mut timeline = Timeline::new(at(0), terms(10));
    let mut clock = clock_of(&timeline);
    assert!(Alert::Warning.is_so(&clock, at(10)) && !Alert::Breach.is_so(&clock, at(10)), "the last moment is in time");
    assert!(!Alert::Warning.is_so(&clock, at(11)), "nothing is left of which to warn");
    let mut happens = |minutes, change, clock: &mut Clock| {
        timeline.note(at(minutes), change);
        clock.stand(&timeline.standing(at(minutes), &HoursById::default()), change, at(minutes));
    };
    happens(9, Change::Paused, &mut clock);
    assert!(!Alert::Warning.is_so(&clock, at(9)), "the time stands still");
    happens(20, Change::Resumed, &mut clock);
    assert!(Alert::Warning.is_so(&clock, at(20)));
    happens(22, Change::Breached, &mut clock);
    assert!(Alert::Breach.is_so(&clock, at(22)) && !Alert::Warning.is_so(&clock, at(22)));
    happens(23, Change::Paused, &mut clock);
    assert!(Alert::Breach.is_so(&clock, at(23)), "late is late while the customer is waited for");
    happens(24, Change::Satisfied, &mut clock);
    assert!(!Alert::Breach.is_so(&clock, at(24)));
}

fn clock_of(timeline: &Timeline) -> Clock {
    clock_by(timeline, &HoursById::default())
}

/// A clock that has just been started, by these hours.
fn clock_by(timeline: &Timeline, hours: &HoursById) -> Clock {
    let standing = timeline.standing(timeline.started_at, hours);
    Clock {
        id: crate::SlaClockId(1),
        project_id: crate::ProjectId(1),
        session_id: crate::SessionId(1),
        customer_id: crate::CustomerId(1),
        ticket_id: None,
        metric: Metric::FirstResponse,
        kind: crate::ticket::TicketKind::Standard,
        priority: None,
        policy_version: 1,
        started_at: timeline.started_at,
        terms: timeline.terms,
        state: standing.state,
        due_at: standing.due_at,
        warn_at: standing.warn_at,
        paused_at: None,
        warned_at: None,
        breached_at: None,
        ended_at: None,
        changes: 0,
    }
}

#[test]
fn a_clock_that_nobody_was_told_of_stands_as_its_history_says() {
    let timeline = Timeline::new(at(0), terms(10));
    let clock = clock_of(&timeline);
    for minutes in [0, 7, 8, 10, 11, 500] {
        assert_eq!(clock.state_at(at(minutes)), state(&timeline, minutes), "{minutes}");
    }
}

#[test]
fn who_gets_more_time_is_warned_again() {
    let mut history = Timeline::new(at(0), terms(10));
    let mut clock = clock_of(&history);
    history.note(at(8), Change::Warned);
    clock.tell(Change::Warned, at(8));
    assert_eq!((clock.state, clock.due_change(at(9))), (State::ImminentBreach, None));
    let more = Change::PolicyChanged(terms(100));
    history.note(at(9), more);
    clock.stand(&history.standing(at(9), &HoursById::default()), more, at(9));
    assert_eq!((clock.state, clock.next_at()), (State::Pending, Some(at(80))));
    for minutes in [9, 79, 80, 100, 101] {
        assert_eq!(clock.state_at(at(minutes)), state(&history, minutes), "{minutes}");
    }
    assert_eq!(clock.due_change(at(80)), Some(Change::Warned));
}

#[test]
fn a_simulation_counts_what_was_and_what_would_have_been() {
    let mut timeline = Timeline::new(at(0), terms(10));
    timeline.note(at(6), Change::Satisfied);
    let mut simulation = Simulation::default();
    let standard = (crate::ticket::TicketKind::Standard, Metric::FirstResponse);
    simulation.replay(standard, &timeline, terms(5), at(60), &HoursById::default());
    simulation.replay(standard, &timeline, terms(6), at(60), &HoursById::default());
    let rows: Vec<_> = simulation.rows().collect();
    let [(_, _, was, would_be)] = rows[..] else { panic!("{rows:?}") };
    assert_eq!((was.achieved, was.compliance()), (2, Some(1.0)));
    assert_eq!((would_be.achieved, would_be.breached, would_be.compliance()), (1, 1, Some(0.5)));
    assert_eq!(Tally::default().compliance(), None);

    // What was given up would have been late by then, or would not have been.
    let mut given_up = Timeline::new(at(0), terms(10));
    given_up.note(at(6), Change::Cancelled);
    let late = (crate::ticket::TicketKind::Escalated, Metric::FirstResponse);
    let mut simulation = Simulation::default();
    simulation.replay(late, &given_up, terms(5), at(60), &HoursById::default());
    simulation.replay(late, &replay(&given_up, terms(5)), terms(10), at(60), &HoursById::default());
    let (.., was, would_be) = simulation.rows().next().unwrap();
    assert_eq!((was.cancelled, was.breached, was.achieved), (1, 1, 0));
    assert_eq!((would_be.cancelled, would_be.breached, would_be.achieved), (1, 1, 0));
}

#[test]
fn what_is_explained_has_an_end() {
    let office: Vec<OpeningTime> =
        (0..7).map(|weekday| OpeningTime { weekday, opens: 9 * 60, closes: 17 * 60 }).collect();
    let office = Hours::new(crate::time_zone::TimeZone::parse("UTC").unwrap(), &office, []).unwrap();
    let hours = HoursById::from_iter([(HOURS, office)]);
    let timeline = Timeline::new(at(0), Terms { hours_id: Some(HOURS), ..terms(10) });
    let explained = |days: i64| timeline.explain(at(days * 24 * 60), &hours);
    let short = explained(249);
    assert_eq!((short.segments.len(), short.is_cut_off), (499, false));
    let long = explained(1000);
    assert_eq!((long.segments.len(), long.is_cut_off), (MOST_SEGMENTS, true));
    assert_eq!(long.segments[..498], short.segments[..498]);
}

#[test]
fn a_holiday_is_explained_as_one_and_a_night_is_not() {
    let office: Vec<OpeningTime> =
        (0..7).map(|weekday| OpeningTime { weekday, opens: 9 * 60, closes: 17 * 60 }).collect();
    // The Tuesday and the Thursday.
    let holidays = ["2026-01-06", "2026-01-08"].map(|date| date.parse::<NaiveDate>().unwrap());
    let office = Hours::new(crate::time_zone::TimeZone::parse("UTC").unwrap(), &office, holidays).unwrap();
    let hours = HoursById::from_iter([(HOURS, office)]);
    let mut timeline = Timeline::new(at(0), Terms { hours_id: Some(HOURS), ..terms(24 * 60) });
    timeline.note(at(60 * 60), Change::Paused);
    timeline.note(at(78 * 60), Change::Resumed);
    let now = at(106 * 60);
    let hour = |moment: Time| (moment - at(0)).num_hours();
    let Explanation { segments, is_cut_off } = timeline.explain(now, &hours);
    let explained: Vec<(i64, i64, Reason)> =
        segments.iter().map(|segment| (hour(segment.from), hour(segment.to), segment.reason)).collect();
    assert_eq!(
        explained,
        [
            (0, 9, Reason::OutsideHours),
            (9, 17, Reason::WorkingTime),
            (17, 24, Reason::OutsideHours),
            (24, 48, Reason::Holiday),
            (48, 57, Reason::OutsideHours),
            (57, 60, Reason::WorkingTime),
            // Whoever is waited for is so on a holiday as well.
            (60, 78, Reason::WaitingForCustomer),
            (78, 96, Reason::Holiday),
            (96, 105, Reason::OutsideHours),
            (105, 106, Reason::WorkingTime),
        ]
    );
    assert!(!is_cut_off);
    assert_eq!(timeline.standing(now, &hours).spent, Duration::hours(8 + 3 + 1));
}

/// Any terms, by one of two calendars or without one.
fn any_terms() -> impl Strategy<Value = Terms> {
    let hours = proptest::sample::select(vec![None, Some(HOURS), Some(OTHERS)]);
    (0..5000_i64, any::<bool>(), 1..=100_u8, hours).prop_map(|(target, pauses, warning_percent, hours_id)| Terms {
        target: Duration::minutes(target),
        warning_percent,
        pauses,
        hours_id,
    })
}

/// What the two calendars say.
fn any_calendars() -> impl Strategy<Value = HoursById> {
    (any_hours(), any_hours()).prop_map(|(hours, others)| HoursById::from_iter([(HOURS, hours), (OTHERS, others)]))
}

/// When a history begins, in minutes: on any day of two years, and often so that the clocks are changed within it.
fn any_start() -> impl Strategy<Value = i64> {
    // In spring and in autumn, in each of which they go forward in one place and back in another.
    let day = prop_oneof![0..700_i64, 45..90_i64, 255..300_i64];
    (day, 0..24 * 60_i64).prop_map(|(day, minute)| day * 24 * 60 + minute)
}

/// A random history: minutes between what happens, and what that is.
fn any_timeline() -> impl Strategy<Value = Timeline> {
    let change = prop_oneof![
        4 => Just(Change::Paused),
        4 => Just(Change::Resumed),
        2 => any_terms().prop_map(Change::PolicyChanged),
        1 => Just(Change::Warned),
        1 => Just(Change::Satisfied),
        1 => Just(Change::Cancelled),
    ];
    let entries = proptest::collection::vec((0..3000_i64, change), 0..8);
    (any_start(), any_terms(), entries).prop_map(|(started, terms, entries)| {
        let mut timeline = Timeline::new(at(started), terms);
        let mut now = started;
        for (minutes, change) in entries {
            now += minutes;
            timeline.note(at(now), change);
        }
        timeline
    })
}

/// Whether something else was promised between two moments, the second one included.
fn is_promised_otherwise(timeline: &Timeline, after: Time, until: Time) -> bool {
    let mut within = timeline.entries.iter().filter(|entry| after < entry.at && entry.at <= until);
    within.any(|entry| entry.change.terms().is_some())
}

proptest! {
    #[test]
    fn what_is_left_never_grows(
        timeline in any_timeline(),
        hours in any_calendars(),
        looks in proptest::collection::vec(0..30_000_i64, 2..10),
    ) {
        let mut looks = looks;
        looks.sort_unstable();
        let mut before: Option<(Time, Standing)> = None;
        for minutes in looks {
            let now = timeline.started_at + Duration::minutes(minutes);
            let standing = timeline.standing(now, &hours);
            prop_assert!(standing.remaining >= Duration::zero());
            prop_assert_eq!(timeline.state(now, &hours), standing.state);
            if let Some((then, before)) = before {
                prop_assert!(standing.spent >= before.spent);
                // What is final stays so, and what is late does not get time again, whatever is promised instead.
                prop_assert!(!before.state.is_final() || standing.state == before.state);
                let is_late = |state| matches!(state, State::Breaching | State::Breached);
                prop_assert!(!is_late(before.state) || (is_late(standing.state) && standing.due_at == before.due_at));
                if !is_promised_otherwise(&timeline, then, now) {
                    prop_assert!(standing.remaining <= before.remaining);
                    // The deadline moves only by what stands still.
                    if let (Some(earlier), Some(later)) = (before.due_at, standing.due_at) {
                        prop_assert!(later >= earlier);
                    }
                }
            }
            before = Some((now, standing));
        }
    }

    #[test]
    fn stretches_tile_the_time_and_those_that_count_add_up(
        timeline in any_timeline(),
        hours in any_calendars(),
        minutes in 0..30_000_i64,
    ) {
        let now = timeline.started_at + Duration::minutes(minutes);
        let standing = timeline.standing(now, &hours);
        let Explanation { segments, is_cut_off } = timeline.explain(now, &hours);
        prop_assert!(!is_cut_off);
        let end = standing.ended_at.unwrap_or(now);
        prop_assert_eq!(segments.first().map_or(timeline.started_at, |first| first.from), timeline.started_at);
        prop_assert_eq!(segments.last().map_or(timeline.started_at, |last| last.to), end);
        for pair in segments.windows(2) {
            prop_assert_eq!(pair[0].to, pair[1].from);
        }
        let counted = segments.iter().filter(|segment| segment.is_counted());
        let sum = counted.fold(Duration::zero(), |sum, segment| sum + (segment.to - segment.from));
        prop_assert_eq!(sum, standing.spent);
    }

    #[test]
    fn a_history_told_step_by_step_is_that_history(
        timeline in any_timeline(),
        hours in any_calendars(),
        minutes in 0..30_000_i64,
    ) {
        let now = timeline.started_at + Duration::minutes(minutes);
        let known = timeline.entries.iter().copied().take_while(|entry| entry.at <= now).collect();
        let known = Timeline { entries: known, ..timeline.clone() };
        prop_assert_eq!(known.standing(now, &hours), timeline.standing(now, &hours));
        // Replayed on its own terms it is the history in which nobody ever changed them.
        let is_kept = |entry: &Entry| entry.change.terms().is_none();
        let unchanged = timeline.entries.iter().copied().filter(is_kept).collect();
        let unchanged = Timeline { entries: unchanged, ..timeline.clone() };
        prop_assert_eq!(replay(&timeline, timeline.terms).standing(now, &hours), unchanged.standing(now, &hours));
        let stored = timeline.entries.iter().map(|entry| (entry.at, entry.change.name(), entry.change.terms()));
        let read = stored.filter_map(|(at, name, terms)| Some(Entry { at, change: Change::of_name(name, terms)? }));
        prop_assert_eq!(Timeline { entries: read.collect(), ..timeline.clone() }, timeline);
    }

    #[test]
    fn the_deadline_is_where_lateness_begins(timeline in any_timeline(), hours in any_calendars()) {
        let timeline = Timeline { entries: Vec::new(), ..timeline };
        let due_at = timeline.standing(timeline.started_at, &hours).due_at.unwrap();
        prop_assert!(timeline.standing(due_at, &hours).state != State::Breaching);
        let late = timeline.standing(due_at + Duration::microseconds(1), &hours);
        prop_assert_eq!((late.state, late.due_at), (State::Breaching, Some(due_at)));
    }

    #[test]
    fn around_the_clock_a_promise_goes_as_it_does_without_a_calendar(
        timeline in any_timeline(),
        hours in around_the_clock(),
        minutes in 0..30_000_i64,
    ) {
        let (always, none) = (HoursById::from_iter([(HOURS, hours.clone()), (OTHERS, hours)]), HoursById::default());
        let now = timeline.started_at + Duration::minutes(minutes);
        prop_assert_eq!(timeline.standing(now, &always), timeline.standing(now, &none));
        prop_assert_eq!(timeline.explain(now, &always), timeline.explain(now, &none));
    }

    #[test]
    fn what_is_told_without_the_history_is_what_the_history_says(
        timeline in any_timeline(),
        hours in any_calendars(),
        minutes in 0..30_000_i64,
    ) {
        let mut history = Timeline { entries: Vec::new(), ..timeline.clone() };
        let mut clock = clock_by(&history, &hours);
        // What is told is up to the desk, which looks before anything else happens, and once behind all that.
        let happens = timeline.entries.iter().filter(|entry| entry.change != Change::Warned);
        let last_look = timeline.changed_at() + Duration::minutes(minutes);
        let looks = happens.map(|entry| (entry.at, Some(entry.change))).chain([(last_look, None)]);
        for (at, change) in looks {
            if let Some(told) = clock.due_change(at) {
                clock.tell(told, at);
                history.note(at, told);
                let standing = history.standing(at, &hours);
                prop_assert_eq!((clock.state, clock.due_at), (standing.state, standing.due_at));
                prop_assert_eq!((clock.paused_at, clock.ended_at), (standing.paused_at, standing.ended_at));
                prop_assert!(told != Change::Breached || clock.warn_at == standing.warn_at);
                prop_assert_eq!(clock.due_change(at), None);
            }
            // Nothing that is late escapes the look, for which no history is read.
            prop_assert_eq!(clock.state == State::Breaching, history.state(at, &hours) == State::Breaching);
            if let Some(change) = change.filter(|_| clock.ended_at.is_none()) {
                history.note(at, change);
                clock.stand(&history.standing(at, &hours), change, at);
            }
        }
        prop_assert_eq!(usize::try_from(clock.changes), Ok(history.entries.len()));
    }
}
