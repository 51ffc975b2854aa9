//! Batches, their failures and their loss.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use desk::keys::SecretKey;
use desk::open::{Settings, Sharing};
use desk::{Desk, Error, SystemClock};
use futures_util::future::{join_all, poll_immediate};
use tempfile::TempDir;
use tokio::time::sleep;

use super::{Found, Loader, Relation, Source};

const PASSWORD: &str = "correct horse battery staple";

/// Somebody at a desk of their own, which lasts as long as the directory.
async fn source() -> (Arc<Source>, TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let settings = Settings {
        database_url: &format!("sqlite://{}", directory.path().join("desk.db").display()),
        sharing: Sharing::Exclusive,
        secret: &SecretKey::generate(),
        previous_secret: None,
        clock: Arc::new(SystemClock),
    };
    let (desk, _) = Desk::open(settings).await.unwrap();
    desk.set_up("admin@example.com", Some(PASSWORD)).await.unwrap();
    let grant =
        desk.sign_in(Ipv4Addr::LOCALHOST.into(), "admin@example.com", PASSWORD).await.map_err(|_| "refused").unwrap();
    let (credential, _) = desk.verify_access_token(&grant.access_token).unwrap();
    let actor = desk.actor(credential).await.unwrap();
    (Arc::new(Source { desk, actor }), directory)
}

/// Declares a relation that counts its batches and answers even keys with their half.
macro_rules! halves {
    ($relation:ident, $batches:ident, $before:expr) => {
        static $batches: AtomicUsize = AtomicUsize::new(0);

        struct $relation;

        impl Relation for $relation {
            type Key = u32;
            type Value = u32;

            async fn load(_: &Source, keys: &[u32]) -> Result<Found<Self>, Error> {
                $batches.fetch_add(1, Ordering::SeqCst);
                $before.await?;
                Ok(keys.iter().filter(|key| *key % 2 == 0).map(|key| (*key, key / 2)).collect())
            }
        }
    };
}

halves!(Quick, QUICK_BATCHES, async { Ok::<_, Error>(()) });
halves!(Patient, PATIENT_BATCHES, async { Ok::<_, Error>(()) });
halves!(Slow, SLOW_BATCHES, async {
    sleep(Duration::from_millis(50)).await;
    Ok::<_, Error>(())
});
halves!(Failing, FAILING_BATCHES, async { Err(Error::Forbidden) });
halves!(Panicking, PANICKING_BATCHES, async {
    assert!(std::hint::black_box(false), "a batch panics");
    Ok::<_, Error>(())
});

#[tokio::test(flavor = "multi_thread")]
async fn all_who_ask_in_one_moment_share_a_batch() {
    let (source, _directory) = source().await;
    let loader = Arc::new(Loader::<Quick>::new(source));
    let answers = tokio::spawn(async move {
        let first = join_all((0..500).map(|key| loader.load(key))).await;
        // What is known is not asked for again.
        join_all((0..500).map(|key| loader.load(key))).await;
        loader.prefetch([1, 2, 1000, 1000]).await;
        (first, loader.load(1000).await)
    });
    let (first, prefetched) = answers.await.unwrap();
    for (key, answer) in (0..500).zip(first) {
        assert_eq!(answer.unwrap().map(|half| *half), (key % 2 == 0).then_some(key / 2));
    }
    assert_eq!(*prefetched.unwrap().unwrap(), 500);
    assert_eq!(QUICK_BATCHES.load(Ordering::SeqCst), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_looked_at_again_too_early_waits_for_those_who_have_not_asked_yet() {
    let (source, _directory) = source().await;
    let loader = Loader::<Patient>::new(source);
    let answers = tokio::spawn(async move {
        let [mut first, mut second] = [2, 4].map(|key| Box::pin(loader.load(key)));
        for _ in 0..3 {
            assert!(poll_immediate(&mut first).await.is_none());
        }
        assert!(poll_immediate(&mut second).await.is_none());
        futures_util::join!(first, second)
    });
    let (first, second) = answers.await.unwrap();
    assert_eq!((*first.unwrap().unwrap(), *second.unwrap().unwrap()), (1, 2));
    assert_eq!(PATIENT_BATCHES.load(Ordering::SeqCst), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_who_goes_away_takes_nothing_from_those_who_wait() {
    let (source, _directory) = source().await;
    let loader = Loader::<Slow>::new(source);
    let [mut first, mut second, mut third] = [2, 2, 4].map(|key| Box::pin(loader.load(key)));
    // They ask in turn, and whoever asks first runs the batch when it looks again.
    for _ in 0..2 {
        for caller in [&mut first, &mut second, &mut third] {
            assert!(poll_immediate(caller).await.is_none());
        }
    }
    drop(first);
    let (second, third) = futures_util::join!(second, third);
    assert_eq!(*second.unwrap().unwrap(), 1);
    assert_eq!(*third.unwrap().unwrap(), 2);
    assert_eq!(SLOW_BATCHES.load(Ordering::SeqCst), 2, "the batch of the first caller was lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failure_is_told_to_everybody_who_asked() {
    let (source, _directory) = source().await;
    let failing = Loader::<Failing>::new(source.clone());
    for answer in join_all((0..3).map(|key| failing.load(key))).await {
        assert!(matches!(*answer.unwrap_err(), Error::Forbidden));
    }
    let panicking = Loader::<Panicking>::new(source);
    for answer in join_all((0..3).map(|key| panicking.load(key))).await {
        assert!(matches!(*answer.unwrap_err(), Error::Internal(_)));
    }
}
