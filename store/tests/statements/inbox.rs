//! The plans of the lists of sessions.

use diesel::SqliteConnection;
use domain::filter::{Page, SessionFilter, SessionKey, SessionOrder, SessionOrderField};
use domain::{AgentId, CustomerId, ProjectId, Status};
use store::Store;

use crate::listener::uses;
use crate::now;
use crate::plans::plan;

/// The lists that consoles show all the time are read from an index in their order, or sorted
/// only when they are short.
pub async fn check_inbox(conn: &mut SqliteConnection, store: &Store) {
    use SessionFilter::{All, Assigned, Assignee, Customer, LastMessageBefore, Number, Participant};
    const SORTED: &str = "USE TEMP B-TREE FOR ORDER BY";
    let open = || SessionFilter::Status(vec![Status::Unread, Status::Processing, Status::FollowUp]);
    let field = SessionOrderField::LastMessageAt;
    for (filter, field, index, is_sorted) in [
        (All(vec![]), field, "sessions_inbox (project_id=? AND last_message_at<?)", false),
        (LastMessageBefore(now()), field, "sessions_inbox (project_id=? AND last_message_at<?)", false),
        (open(), field, "sessions_inbox_open (project_id=? AND last_message_at<?)", false),
        (SessionFilter::Status(vec![Status::Unread]), field, "sessions_inbox_open (", false),
        (SessionFilter::Status(vec![Status::Closed]), field, "sessions_inbox (", false),
        (Assignee(vec![AgentId(1)]), field, "sessions_inbox_by_assignee (project_id=? AND assignee_id=?", false),
        (All(vec![open(), Assignee(vec![AgentId(1)])]), field, "sessions_inbox_open_by_assignee (", false),
        (All(vec![open(), Assigned(false)]), field, "sessions_inbox_open_by_assignee (", false),
        (Customer(vec![CustomerId(1)]), field, "sessions_of_customer (", true),
        (Customer(vec![CustomerId(1), CustomerId(2)]), field, "sessions_of_customer (", true),
        (Number(vec![1, 2]), field, "sqlite_autoindex_sessions_1 (project_id=? AND number=?)", true),
        (All(vec![]), SessionOrderField::CreatedAt, "sessions_by_creation (project_id=? AND created_at<?)", false),
        (All(vec![]), SessionOrderField::WaitingSince, "sessions_waiting (project_id=? AND <expr><?)", false),
        (open(), SessionOrderField::WaitingSince, "sessions_waiting_open (project_id=? AND <expr><?)", false),
    ] {
        let order = SessionOrder { field, descending: true };
        let page = Page { after: Some(SessionKey { micros: 1, id: 1 }), before: None, size: 51, from_end: false };
        uses();
        store.read().await.unwrap().session_page(ProjectId(1), &filter, order, page).await.unwrap();
        let statements = uses();
        let (statement, _) = statements.iter().next().unwrap();
        let steps = plan(conn, statement);
        assert!(steps.iter().any(|step| step.contains(&format!("USING INDEX {index}"))), "{filter:?}: {steps:?}");
        assert_eq!(steps.iter().any(|step| step == SORTED), is_sorted, "{filter:?}: {steps:?}");
    }
    // Agents read along in few sessions, each of which is looked up.
    let order = SessionOrder { field, descending: true };
    let page = Page { after: None, before: None, size: 51, from_end: false };
    let filter = Participant(vec![AgentId(1)]);
    uses();
    store.read().await.unwrap().session_page(ProjectId(1), &filter, order, page).await.unwrap();
    let statements = uses();
    let (statement, _) = statements.iter().next().unwrap();
    let steps = plan(conn, statement);
    for wanted in ["SEARCH sessions USING INTEGER PRIMARY KEY", "INDEX session_participants_by_agent (agent_id=?)"] {
        assert!(steps.iter().any(|step| step.contains(wanted)), "{wanted}: {steps:?}");
    }
}
