//! Lists that grow for ever are read from an index in their order, their first page like every other one.

use diesel::SqliteConnection;
use domain::audit::{Action, EntryFilter, NewEntry, ObjectKind};
use domain::customer::CustomerFilter;
use domain::filter::Page;
use domain::{AgentId, CustomerId, ProjectId, Role, Sight};
use store::Store;

use crate::listener::last_statement;
use crate::now;
use crate::plans::plan;

/// The plans of the pages of some lists on SQLite.
pub async fn check(conn: &mut SqliteConnection, store: &Store) {
    check_customers(conn, store).await;
    check_audit(conn, store).await;
}

async fn check_customers(conn: &mut SqliteConnection, store: &Store) {
    let all = CustomerFilter::default;
    let sight = Sight::of(Role::Supervisor, AgentId(1), &[].into());
    for filter in [
        all(),
        CustomerFilter { reachable: Some(true), ..all() },
        CustomerFilter { banned: Some(false), languages: Some(vec!["de".to_owned()]), ..all() },
    ] {
        for after in [None, Some(CustomerId(1))] {
            for from_end in [false, true] {
                let page = Page { after, before: None, size: 51, from_end };
                store.read().await.unwrap().customer_page(ProjectId(1), &sight, &filter, page).await.unwrap();
                check_plan(conn, "customers_of_project (project_id=?");
            }
        }
    }
}

async fn check_audit(conn: &mut SqliteConnection, store: &Store) {
    let workspace = store.read().await.unwrap().first_workspace().await.unwrap().unwrap();
    let mut tx = store.begin().await.unwrap();
    let new = NewEntry {
        workspace_id: workspace,
        project_id: Some(ProjectId(1)),
        agent_id: None,
        action: Action("tagMerge"),
        object: (ObjectKind::Session, 1),
        details: None,
        at: now(),
    };
    tx.append_audit(&new).await.unwrap();
    tx.commit().await.unwrap();
    let newest = Page { after: None, before: None, size: 1, from_end: false };
    let entries = store.read().await.unwrap().audit_page(workspace, &EntryFilter::default(), newest).await.unwrap();
    let entry = entries[0].id;
    let of_project = || EntryFilter { project_id: Some(ProjectId(1)), ..EntryFilter::default() };
    let action = || vec!["tagMerge".to_owned()];
    for (filter, index) in [
        (EntryFilter::default(), "audit_log_of_workspace (workspace_id=?"),
        (
            EntryFilter { before: Some(now()), ..EntryFilter::default() },
            "audit_log_of_workspace_by_time (workspace_id=? AND at<?",
        ),
        (of_project(), "audit_log_of_project (project_id=?"),
        (EntryFilter { before: Some(now()), ..of_project() }, "audit_log_of_project_by_time (project_id=? AND at<?"),
        (EntryFilter { since: Some(now()), ..of_project() }, "audit_log_of_project_by_time (project_id=? AND at>?"),
        (
            EntryFilter { actions: action(), ..of_project() },
            "audit_log_of_project_by_action (project_id=? AND action=?",
        ),
        (EntryFilter { agent_id: Some(AgentId(1)), ..EntryFilter::default() }, "audit_log_of_agent (agent_id=?"),
        (
            EntryFilter { object: Some((ObjectKind::Session, 1)), ..EntryFilter::default() },
            "audit_log_of_object (object_kind=? AND object_id=?",
        ),
        (
            EntryFilter { object: Some((ObjectKind::Session, 1)), ..of_project() },
            "audit_log_of_object (object_kind=? AND object_id=?",
        ),
    ] {
        for after in [None, Some(entry)] {
            let page = Page { after, before: None, size: 51, from_end: false };
            store.read().await.unwrap().audit_page(workspace, &filter, page).await.unwrap();
            check_plan(conn, index);
        }
    }
}

fn check_plan(conn: &mut SqliteConnection, index: &str) {
    let statement = last_statement();
    let statement = statement.split(" -- binds: ").next().unwrap();
    let steps = plan(conn, statement);
    assert!(steps.iter().any(|step| step.contains(&format!("USING INDEX {index}"))), "{index}: {steps:?}: {statement}");
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}: {statement}");
}
