//! The doorbell between processes on PostgreSQL.

use std::time::Duration;

use store::{Doorbell, Sharing, Store};
use tests::postgres::{self, Cluster, Durability};
use tests::{Engine, eventually};
use tokio::time::timeout;

use crate::fixture::{Fixture, open};

const PATIENCE: Duration = Duration::from_secs(20);

async fn commit(store: &Store) {
    let mut tx = store.begin().await.unwrap();
    tx.set_meta("key", "value").await.unwrap();
    tx.commit().await.unwrap();
}

async fn hear(doorbell: &mut Doorbell) {
    timeout(PATIENCE, doorbell.rung()).await.expect("the doorbell rings");
}

/// Hears what rang before, until it is silent.
async fn silence(doorbell: &mut Doorbell) {
    while timeout(Duration::from_millis(300), doorbell.rung()).await.is_ok() {}
}

/// How many connections listen in this database.
async fn listeners(url: &str) -> i64 {
    let client = postgres::connect(url).await.unwrap();
    let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    client.query_one(query, &[]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_rings_the_doorbells_of_other_processes() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let other = open(&fixture.database).await;
    let mut doorbell = other.doorbell();
    // It rings once it can hear, for what may have happened before.
    hear(&mut doorbell).await;
    silence(&mut doorbell).await;
    for _ in 0..3 {
        commit(&fixture.store).await;
        hear(&mut doorbell).await;
        silence(&mut doorbell).await;
    }
    let mut tx = fixture.begin().await.unwrap();
    tx.set_meta("key", "silent").await.unwrap();
    tx.commit_silently().await.unwrap();
    fixture.begin().await.unwrap().roll_back().await.unwrap();
    assert!(timeout(Duration::from_millis(500), doorbell.rung()).await.is_err(), "nobody rang");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wait_that_is_given_up_loses_no_ring() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let mut doorbell = fixture.doorbell();
    // Even the first connection is made although nobody waits for long.
    let start = tokio::time::Instant::now();
    while timeout(Duration::from_micros(10), doorbell.rung()).await.is_err() {
        assert!(start.elapsed() < PATIENCE, "the doorbell never rings");
    }
    silence(&mut doorbell).await;
    commit(&fixture.store).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    hear(&mut doorbell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doorbell_that_is_dropped_hangs_up() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let fixture = Fixture::new(Engine::Postgres).await;
    let url = fixture.database.url();
    let mut doorbells = [fixture.doorbell(), fixture.doorbell()];
    for doorbell in &mut doorbells {
        hear(doorbell).await;
    }
    assert_eq!(listeners(url).await, 2);
    drop(doorbells);
    eventually(PATIENCE, async || if listeners(url).await == 0 { Some(()) } else { None }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doorbell_rings_after_the_server_was_restarted() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let mut cluster = Cluster::builder().durability(Durability::Full).start().await.unwrap();
    let database = cluster.create_database().await;
    let (store, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
    let (other, _) = Store::open(database.url(), Sharing::Shared).await.unwrap();
    let mut doorbell = other.doorbell();
    hear(&mut doorbell).await;
    silence(&mut doorbell).await;
    cluster.stop_now().await;
    assert!(timeout(Duration::from_millis(1500), doorbell.rung()).await.is_err(), "there is nobody to ring");
    cluster.start_again().await;
    hear(&mut doorbell).await;
    silence(&mut doorbell).await;
    commit(&store).await;
    hear(&mut doorbell).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_sqlite_it_never_rings() {
    let fixture = Fixture::new(Engine::Sqlite).await;
    let mut doorbell = fixture.doorbell();
    commit(&fixture.store).await;
    assert!(timeout(Duration::from_millis(200), doorbell.rung()).await.is_err());
}
