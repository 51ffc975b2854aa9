//! Who may see which session: the rule in SQL is the one of the domain.

use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::visibility::Audience;
use domain::{AgentId, CloseReason, Role, Session, SessionId, Sight, TeamId};
use store::people::NewTeam;
use tests::on_both_engines;

use crate::dice::Dice;
use crate::fixture::{Fixture, at, event, insert_session, message};

async fn teams(fixture: &Fixture) -> Vec<TeamId> {
    let mut tx = fixture.begin().await.unwrap();
    let mut teams = Vec::new();
    for name in ["first", "second", "third"] {
        let new = NewTeam { project_id: fixture.project.id, name: name.to_owned(), line: 1, created_at: at(0) };
        teams.push(tx.insert_team(&new).await.unwrap().id);
    }
    tx.commit().await.unwrap();
    teams
}

/// A further session of the customer.
async fn another_session(fixture: &Fixture, of: &Session, now: i64) -> Session {
    let mut tx = fixture.begin().await.unwrap();
    let customer = tx.customers(&[of.customer_id.0]).await.unwrap().remove(0);
    let session = insert_session(&mut tx, &customer, at(now)).await.unwrap();
    tx.commit().await.unwrap();
    session
}

/// Writes a session whose people and place changed.
async fn write(fixture: &Fixture, session: &mut Session, now: i64) {
    let mut tx = fixture.begin().await.unwrap();
    session.take_audience_before();
    tx.update_session(session).await.unwrap();
    tx.set_people(session, at(now)).await.unwrap();
    tx.commit().await.unwrap();
}

/// The sessions in somebody's inbox, read in small pages in both directions from both ends.
async fn paged(fixture: &Fixture, sight: &Sight, order: SessionOrder, from_end: bool) -> Vec<SessionId> {
    let filter = SessionFilter::All(vec![SessionFilter::VisibleTo(sight.clone()), SessionFilter::All(vec![])]);
    let mut found: Vec<Session> = Vec::new();
    loop {
        let key = found.last().map(|one| SessionKey::of(one, order.field));
        let (after, before) = if from_end { (None, key) } else { (key, None) };
        let page = Page { after, before, size: 4, from_end };
        let mut reader = fixture.read().await.unwrap();
        let rows = reader.session_page(fixture.project.id, &filter, order, page).await.unwrap();
        if rows.is_empty() {
            let count = reader.session_count(fixture.project.id, &filter).await.unwrap();
            assert_eq!(usize::try_from(count), Ok(found.len()), "what is counted is what is listed");
            return found.into_iter().map(|session| session.id).collect();
        }
        found.extend(rows);
    }
}

async fn listed(fixture: &Fixture, sight: &Sight) -> Vec<SessionId> {
    let filter = SessionFilter::VisibleTo(sight.clone());
    let order = SessionOrder { field: SessionOrderField::CreatedAt, descending: false };
    let page: Page<SessionKey> = Page { after: None, before: None, size: 1000, from_end: false };
    let mut reader = fixture.read().await.unwrap();
    let rows = reader.session_page(fixture.project.id, &filter, order, page).await.unwrap();
    let count = reader.session_count(fixture.project.id, &filter).await.unwrap();
    assert_eq!(usize::try_from(count), Ok(rows.len()), "what is counted is what is listed");
    rows.into_iter().map(|session| session.id).collect()
}

on_both_engines! {
    async fn lists_and_counts_follow_the_rule(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agents = [fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await];
        let teams = teams(&fixture).await;
        let sights = [
            Sight::of(Role::Agent, agents[0], &[teams[0], teams[1]].into()),
            Sight::of(Role::Agent, agents[1], &[].into()),
            Sight::of(Role::Supervisor, agents[1], &[].into()),
        ];
        let mut dice = Dice::new(5);
        let mut sessions = Vec::new();
        for number in 0..60 {
            let mut session = fixture.session(number, at(number)).await;
            session.waiting_since = (number < 30).then(|| at(number));
            for round in 0..3 {
                let agent = agents[usize::try_from(dice.roll(2)).unwrap()];
                match dice.roll(6) {
                    0 | 1 => session.assign(Some(agent), at(round)),
                    2 => session.assign(None, at(round)),
                    3 => session.hand_to_team(teams[usize::try_from(dice.roll(3)).unwrap()]),
                    4 => session.people.join(agent),
                    _ => session.people.leave(agent),
                }
                write(&fixture, &mut session, round).await;
            }
            sessions.push(session);
        }
        for sight in &sights {
            let seen = |session: &&Session| sight.takes_in(&session.audience());
            let expected: Vec<SessionId> = sessions.iter().filter(seen).map(|session| session.id).collect();
            assert_eq!(listed(&fixture, sight).await, expected, "{sight:?}");
            // The sessions were made one after the other, and the first ones wait, so that every order is the same.
            let backwards: Vec<SessionId> = expected.iter().rev().copied().collect();
            for field in SessionOrderField::ALL.iter().copied() {
                for (descending, from_end) in [(false, false), (false, true), (true, false), (true, true)] {
                    let in_order = if descending == from_end { &expected } else { &backwards };
                    let found = paged(&fixture, sight, SessionOrder { field, descending }, from_end).await;
                    assert_eq!(found, *in_order, "{sight:?} {field} {descending} {from_end}");
                }
            }
            assert!(!expected.is_empty());
        }
        let ids: Vec<i64> = sessions.iter().map(|session| session.id.0).collect();
        let mut stored = fixture.read().await.unwrap().sessions(&ids).await.unwrap();
        stored.sort_by_key(|session| session.id);
        assert_eq!(stored, sessions, "everything about them comes back");
    }

    async fn who_left_keeps_what_they_saw_and_the_history_before_it(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let mut session = fixture.session(1, at(0)).await;
        session.inbound_count = 3;
        session.assign(Some(ada), at(1));
        write(&fixture, &mut session, 1).await;
        session.assign(Some(bob), at(2));
        write(&fixture, &mut session, 2).await;
        session.inbound_count = 9;
        session.version += 1;
        write(&fixture, &mut session, 3).await;
        let mut reader = fixture.read().await.unwrap();
        let departure = reader.departures(ada, &[session.id.0]).await.unwrap().pop().unwrap();
        assert_eq!((departure.inbound_count, departure.left_at), (3, at(2)), "a later change does not move it");
        let shown = departure.shown(&session);
        assert_eq!((shown.inbound_count, shown.assignee_id), (3, Some(bob)));
        for (agent, sees) in [(ada, false), (bob, true), (AgentId(-1), false)] {
            let sight = Sight::of(Role::Agent, agent, &[].into());
            let whole = reader.whole_sessions(&sight, &[session.id.0]).await.unwrap();
            assert_eq!(whole.len(), usize::from(sees), "{agent}");
        }
        assert!(listed(&fixture, &Sight::of(Role::Agent, ada, &[].into())).await.is_empty());
    }

    async fn history_is_written_again_at_a_later_end_if_it_has_changed_since_the_one_before(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let mut earlier = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let said = tx.insert_message(&message(&earlier, "Hello", None)).await.unwrap().id;
        tx.commit().await.unwrap();
        earlier.last_message_id = Some(said);
        earlier.close(CloseReason::Agent, at(1));
        write(&fixture, &mut earlier, 1).await;
        let mut ends = Vec::new();
        for round in 1..=6 {
            let mut newer = another_session(&fixture, &earlier, 10 * round).await;
            newer.assign(Some(ada), at(10 * round));
            write(&fixture, &mut newer, 10 * round).await;
            if round == 3 {
                earlier.version += 1;
                write(&fixture, &mut earlier, 30).await;
            }
            if round == 5 {
                // A customer's edit is no version of the session.
                let mut tx = fixture.begin().await.unwrap();
                tx.set_message_text(said, "Hallo", None, at(50)).await.unwrap();
                tx.commit().await.unwrap();
            }
            newer.assign(Some(bob), at(10 * round + 1));
            write(&fixture, &mut newer, 10 * round + 1).await;
            newer.close(CloseReason::Agent, at(10 * round + 2));
            write(&fixture, &mut newer, 10 * round + 2).await;
            let departure = fixture.read().await.unwrap().departures(ada, &[earlier.id.0]).await.unwrap().remove(0);
            ends.push((departure.left_at, departure.version));
        }
        let [first, second] = [(at(11), earlier.version - 1), (at(31), earlier.version)];
        let third = (at(51), earlier.version);
        assert_eq!(ends, [first, first, second, second, third, third]);
    }

    async fn an_event_knows_for_whom_its_session_went_on(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let ada = fixture.agent("ada@example.org").await;
        let mut session = fixture.session(1, at(0)).await;
        session.assign(Some(ada), at(1));
        let before = session.take_audience_before();
        assert_eq!(before, Some(Audience::default()));
        let mut tx = fixture.begin().await.unwrap();
        tx.update_session(&session).await.unwrap();
        let mut moved = event(&session, 1);
        moved.audience_before = before;
        tx.append_events(&[moved, event(&session, 2)], at(0)).await.unwrap();
        tx.commit().await.unwrap();
        let everything = store::events::Scope::Everything;
        let events = tests::eventually(std::time::Duration::from_secs(30), || async {
            let mut reader = fixture.read().await.unwrap();
            let events = reader.events_after(everything, domain::Position::START, 10).await.unwrap();
            if events.len() == 2 { Ok(events) } else { Err(events.len()) }
        })
        .await;
        for event in &events {
            assert_eq!(event.audience, session.audience());
        }
        assert_eq!(events[0].audience_before, Some(Audience::default()), "everybody is somebody");
        assert_eq!(events[1].audience_before, None);
    }
}
