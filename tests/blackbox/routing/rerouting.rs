//! What an agent lets lie moves on.

use serde_json::{Value, json};
use tests::{Sql, eventually, on_both_engines};

use super::scene::{advance, enable, look, online, until_assigned};
use crate::stage::{Desk, PATIENCE, customer_writes, reply, sandbox, sessions, until_session, until_written};

const FIVE_MINUTES: i64 = 300;

on_both_engines! {
    async fn an_unanswered_session_goes_to_another_agent_and_is_over_for_the_first(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let _console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
        customer_writes(&desk.admin, &sandbox, 8, "hello").await;
        let answered = until_session(&desk.admin, &sandbox, 8).await;
        until_assigned(&desk.admin, &answered).await;
        reply(&ada, &answered, "good day").await;

        // While nobody else is there, an agent who may still answer is better than none.
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        customer_writes(&desk.admin, &sandbox, 9, "hello").await;
        let third = until_session(&desk.admin, &sandbox, 9).await;
        until_assigned(&desk.admin, &third).await;
        assert_eq!(look(&desk.admin, &session).await["assignee"]["email"], "ada@desk.test");

        let bob = desk.add_agent("bob@desk.test", "Sandbox", "agent").await;
        let _his_console = online(&bob, &sandbox).await;
        let moved = || async {
            let seen = look(&desk.admin, &session).await;
            if seen["assignee"]["email"] == "bob@desk.test" { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, moved).await;
        let hers: Vec<Value> = sessions(&ada, &sandbox).await;
        assert!(hers.iter().all(|one| one["id"] != session), "{hers:?}");
        customer_writes(&desk.admin, &sandbox, 7, "a secret").await;
        until_written(&desk.admin, &sandbox, 7, 2).await;
        let document = "query Last($id: ID!) { session(id: $id) { lastMessage { text } } }";
        let seen = ada.query(document, json!({ "id": session })).await;
        assert_eq!(seen["session"]["lastMessage"]["text"], "hello", "what came before stays readable");
        // What she answered is still hers, however long ago that was.
        assert_eq!(look(&desk.admin, &answered).await["assignee"]["email"], "ada@desk.test");
        let audited = "SELECT count(*) FROM audit_log WHERE action = 'REROUTING'";
        assert_eq!(Sql::connect(&desk.database).await.unwrap().number(audited).await.unwrap(), 1);
    }

    async fn who_is_gone_loses_what_they_let_lie_and_gets_it_when_they_come_back_alone(engine: Engine) {
        let desk = Desk::start(engine).await;
        let sandbox = sandbox(&desk.admin).await;
        let ada = desk.add_agent("ada@desk.test", "Sandbox", "agent").await;
        enable(&desk.admin, &sandbox, json!({ "rerouteAfterSeconds": FIVE_MINUTES })).await;
        let console = online(&ada, &sandbox).await;
        customer_writes(&desk.admin, &sandbox, 7, "hello").await;
        let session = until_session(&desk.admin, &sandbox, 7).await;
        until_assigned(&desk.admin, &session).await;
        drop(console);
        let sql = Sql::connect(&desk.database).await.unwrap();
        let is_gone = || async {
            let live = sql.number("SELECT count(*) FROM presence WHERE live").await.unwrap();
            if live == 0 { Ok(()) } else { Err(live) }
        };
        eventually(PATIENCE, is_gone).await;
        sql.execute("DELETE FROM presence").await.unwrap();
        advance(&desk.admin, &sandbox, FIVE_MINUTES).await;
        let waits = || async {
            let seen = look(&desk.admin, &session).await;
            if seen["assignee"].is_null() && seen["queuePlace"] == 1 { Ok(()) } else { Err(seen) }
        };
        eventually(PATIENCE, waits).await;

        let _console = online(&ada, &sandbox).await;
        assert_eq!(until_assigned(&desk.admin, &session).await, "ada@desk.test");
    }
}
