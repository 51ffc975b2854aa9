//! How the line of those who wait and the load of agents are read.

use diesel::SqliteConnection;

use crate::plans::plan;

/// However many wait for an agent, no more of them are read than are asked for, what asks for all of them finds them in their
/// index, and what agents have to work on is counted in an index.
pub fn check_line<'a>(conn: &mut SqliteConnection, statements: impl Iterator<Item = &'a String>) {
    let mut found = 0;
    for statement in statements.filter(|statement| statement.starts_with("SELECT")) {
        let step = if statement.contains("ORDER BY COALESCE(sessions.waiting_since") && statement.contains("LIMIT") {
            "SEARCH sessions USING INDEX sessions_line (project_id=? AND priority=? AND <expr>>?)"
        } else if statement.contains("sessions.priority IN ('LOW'") {
            "SEARCH sessions USING INDEX sessions_line (project_id=? AND priority=?"
        } else if statement.contains("GROUP BY `sessions`.`assignee_id`") {
            "SEARCH sessions USING COVERING INDEX sessions_load (project_id=?"
        } else {
            continue;
        };
        found += 1;
        let steps = plan(conn, statement);
        // What asks for the line as a whole may need no more than its index.
        let may_cover = statement.contains("sessions.priority IN ('LOW'");
        let is_it =
            |found: &String| found.starts_with(step) || (may_cover && found.replace(" COVERING", "").starts_with(step));
        assert!(steps.iter().any(is_it), "{step}: {steps:?}");
        // Places are counted in an order of their own.
        let counts_places = statement.starts_with("SELECT line.id, line.place");
        assert!(counts_places || !steps.iter().any(|step| step.contains("TEMP B-TREE")), "{steps:?}");
    }
    assert_eq!(found, 7);
}
