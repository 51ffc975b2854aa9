//! The audit log: entries come back, filtered, and nobody changes them.

use domain::WorkspaceId;
use domain::audit::{Action, Entry, EntryFilter, NewEntry, ObjectKind};
use domain::filter::Page;
use store::Queries;
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
            [(Some(ada), "TRANSFER", 7, 1), (Some(bob), "TRANSFER", 8, 2), (None, "ROUTING", 7, 3), (None, "ROUTING", 7, 0)]
        {
            tx.append_audit(&entry(agent, action, object, micros)).await.unwrap();
        }
        tx.commit().await.unwrap();
        // The last one was written by a clock that is behind.
        let all = EntryFilter::default;
        let both = || vec!["TRANSFER".to_owned(), "ROUTING".to_owned(), "ROUTING".to_owned()];
        let page = Page { after: None, before: None, size: 10, from_end: false };
        for (filter, times) in [
            (all(), vec![0, 3, 2, 1]),
            (EntryFilter { agent_id: Some(ada), ..all() }, vec![1]),
            (EntryFilter { project_id: Some(fixture.project.id), ..all() }, vec![0, 3, 1]),
            (EntryFilter { actions: vec!["ROUTING".to_owned()], ..all() }, vec![0, 3]),
            (EntryFilter { object: Some((ObjectKind::Session, 8)), ..all() }, vec![2]),
            (EntryFilter { object: Some((ObjectKind::Team, 8)), ..all() }, vec![]),
            (EntryFilter { since: Some(at(2)), before: Some(at(3)), ..all() }, vec![2]),
            (EntryFilter { before: Some(at(3)), ..all() }, vec![2, 1, 0]),
            (EntryFilter { actions: both(), ..all() }, vec![0, 3, 2, 1]),
            (EntryFilter { actions: both(), since: Some(at(0)), ..all() }, vec![3, 2, 1, 0]),
        ] {
            let mut reader = fixture.read().await.unwrap();
            let found = reader.audit_page(fixture.workspace, &filter, page).await.unwrap();
            let count = reader.audit_count(fixture.workspace, &filter).await.unwrap();
            assert_eq!(usize::try_from(count), Ok(found.len()));
            for from_end in [false, true] {
                assert_eq!(one_by_one(&mut reader, fixture.workspace, &filter, from_end).await, found, "{filter:?}");
            }
            let found: Vec<_> = found.into_iter().map(|entry| entry.at).collect();
            assert_eq!(found, times.into_iter().map(at).collect::<Vec<_>>(), "{filter:?}");
        }
        for statement in ["UPDATE audit_log SET action = 'NOTHING'", "DELETE FROM audit_log"] {
            let sql = Sql::connect(&fixture.database).await.unwrap();
            let refusal = sql.execute(statement).await.unwrap_err();
            assert!(format!("{refusal:?}").contains("only added to"), "{statement}: {refusal:?}");
        }
    }

    async fn a_place_of_another_workspace_tells_nothing_of_when_it_was(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        let other = tx.insert_workspace("Other", at(0)).await.unwrap();
        for (workspace_id, micros) in [(fixture.workspace, 1), (other, 2), (fixture.workspace, 3)] {
            let entry = NewEntry {
                workspace_id,
                project_id: None,
                agent_id: None,
                action: Action("ROUTING"),
                object: (ObjectKind::Session, 7),
                details: None,
                at: at(micros),
            };
            tx.append_audit(&entry).await.unwrap();
        }
        tx.commit().await.unwrap();
        let filter = EntryFilter { since: Some(at(0)), ..EntryFilter::default() };
        let mut reader = fixture.read().await.unwrap();
        let page = |after| Page { after, before: None, size: 10, from_end: false };
        let theirs = reader.audit_page(other, &filter, page(None)).await.unwrap().remove(0).id;
        let behind = reader.audit_page(fixture.workspace, &filter, page(Some(theirs))).await.unwrap();
        assert!(behind.is_empty(), "as of one that was made up");
    }
}

/// The entries as pages of one have them, newest first.
async fn one_by_one(reader: &mut Queries, workspace: WorkspaceId, filter: &EntryFilter, from_end: bool) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    loop {
        let last = entries.last().map(|entry| entry.id);
        let (after, before) = if from_end { (None, last) } else { (last, None) };
        let found = reader.audit_page(workspace, filter, Page { after, before, size: 1, from_end }).await.unwrap();
        if found.is_empty() {
            break;
        }
        entries.extend(found);
    }
    if from_end {
        entries.reverse();
    }
    entries
}
