//! Lists of sessions, against a model that is too simple to be wrong.

use std::collections::HashSet;

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::session::{Awaited, FollowUp, Resolution};
use domain::{AgentId, CloseReason, CustomerId, DiversionLinkId, Priority, Session, SessionId, Status, TagId, TeamId};
use store::people::NewTag;
use tests::{Engine, on_both_engines};

use crate::dice::Dice;
use crate::fixture::{Fixture, at, insert_customer, insert_session, message};

const SESSIONS: i64 = 60;
const TEAMS: [TeamId; 3] = [TeamId(1), TeamId(2), TeamId(3)];
const LINKS: [DiversionLinkId; 2] = [DiversionLinkId(1), DiversionLinkId(2)];

/// Sessions with many equal times and values, of one project; another one has some as well.
async fn some_sessions(fixture: &Fixture, dice: &mut Dice) -> (Vec<Session>, Vec<AgentId>) {
    let mut agents = Vec::new();
    for name in ["a", "b", "c"] {
        agents.push(fixture.agent(&format!("{name}@example.org")).await);
    }
    let other = fixture.project().await;
    let mut tx = fixture.begin().await.unwrap();
    let mut tags = Vec::new();
    for name in ["x", "y", "z"] {
        let (project_id, created_at) = (fixture.project.id, at(0));
        let new = NewTag { project_id, name: name.to_owned(), color: "#000000".to_owned(), created_at };
        tags.push(tx.insert_tag(&new).await.unwrap().id);
    }
    let mut sessions = Vec::new();
    for user in 0..SESSIONS {
        let customer = insert_customer(&mut tx, &fixture.project, user).await.unwrap();
        let mut session = insert_session(&mut tx, &customer, at(dice.roll(5).cast_signed())).await.unwrap();
        session.status = dice.pick(Status::ALL);
        if session.status == Status::Closed {
            session.close(CloseReason::Agent, at(9));
        }
        session.priority = dice.pick(Priority::ALL);
        session.assignee_id = dice.toss().then(|| dice.pick(&agents));
        session.last_message_at = at(dice.roll(6).cast_signed());
        session.team_id = dice.toss().then(|| dice.pick(&TEAMS));
        session.link_id = dice.toss().then(|| dice.pick(&LINKS));
        let awaited = dice.toss().then(|| dice.pick(Awaited::ALL));
        session.follow_up = awaited.map(|awaited| FollowUp { awaited, until: None, note: String::new() });
        session.resolution = dice.toss().then(|| Resolution { at: at(1), by: None, summary: String::new() });
        session.inbound_count = session.number % 3;
        // What is closed may have kept it from an older version.
        session.waiting_since = dice.toss().then(|| at(dice.roll(6).cast_signed()));
        session.queued_at = (session.is_open() && dice.toss()).then(|| at(1));
        for agent in agents.iter().filter(|_| dice.roll(4) == 0) {
            session.people.join(*agent);
        }
        session.take_audience_before();
        tx.update_session(&session).await.unwrap();
        tx.set_people(&session, at(1)).await.unwrap();
        for tag in tags.iter().filter(|tag| is_tagged(&session, **tag)) {
            tx.add_session_tag(session.id, *tag).await.unwrap();
        }
        for agent in agents.iter().filter(|agent| agent.0 % 2 == 0) {
            tx.mark_seen(session.id, *agent, seen_by(&session, *agent)).await.unwrap();
        }
        sessions.push(session);
    }
    for user in 0..5 {
        let customer = insert_customer(&mut tx, &other, user).await.unwrap();
        insert_session(&mut tx, &customer, at(user)).await.unwrap();
    }
    tx.commit().await.unwrap();
    (sessions, agents)
}

/// Whether a session has a tag.
fn is_tagged(session: &Session, tag: TagId) -> bool {
    (session.number + tag.0) % 3 == 0
}

/// How many messages of the customer an agent has seen. Half of the agents have never looked.
fn seen_by(session: &Session, agent: AgentId) -> i64 {
    if agent.0 % 2 == 0 { (session.number + agent.0) % 4 } else { 0 }
}

/// A filter that holds for some of the sessions, with branches within branches.
fn some_filter(dice: &mut Dice, sessions: &[Session], agents: &[AgentId], depth: u32) -> SessionFilter {
    let branches =
        |dice: &mut Dice| (0..dice.roll(4)).map(|_| some_filter(dice, sessions, agents, depth - 1)).collect::<Vec<_>>();
    let customers: Vec<CustomerId> = sessions.iter().map(|session| session.customer_id).collect();
    let numbers: Vec<i64> = sessions.iter().map(|session| session.number).collect();
    match dice.roll(if depth == 0 { 19 } else { 24 }) {
        9 => SessionFilter::Team(dice.some(&TEAMS, 3)),
        10 => SessionFilter::HasTeam(dice.toss()),
        11 => SessionFilter::Link(dice.some(&LINKS, 2)),
        12 => SessionFilter::HasLink(dice.toss()),
        13 => SessionFilter::Tag(dice.some(&[TagId(1), TagId(2), TagId(3), TagId(4)], 3)),
        14 => SessionFilter::Awaited(dice.some(Awaited::ALL, 3)),
        15 => SessionFilter::Resolved(dice.toss()),
        16 => SessionFilter::UnreadFor(dice.pick(agents), dice.toss()),
        0 => SessionFilter::Status(dice.some(Status::ALL, 3)),
        1 => SessionFilter::Priority(dice.some(Priority::ALL, 3)),
        2 => SessionFilter::Assignee(dice.some(agents, 3)),
        3 => SessionFilter::Assigned(dice.toss()),
        4 => SessionFilter::Customer(dice.some(&customers, 20)),
        5 => SessionFilter::Number(dice.some(&numbers, 20)),
        6 => SessionFilter::LastMessageSince(at(dice.roll(7).cast_signed())),
        7 => SessionFilter::LastMessageBefore(at(dice.roll(7).cast_signed())),
        8 if dice.toss() => SessionFilter::CreatedSince(at(dice.roll(6).cast_signed())),
        8 => SessionFilter::CreatedBefore(at(dice.roll(6).cast_signed())),
        17 => SessionFilter::Participant(dice.some(agents, 2)),
        18 => SessionFilter::Queued(dice.toss()),
        19 | 20 => SessionFilter::All(branches(dice)),
        21 | 22 => SessionFilter::Any(branches(dice)),
        _ => SessionFilter::Not(Box::new(some_filter(dice, sessions, agents, depth - 1))),
    }
}

fn holds(filter: &SessionFilter, session: &Session) -> bool {
    match filter {
        SessionFilter::All(filters) => filters.iter().all(|filter| holds(filter, session)),
        SessionFilter::Any(filters) => filters.iter().any(|filter| holds(filter, session)),
        SessionFilter::Not(filter) => !holds(filter, session),
        SessionFilter::Status(statuses) => statuses.contains(&session.status),
        SessionFilter::Priority(priorities) => priorities.contains(&session.priority),
        SessionFilter::Assignee(agents) => session.assignee_id.is_some_and(|agent| agents.contains(&agent)),
        SessionFilter::Assigned(assigned) => session.assignee_id.is_some() == *assigned,
        SessionFilter::Participant(agents) => agents.iter().any(|agent| session.people.has_joined(*agent)),
        SessionFilter::Queued(is_queued) => session.queued_at.is_some() == *is_queued,
        SessionFilter::Team(teams) => session.team_id.is_some_and(|team| teams.contains(&team)),
        SessionFilter::HasTeam(is_there) => session.team_id.is_some() == *is_there,
        SessionFilter::Link(links) => session.link_id.is_some_and(|link| links.contains(&link)),
        SessionFilter::HasLink(is_there) => session.link_id.is_some() == *is_there,
        SessionFilter::Tag(tags) => tags.iter().any(|tag| tag.0 <= 3 && is_tagged(session, *tag)),
        SessionFilter::Awaited(awaited) => {
            session.follow_up.as_ref().is_some_and(|waits| awaited.contains(&waits.awaited))
        }
        SessionFilter::Resolved(is_resolved) => session.resolution.is_some() == *is_resolved,
        SessionFilter::Unread(_) => false,
        SessionFilter::UnreadFor(agent, is_unread) => (session.inbound_count > seen_by(session, *agent)) == *is_unread,
        SessionFilter::Customer(customers) => customers.contains(&session.customer_id),
        SessionFilter::Number(numbers) => numbers.contains(&session.number),
        SessionFilter::LastMessageSince(time) => session.last_message_at >= *time,
        SessionFilter::LastMessageBefore(time) => session.last_message_at < *time,
        SessionFilter::CreatedSince(time) => session.created_at >= *time,
        SessionFilter::VisibleTo(sight) => sight.takes_in(&session.audience()),
        SessionFilter::CreatedBefore(time) => session.created_at < *time,
    }
}

fn key(session: &Session, order: SessionOrder) -> SessionKey {
    let time = match order.field {
        SessionOrderField::LastMessageAt => Some(session.last_message_at),
        SessionOrderField::CreatedAt => Some(session.created_at),
        SessionOrderField::WaitingSince => session.waiting_since.filter(|_| session.is_open()),
    };
    let without = if session.is_open() { i64::MAX - 1 } else { i64::MAX };
    SessionKey { micros: time.map_or(without, |time| time.timestamp_micros()), id: session.id.0 }
}

/// What the list is, in its order.
fn listed(sessions: &[Session], filter: &SessionFilter, order: SessionOrder) -> Vec<Session> {
    let mut listed: Vec<Session> = sessions.iter().filter(|session| holds(filter, session)).cloned().collect();
    listed.sort_by_key(|session| {
        let key = key(session, order);
        (key.micros, key.id)
    });
    if order.descending {
        listed.reverse();
    }
    listed
}

fn ids(sessions: &[Session]) -> Vec<SessionId> {
    sessions.iter().map(|session| session.id).collect()
}

on_both_engines! {
    async fn every_page_is_what_the_model_says(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut dice = Dice::new(2026);
        let (sessions, agents) = some_sessions(&fixture, &mut dice).await;
        let project = fixture.project.id;
        let mut reader = fixture.read().await.unwrap();
        for round in 0..400 {
            let filter = some_filter(&mut dice, &sessions, &agents, 3);
            let order = SessionOrder { field: dice.pick(SessionOrderField::ALL), descending: dice.toss() };
            let all = listed(&sessions, &filter, order);
            let count = reader.session_count(project, &filter).await.unwrap();
            assert_eq!(usize::try_from(count).unwrap(), all.len(), "round {round}: {filter:?}");
            let mut ids = reader.session_ids(project, &filter).await.unwrap();
            ids.sort_unstable();
            let mut expected: Vec<i64> = all.iter().map(|session| session.id.0).collect();
            expected.sort_unstable();
            assert_eq!(ids, expected, "round {round}: {filter:?}");
            let some: Vec<i64> = sessions.iter().map(|session| session.id.0).filter(|_| dice.toss()).collect();
            let none = SessionFilter::All(vec![filter.clone(), SessionFilter::Any(Vec::new())]);
            // Sometimes more than a number has bits.
            let many = if round % 20 == 0 { 125 } else { 2 };
            let many: Vec<&SessionFilter> = [&filter, &none].into_iter().cycle().take(many).collect();
            let among = reader.session_ids_among(project, &many, &some).await.unwrap();
            expected.retain(|id| some.contains(id));
            assert_eq!(among.len(), many.len());
            for (place, mut among) in among.into_iter().enumerate() {
                among.sort_unstable();
                let expected = if place % 2 == 0 { &expected[..] } else { &[] };
                assert_eq!(among, expected, "round {round}, place {place}: {filter:?}");
            }

            // The place of any session will do as a cursor, also of one that the filter hides.
            let mut place = || dice.toss().then(|| key(&sessions[usize::try_from(dice.roll(sessions.len() as u64)).unwrap()], order));
            let (after, before) = (place(), place());
            let page =
                Page { after, before, size: usize::try_from(1 + dice.roll(20)).unwrap(), from_end: dice.toss() };
            let is_behind = |session: &Session, place: SessionKey| {
                let own = key(session, order);
                let is_greater = (own.micros, own.id) > (place.micros, place.id);
                own != place && is_greater != order.descending
            };
            let mut expected: Vec<Session> = all
                .into_iter()
                .filter(|session| after.is_none_or(|place| is_behind(session, place)))
                .filter(|session| before.is_none_or(|place| key(session, order) != place && !is_behind(session, place)))
                .collect();
            if page.from_end {
                expected.reverse();
            }
            expected.truncate(page.size);
            let read = reader.session_page(project, &filter, order, page).await.unwrap();
            assert_eq!(read, expected, "round {round}: {filter:?} {order:?} {page:?}");
        }
    }

    async fn paging_through_meets_each_session_once_in_both_directions(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut dice = Dice::new(7);
        let (sessions, _) = some_sessions(&fixture, &mut dice).await;
        let everything = SessionFilter::All(Vec::new());
        let mut reader = fixture.read().await.unwrap();
        for field in SessionOrderField::ALL.iter().copied() {
            for descending in [false, true] {
                let order = SessionOrder { field, descending };
                let all = ids(&listed(&sessions, &everything, order));
                for from_end in [false, true] {
                    let mut met = Vec::new();
                    let mut place = None;
                    loop {
                        let (after, before) = if from_end { (None, place) } else { (place, None) };
                        let page = Page { after, before, size: 7, from_end };
                        let read = reader.session_page(fixture.project.id, &everything, order, page).await.unwrap();
                        let Some(last) = read.last() else { break };
                        place = Some(key(last, order));
                        met.extend(ids(&read));
                    }
                    if from_end {
                        met.reverse();
                    }
                    assert_eq!(met, all, "{order:?}, from the end: {from_end}");
                }
            }
        }
    }

    async fn empty_lists_and_unknown_values_are_no_special_cases(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut dice = Dice::new(1);
        let (sessions, agents) = some_sessions(&fixture, &mut dice).await;
        let total = i64::try_from(sessions.len()).unwrap();
        let without_agent =
            i64::try_from(sessions.iter().filter(|session| session.assignee_id.is_none()).count()).unwrap();
        let not = |filter| SessionFilter::Not(Box::new(filter));
        for (filter, count) in [
            (SessionFilter::All(vec![]), total),
            (SessionFilter::Any(vec![]), 0),
            (SessionFilter::Status(vec![]), 0),
            (SessionFilter::Priority(vec![]), 0),
            (SessionFilter::Assignee(vec![]), 0),
            (SessionFilter::Customer(vec![]), 0),
            (SessionFilter::Number(vec![]), 0),
            (not(SessionFilter::Status(vec![])), total),
            (not(SessionFilter::Assignee(vec![])), total),
            (not(SessionFilter::Any(vec![])), total),
            (not(SessionFilter::Assignee(agents.clone())), without_agent),
            (not(not(SessionFilter::Assignee(agents.clone()))), total - without_agent),
            (SessionFilter::Any(vec![SessionFilter::Assignee(agents), SessionFilter::Assigned(false)]), total),
            (SessionFilter::Status(vec![Status::Closed; 100]), sessions_closed(&sessions)),
            (SessionFilter::Number((0..100).collect()), total),
        ] {
            let counted = fixture.read().await.unwrap().session_count(fixture.project.id, &filter).await.unwrap();
            assert_eq!(counted, count, "{filter:?}");
        }
    }

    async fn the_messages_of_a_session_are_read_from_either_end(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (one, two) = (fixture.session(1, at(0)).await, fixture.session(2, at(0)).await);
        let mut tx = fixture.begin().await.unwrap();
        let mut all = Vec::new();
        for number in 0..10 {
            all.push(tx.insert_message(&message(&one, &number.to_string(), None)).await.unwrap());
            tx.insert_message(&message(&two, "elsewhere", None)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut reader = fixture.read().await.unwrap();
        assert_eq!(reader.message_count(one.id, None).await.unwrap(), 10);
        let page = |after: Option<usize>, before: Option<usize>, size, from_end| Page {
            after: after.map(|place: usize| all[place].id),
            before: before.map(|place: usize| all[place].id),
            size,
            from_end,
        };
        for (page, expected) in [
            (page(None, None, 3, false), vec![0, 1, 2]),
            (page(None, None, 3, true), vec![9, 8, 7]),
            (page(Some(2), None, 3, false), vec![3, 4, 5]),
            (page(None, Some(7), 3, true), vec![6, 5, 4]),
            (page(Some(2), Some(5), 9, false), vec![3, 4]),
            (page(Some(2), Some(5), 9, true), vec![4, 3]),
            (page(Some(9), None, 9, false), vec![]),
        ] {
            let read = reader.message_page(one.id, page).await.unwrap();
            let expected: Vec<_> = expected.into_iter().map(|place: usize| all[place].clone()).collect();
            assert_eq!(read, expected, "{page:?}");
        }
    }

    async fn sessions_are_found_by_their_identifiers(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut dice = Dice::new(3);
        let (sessions, _) = some_sessions(&fixture, &mut dice).await;
        let mut reader = fixture.read().await.unwrap();
        let wanted: Vec<i64> = sessions.iter().step_by(3).map(|session| session.id.0).chain([-1, i64::MAX]).collect();
        let found: HashSet<SessionId> = ids(&reader.sessions(&wanted).await.unwrap()).into_iter().collect();
        assert_eq!(found, sessions.iter().step_by(3).map(|session| session.id).collect());
        assert_eq!(reader.sessions(&[]).await.unwrap(), []);
        assert_eq!(reader.session(sessions[4].id).await.unwrap().as_ref(), Some(&sessions[4]));
        assert_eq!(reader.session(SessionId(-1)).await.unwrap(), None);
    }
}

fn sessions_closed(sessions: &[Session]) -> i64 {
    i64::try_from(sessions.iter().filter(|session| !session.is_open()).count()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_another_transaction_has_is_passed_over() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let session = fixture.session(1, at(0)).await;
    let mut one = fixture.begin().await.unwrap();
    let mut two = fixture.begin().await.unwrap();
    assert_eq!(one.lock_session_if_free(session.id).await.unwrap(), Some(session.clone()));
    assert_eq!(two.lock_session_if_free(session.id).await.unwrap(), None);
    one.roll_back().await.unwrap();
    assert_eq!(two.lock_session_if_free(session.id).await.unwrap(), Some(session));
    two.roll_back().await.unwrap();
}
