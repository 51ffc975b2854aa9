//! The plans of statements on SQLite.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Text};

#[derive(QueryableByName)]
struct Step {
    #[diesel(sql_type = Text)]
    detail: String,
}

/// The steps of a statement's plan on SQLite.
pub fn plan(conn: &mut SqliteConnection, statement: &str) -> Vec<String> {
    let steps: Vec<Step> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {statement}")).load(conn).unwrap();
    steps.into_iter().map(|step| step.detail).collect()
}

/// Walking through a whole table is for tables that stay small, and for what is rare.
pub fn check_plans<'a>(conn: &mut SqliteConnection, statements: impl Iterator<Item = &'a String>) {
    const WALKS: [&str; 19] = [
        "SCAN agents",
        "SCAN json_each",
        "SCAN leases",
        // Codes work for a quarter of an hour.
        "SCAN link_codes",
        "SCAN presence",
        "SCAN projects",
        // FTS5 finds documents by their words.
        "SCAN search_index VIRTUAL TABLE INDEX",
        "SCAN workspaces",
        // Only what Telegram was not told is in the index.
        "SCAN bot_texts USING INDEX bot_texts_unregistered",
        // Only what is pending is in the one index, and what was given up in the other.
        "SCAN tg_inbox USING INDEX tg_inbox_next",
        "SCAN tg_inbox USING INDEX tg_inbox_failed",
        // The oldest rows are the first, and no more of them are looked at than are deleted.
        "SCAN old",
        // The clock of a sandbox was moved.
        "SCAN jobs USING INDEX jobs_due",
        "SCAN jobs USING COVERING INDEX jobs_due",
        "SCAN CONSTANT ROW",
        // The newest event is the last row.
        "SCAN events",
        // An agent's inbox is put together of the first rows of a few ranges of indexes.
        "SCAN one",
        "SCAN found",
        // Whoever erases a customer walks through the requests of one day, so that no request has to be found by what
        // it made.
        "SCAN idempotency_keys",
    ];
    // The plan of an insert shows a look for rows that refer to the new one, which never runs.
    let mut walks = Vec::new();
    for statement in statements.filter(|statement| !statement.starts_with("INSERT")) {
        for step in plan(conn, statement) {
            // The places in the line are counted in the line.
            let counts_places = statement.starts_with("SELECT line.id, line.place FROM (SELECT sessions.id AS id, ")
                && ["SCAN line", "SCAN (subquery"].iter().any(|walk| step.starts_with(walk));
            if step.starts_with("SCAN") && !counts_places && !WALKS.iter().any(|walk| step.starts_with(walk)) {
                walks.push(format!("{step}: {statement}"));
            }
        }
    }
    assert!(walks.is_empty(), "{walks:#?}");
}

/// SQLite plans a kept statement anew whenever a value is bound by which it could have planned otherwise, such as a limit,
/// unless it is compiled so that it never looks at values.
#[test]
fn no_statement_is_planned_by_the_values_that_are_bound_to_it() {
    let mut conn = SqliteConnection::establish(":memory:").unwrap();
    let mut is_compiled_with = |option: &str| -> bool {
        diesel::select(sql::<Bool>(&format!("sqlite_compileoption_used('{option}')"))).get_result(&mut conn).unwrap()
    };
    assert!(is_compiled_with("ENABLE_QPSG"), "see .cargo/config.toml");
    assert!(!is_compiled_with("ENABLE_STAT4"), "see .cargo/config.toml");
}
