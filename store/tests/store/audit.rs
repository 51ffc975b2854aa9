//! The audit log: entries come back, filtered, and nobody changes them.

use domain::audit::{Action, EntryFilter, NewEntry, ObjectKind};
use domain::filter::Page;
use tests::{Sql, on_both_engines};

use crate::fixture::{Fixture, at};

on_both_engines! {
    async fn entries_are_found_by_each_condition_and_stay_as_they_are(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (ada, bob) = (fixture.agent("ada@example.org").await, fixture.agent("bob@example.org").await);
        let entry = |agent, action, object, micros| NewEntry {
            workspace_id: fixture.workspace,
            project_id: (object == 7).then_some(fixture.project.id),
            agent_id: agent,
            action: Action(action),
            object: (ObjectKind::Session, object),
            details: Some("{}".to_owned()),
            at: at(micros),
        };
        let mut tx = fixture.begin().await.unwrap();
        for (agent, action, object, micros) in
            [(Some(ada), "TRANSFER", 7, 1), (Some(bob), "TRANSFER", 8, 2), (None, "ROUTING", 7, 3)]
        {
            tx.append_audit(&entry(agent, action, object, micros)).await.unwrap();
        }
        tx.commit().await.unwrap();
        let all = EntryFilter::default;
        let page = Page { after: None, before: None, size: 10, from_end: false };
        for (filter, times) in [
            (all(), vec![3, 2, 1]),
            (EntryFilter { agent_id: Some(ada), ..all() }, vec![1]),
            (EntryFilter { project_id: Some(fixture.project.id), ..all() }, vec![3, 1]),
            (EntryFilter { actions: vec!["ROUTING".to_owned()], ..all() }, vec![3]),
            (EntryFilter { object: Some((ObjectKind::Session, 8)), ..all() }, vec![2]),
            (EntryFilter { object: Some((ObjectKind::Team, 8)), ..all() }, vec![]),
            (EntryFilter { since: Some(at(2)), before: Some(at(3)), ..all() }, vec![2]),
        ] {
            let mut reader = fixture.read().await.unwrap();
            let found = reader.audit_page(fixture.workspace, &filter, page).await.unwrap();
            let count = reader.audit_count(fixture.workspace, &filter).await.unwrap();
            assert_eq!(usize::try_from(count), Ok(found.len()));
            let found: Vec<_> = found.into_iter().map(|entry| entry.at).collect();
            assert_eq!(found, times.into_iter().map(at).collect::<Vec<_>>(), "{filter:?}");
        }
        for statement in ["UPDATE audit_log SET action = 'NOTHING'", "DELETE FROM audit_log"] {
            let sql = Sql::connect(&fixture.database).await.unwrap();
            let refusal = sql.execute(statement).await.unwrap_err();
            assert!(format!("{refusal:?}").contains("only added to"), "{statement}: {refusal:?}");
        }
    }
}
