//! Changes of a session by many at once.

use std::time::Duration;

use futures_util::future::join_all;
use tests::on_both_engines;
use tokio::time::timeout;

use crate::stage::Stage;

/// Less than anybody waits for a connection.
const SOON: Duration = Duration::from_secs(4);

on_both_engines! {
    async fn a_process_that_has_just_started_can_take_as_many_changes_as_it_has_connections(engine: Engine) {
        let stage = Stage::new(engine).await;
        let session = stage.hear(stage.project().await, 1, 7, "Hello").await.id;
        let desk = stage.another_process().await;
        let changes = (0..32).map(|_| {
            let (desk, actor) = (desk.clone(), stage.actor.clone());
            tokio::spawn(async move { desk.session_mark_viewed(&actor, session).await })
        });
        for change in timeout(SOON, join_all(changes)).await.unwrap() {
            change.unwrap().unwrap();
        }
    }
}
