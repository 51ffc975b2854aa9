//! How the statements are run: each is prepared once for each connection and kept, but for
//! those that callers make up, and on SQLite, whose plans hang on no statistics that change,
//! each finds its rows by the index that was made for it.
//!
//! In a binary of its own, because it listens to every connection of the process.
#![expect(
    clippy::unwrap_used,
    reason = "a test fails by panicking, and clippy sees the tests in this crate but not their helpers"
)]

mod abandon;
mod agent_inbox;
mod agent_tickets;
mod coverage;
mod filters;
mod inbox;
mod intake;
mod kept;
mod line;
mod listener;
mod lists;
mod outbox;
mod plans;

use diesel::connection::set_default_instrumentation;
use diesel::prelude::*;
use domain::Time;
use store::idempotency::Answered;
use store::{Sharing, Store};
use tests::{Database, Engine};

use crate::abandon::abandon;
use crate::coverage::{read_everything, write_everything};
use crate::filters::make_up_filters;
use crate::inbox::check_inbox;
use crate::line::check_line;
use crate::listener::{Listener, uses};
use crate::outbox::check_outbox;
use crate::plans::check_plans;

fn now() -> Time {
    Time::from_timestamp(1_800_000_000, 0).unwrap()
}

fn answered() -> Answered {
    Answered { operation: String::new(), fingerprint: String::new(), object_id: 1, object_count: 1, details: None }
}

async fn use_everything(store: &Store, round: i64) {
    let mut tx = store.begin().await.unwrap();
    let (project, agent, session) = write_everything(&mut tx, round).await;
    read_everything(&mut tx, project, agent, &session).await;
    tx.commit_silently().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn statements_are_kept_and_use_their_indexes() {
    set_default_instrumentation(|| Some(Box::new(Listener))).unwrap();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !engine.is_available().await {
            continue;
        }
        let database = Database::new(engine).await;
        let (store, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
        uses();
        use_everything(&store, 0).await;
        let first = uses();
        assert!(first.len() > 90, "{engine}: {} statements", first.len());
        let unkept: Vec<&String> = first.iter().filter(|(_, uses)| uses.kept != 1).map(|(text, _)| text).collect();
        assert!(unkept.is_empty(), "{engine}: prepared anew each time: {unkept:#?}");
        for round in 1..4 {
            use_everything(&store, round).await;
        }
        let prepared: Vec<String> =
            uses().into_iter().filter(|(_, uses)| uses.kept > 0).map(|(text, _)| text).collect();
        assert!(prepared.is_empty(), "{engine}: further texts of the same statements: {prepared:#?}");

        if engine == Engine::Sqlite {
            let mut conn = SqliteConnection::establish(database.url().strip_prefix("sqlite://").unwrap()).unwrap();
            check_plans(&mut conn, first.keys());
            check_outbox(&mut conn, first.keys());
            check_line(&mut conn, first.keys());
            check_inbox(&mut conn, &store).await;
            lists::check(&mut conn, &store).await;
        }
        abandon(&store).await;
        agent_inbox::check(&database, &store).await;
        agent_tickets::check(&database, &store).await;
        intake::check(&database, &store).await;

        make_up_filters(&store).await;
        let kept = uses().values().filter(|uses| uses.kept > 0).count();
        assert!((200..=256).contains(&kept), "{engine}: {kept} statements that callers made up are kept");
    }
}
