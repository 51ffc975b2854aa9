//! Connections are kept, with what is prepared there, when transactions are abandoned.

use std::time::Duration;

use domain::AgentId;
use store::Store;

use crate::listener::uses;
use crate::{answered, now};

/// Whoever refuses something drops a transaction: the next one has its connection, with
/// everything that is prepared there.
pub async fn abandon(store: &Store) {
    const STATEMENT: &str = "abandoned";
    let prepared = async || {
        let mut tx = store.begin().await.unwrap();
        tx.meta(STATEMENT).await.unwrap();
        tx.begin_part().await.unwrap();
        tx.set_meta(STATEMENT, "value").await.unwrap();
        drop(tx);
        // The rollback takes its moment.
        tokio::time::sleep(Duration::from_millis(100)).await;
        uses().values().map(|uses| uses.kept).sum::<usize>()
    };
    prepared().await;
    for _ in 0..3 {
        assert_eq!(prepared().await, 0, "the connection was thrown away");
    }
    let mut tx = store.begin().await.unwrap();
    assert_eq!(tx.meta(STATEMENT).await.unwrap(), None);
    tx.insert_answered(AgentId(-1), "nobody's", &answered(), now(), now()).await.unwrap_err();
    drop(tx);
    tokio::time::sleep(Duration::from_millis(100)).await;
    uses();
    assert_eq!(prepared().await, 0, "a statement that failed is no reason either");
}
