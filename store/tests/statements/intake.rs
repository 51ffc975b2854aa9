//! Updates that wait are found by what waits, however much has been worked off.

use store::Store;
use tests::{Database, Engine, Sql};

use crate::agent_inbox::{explained, walk, with_values};
use crate::listener::last_statement;
use crate::now;

/// Whatever is asked for by who works updates off, where nearly all that were stored waited when PostgreSQL last counted them,
/// and none of them does any more. The plans of SQLite hang on no such counts.
pub async fn check(database: &Database, store: &Store) {
    if database.engine() != Engine::Postgres {
        return;
    }
    let sql = Sql::connect(database).await.unwrap();
    sql.execute(
        "INSERT INTO tg_inbox (project_id, epoch, update_id, chat_id, kind, raw, state, attempts, not_before, received_at)
         SELECT 900, 1, n, n % 1000, 'message', '{}', 'PENDING', 0, 0, n FROM generate_series(1, 20000) AS n",
    )
    .await
    .unwrap();
    sql.execute_alone("ANALYZE tg_inbox").await.unwrap();
    sql.execute("UPDATE tg_inbox SET state = 'DONE'").await.unwrap();

    let mut tx = store.begin().await.unwrap();
    assert!(!tx.has_due_update(now()).await.unwrap());
    check_plan(database, &last_statement()).await;
    assert!(tx.claim_updates(now(), 32).await.unwrap().is_empty());
    check_plan(database, &last_statement()).await;
    tx.roll_back().await.unwrap();
}

async fn check_plan(database: &Database, statement: &str) {
    let explained = explained(database, &with_values(statement)).await;
    walk(&explained[0]["Plan"], &mut |node| {
        let is_whole = node["Relation Name"] == "tg_inbox" && node["Node Type"] == "Seq Scan";
        assert!(!is_whole, "{statement}: {explained}");
    });
}
