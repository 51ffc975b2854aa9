//! Many promises run out in the same moment, in several processes and in one that is killed: each is told of once.

use tests::{Sql, on_both_engines};

use super::*;

/// How many customers wait.
const CUSTOMERS: i64 = 40;
/// How often the process is killed.
const KILLS: usize = 4;

/// Customers write whom nobody answers.
async fn waiting(desk: &Desk, sandbox: &str) {
    for customer in 1..=CUSTOMERS {
        customer_writes(&desk.admin, sandbox, customer, "hello").await;
    }
    for customer in 1..=CUSTOMERS {
        let session = until_session(&desk.admin, sandbox, customer).await;
        until_state(&desk.admin, &session, "RESOLUTION", "PENDING").await;
    }
}

/// Waits until every clock was told of, and checks that none was told of twice.
async fn each_was_told_of_once(sql: &Sql) {
    let late = "SELECT count(*) FROM sla_clocks WHERE state = 'BREACHING'";
    let all_late = || async {
        let count = sql.number(late).await.unwrap();
        if count == 2 * CUSTOMERS { Ok(()) } else { Err(count) }
    };
    eventually(PATIENCE, all_late).await;
    for (query, expected) in [
        ("SELECT count(*) FROM sla_clock_events WHERE change = 'BREACHED'", 2 * CUSTOMERS),
        ("SELECT count(DISTINCT clock_id) FROM sla_clock_events WHERE change = 'BREACHED'", 2 * CUSTOMERS),
        ("SELECT count(*) FROM events WHERE cause = 'SLA_BREACH'", 2 * CUSTOMERS),
        ("SELECT count(DISTINCT clock_id) FROM events WHERE cause = 'SLA_BREACH'", 2 * CUSTOMERS),
    ] {
        assert_eq!(sql.number(query).await.unwrap(), expected, "{query}");
    }
}

on_both_engines! {
    async fn a_process_that_is_killed_while_many_fall_due_tells_of_each_once(engine: Engine) {
        let mut desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        waiting(&desk, &sandbox).await;
        advance(&desk.admin, &sandbox, HOUR).await;
        for pause in 0..KILLS {
            // A random moment is what this test is about.
            tokio::time::sleep(std::time::Duration::from_millis(20 * pause as u64)).await;
            desk.server.kill();
            desk.restart().await;
        }
        each_was_told_of_once(&Sql::connect(&desk.database).await.unwrap()).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_tell_of_each_promise_once() {
    if !tests::Engine::Postgres.is_available().await {
        return;
    }
    let desk = Desk::start(tests::Engine::Postgres).await;
    let sandbox = sandbox(&desk.admin).await;
    let _other = desk.another_process().await;
    waiting(&desk, &sandbox).await;
    advance(&desk.admin, &sandbox, HOUR).await;
    each_was_told_of_once(&Sql::connect(&desk.database).await.unwrap()).await;
}
