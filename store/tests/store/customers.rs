//! What is known of customers, and who knows them: the rule in SQL is the one of the domain.

use std::collections::BTreeMap;

use domain::attribute::{AttributeDefinition, AttributeKind, AttributeValue};
use domain::customer::{Acquaintance, AttributeCondition, CustomerFilter, CustomerNotes, Encounter};
use domain::filter::Page;
use domain::{AgentId, CustomerId, Role, Session, Sight, Time};
use store::people::NewTeam;
use tests::on_both_engines;

use crate::dice::Dice;
use crate::fixture::{Fixture, at, insert_session};

/// A session, and when it ended for whom.
type Left = (Session, BTreeMap<AgentId, Time>);

const ALL: Page<CustomerId> = Page { after: None, before: None, size: 1000, from_end: false };

async fn listed(fixture: &Fixture, sight: &Sight, filter: &CustomerFilter) -> Vec<CustomerId> {
    let mut reader = fixture.read().await.unwrap();
    let rows = reader.customer_page(fixture.project.id, sight, filter, ALL).await.unwrap();
    let count = reader.customer_count(fixture.project.id, sight, filter).await.unwrap();
    assert_eq!(usize::try_from(count), Ok(rows.len()), "what is counted is what is listed");
    rows.into_iter().map(|customer| customer.id).collect()
}

on_both_engines! {
    async fn who_knows_a_customer_follows_the_rule(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agents = [fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await];
        let mut tx = fixture.begin().await.unwrap();
        let new = NewTeam { project_id: fixture.project.id, name: "first".to_owned(), line: 1, created_at: at(0) };
        let team = tx.insert_team(&new).await.unwrap().id;
        tx.commit().await.unwrap();
        let sights = [
            Sight::of(Role::Agent, agents[0], &[team].into()),
            Sight::of(Role::Agent, agents[1], &[].into()),
            Sight::of(Role::Supervisor, agents[1], &[].into()),
        ];
        let mut dice = Dice::new(7);
        let mut known: Vec<(CustomerId, Vec<Left>)> = Vec::new();
        for number in 0..40 {
            let first = fixture.session(number, at(0)).await;
            let mut of_customer = Vec::new();
            let last = dice.roll(2);
            for round in 0..=last {
                let mut tx = fixture.begin().await.unwrap();
                let mut session = if round == 0 {
                    first.clone()
                } else {
                    let customer = tx.customers(&[first.customer_id.0]).await.unwrap().remove(0);
                    insert_session(&mut tx, &customer, at(0)).await.unwrap()
                };
                let mut left = BTreeMap::new();
                for step in 0..3 {
                    let now = i64::try_from(round).unwrap() * 10 + step;
                    let agent = agents[usize::try_from(dice.roll(2)).unwrap()];
                    match dice.roll(5) {
                        0 | 1 => session.assign(Some(agent), at(now)),
                        2 => session.hand_to_team(team),
                        3 => session.people.join(agent),
                        _ => session.people.leave(agent),
                    }
                    session.take_audience_before();
                    left.retain(|agent, _| session.people.left.contains(agent));
                    for agent in &session.people.left {
                        left.entry(*agent).or_insert(at(now));
                    }
                    tx.update_session(&session).await.unwrap();
                    tx.set_people(&session, at(now)).await.unwrap();
                }
                // A customer has one open session at most.
                let is_open = round == last && dice.roll(2) == 0;
                session.status = if is_open { domain::Status::Processing } else { domain::Status::Closed };
                tx.update_session(&session).await.unwrap();
                tx.commit().await.unwrap();
                of_customer.push((session, left));
            }
            known.push((first.customer_id, of_customer));
        }
        let ids: Vec<i64> = known.iter().map(|(id, _)| id.0).collect();
        for (sight, agent) in sights.iter().zip([agents[0], agents[1], agents[1]]) {
            let found = fixture.read().await.unwrap().acquaintances(sight, &ids).await.unwrap();
            let found: BTreeMap<CustomerId, Acquaintance> = found.into_iter().collect();
            let mut current = Vec::new();
            for (id, sessions) in &known {
                let of_agent = |(session, left): &Left| Encounter {
                    audience: session.audience(),
                    is_closed: !session.is_open(),
                    left_at: left.get(&agent).copied(),
                };
                let met: Vec<Encounter> = sessions.iter().map(of_agent).collect();
                let expected = Acquaintance::of(sight, &met);
                assert_eq!(found.get(id).copied(), expected, "{sight:?} {met:?}");
                if expected == Some(Acquaintance::Current) {
                    current.insert(0, *id);
                }
            }
            assert_eq!(listed(&fixture, sight, &CustomerFilter::default()).await, current);
            assert!(!current.is_empty() && (*sight == Sight::Everything || found.len() < known.len()));
        }
    }

    async fn what_is_known_is_kept_found_and_erased(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (one, other) = (fixture.session(7, at(0)).await.customer_id, fixture.session(8, at(0)).await.customer_id);
        let project = fixture.project.id;
        let values = [
            ("a", AttributeValue::Text("it's \"quoted\" é 💥".to_owned())),
            ("b", AttributeValue::Number(-0.1)),
            ("c", AttributeValue::Flag(false)),
            ("d", AttributeValue::Time(at(-5))),
        ];
        let mut tx = fixture.begin().await.unwrap();
        for (name, value) in &values {
            let kind = value.kind();
            let definition =
                AttributeDefinition { project_id: project, name: (*name).to_owned(), kind, label: String::new() };
            assert!(tx.define_attribute(&definition).await.unwrap());
            let otherwise = AttributeDefinition { kind: AttributeKind::Text, label: "x".to_owned(), ..definition };
            assert!(!tx.define_attribute(&otherwise).await.unwrap(), "the first one stays");
            tx.set_attribute(project, one, name, &AttributeValue::Text("before".to_owned()), at(1)).await.unwrap();
            tx.set_attribute(project, one, name, value, at(2)).await.unwrap();
        }
        tx.set_attribute(project, other, "b", &AttributeValue::Number(5.0), at(2)).await.unwrap();
        tx.set_attribute_label(project, "b", "Bees").await.unwrap();
        let notes = CustomerNotes { time_zone: None, note: "tea".to_owned(), version: 1 };
        tx.set_customer_notes(one, &notes).await.unwrap();
        let notes = CustomerNotes { time_zone: Some("UTC".to_owned()), note: String::new(), version: 2 };
        tx.set_customer_notes(one, &notes).await.unwrap();
        tx.commit().await.unwrap();

        let mut reader = fixture.read().await.unwrap();
        let kept = reader.attributes_of_customers(&[one.0]).await.unwrap();
        let kept: Vec<_> = kept.iter().map(|it| (it.name.as_str(), it.value.clone(), it.set_at)).collect();
        assert_eq!(kept, values.clone().map(|(name, value)| (name, value, at(2))));
        assert_eq!(reader.customer_notes(&[one.0, other.0]).await.unwrap(), [(one, notes)]);
        let definitions = reader.attribute_definitions(project).await.unwrap();
        let kinds: Vec<_> = definitions.iter().map(|it| (it.kind, it.label.as_str())).collect();
        let text = AttributeKind::Text;
        assert_eq!(kinds, [(text, ""), (AttributeKind::Number, "Bees"), (AttributeKind::Flag, ""), (AttributeKind::Time, "")]);
        let found = reader.customers_by_telegram_users(project, &[7, 9]).await.unwrap();
        assert_eq!(found.iter().map(|customer| customer.id).collect::<Vec<_>>(), [one]);
        drop(reader);

        let more = |condition| CustomerFilter { attributes: vec![condition], ..CustomerFilter::default() };
        let on = |name: &str| AttributeCondition { name: name.to_owned(), ..AttributeCondition::default() };
        let table = [
            (more(on("b")), vec![other, one]),
            (more(AttributeCondition { at_least: Some(-0.1), at_most: Some(-0.1), ..on("b") }), vec![one]),
            (more(AttributeCondition { at_least: Some(0.0), ..on("b") }), vec![other]),
            (more(AttributeCondition { since: Some(at(-5)), before: Some(at(-4)), ..on("d") }), vec![one]),
            (more(AttributeCondition { before: Some(at(-5)), ..on("d") }), vec![]),
            (more(AttributeCondition { flag: Some(false), ..on("c") }), vec![one]),
        ];
        for (filter, expected) in table {
            assert_eq!(listed(&fixture, &Sight::Everything, &filter).await, expected, "{filter:?}");
        }

        let mut tx = fixture.begin().await.unwrap();
        tx.remove_attribute(one, "a").await.unwrap();
        assert_eq!(tx.attributes_of_customers(&[one.0]).await.unwrap().len(), 3);
        assert_eq!(tx.erase_attributes(one).await.unwrap(), 3);
        assert_eq!(tx.erase_customer_notes(one).await.unwrap(), 1);
        assert_eq!(tx.attributes_of_customers(&[one.0, other.0]).await.unwrap().len(), 1);
        tx.commit().await.unwrap();
    }
}
