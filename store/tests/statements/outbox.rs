//! How the queues of calls are read.

use diesel::SqliteConnection;

use crate::plans::plan;

/// However much waits, the queues are read in their order, no more of them than are taken, and of each its first call.
pub fn check_outbox<'a>(conn: &mut SqliteConnection, statements: impl Iterator<Item = &'a String>) {
    let claims: Vec<_> = statements.filter(|statement| statement.starts_with("SELECT first.id")).collect();
    assert_eq!(claims.len(), 1, "{claims:?}");
    let steps = plan(conn, claims[0]);
    for step in [
        "SEARCH queue USING INDEX outbox_queues_due (project_id=? AND lane=? AND due<?)",
        "SEARCH call USING COVERING INDEX outbox_queued (project_id=? AND chat_id=? AND lane=?)",
        "SEARCH earlier USING INDEX outbox_of_message (message_id=? AND rowid<?)",
    ] {
        let is_it = |found: &&String| found.replace(" COVERING", "") == step.replace(" COVERING", "");
        assert!(steps.iter().any(|found| is_it(&found)), "{step}: {steps:?}");
    }
    assert!(!steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
}
