//! Relations between objects, loaded for many objects at once.

mod batch;
mod loaders;
mod moment;
#[cfg(test)]
mod tests;

use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use dataloader::cached;
use desk::{Actor, Desk, Error};
use tokio::task::coop::unconstrained;

use batch::{Batches, load_all};
pub(crate) use loaders::Loaders;
use moment::Moments;

use crate::turn::look_up;

/// What loaders load from, and for whom.
pub(crate) struct Source {
    pub(crate) desk: Desk,
    pub(crate) actor: Arc<Actor>,
}

/// A kind of object, or a fact about one, that is loaded by key.
pub(crate) trait Relation: Send + Sync + 'static {
    type Key: Clone + Debug + Hash + Ord + Send + Sync + 'static;
    type Value: Send + Sync + 'static;

    /// Those of the values that there are and that the actor may see, in one statement.
    fn load(source: &Source, keys: &[Self::Key]) -> impl Future<Output = Result<Found<Self>, Error>> + Send;
}

/// Values with their keys, in no order.
pub(crate) type Found<R> = Vec<(<R as Relation>::Key, <R as Relation>::Value)>;

/// A value that was asked for; nothing if there is none or the actor may not see it.
pub(crate) type Loaded<V> = Result<Option<Arc<V>>, Arc<Error>>;

/// The most keys of one statement.
const BATCH: usize = 1000;

/// Loads a relation for every object that asks in the same moment with one statement, and each
/// key once. It lives as long as one answer.
///
/// The `dataloader` crate runs a batch inside the first caller that asks. If that caller is
/// dropped, for example because a field beside it failed, what it had begun is lost to those who
/// wait. So a batch runs in a task of its own, which nobody interrupts, and who finds that its
/// batch was lost asks again.
pub(crate) struct Loader<R: Relation> {
    source: Arc<Source>,
    cached: cached::Loader<R::Key, Loaded<R::Value>, Batches<R>>,
    moments: Moments,
}

impl<R: Relation> Loader<R> {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        let batches = Batches::new(source.clone());
        // Not giving way at all, it would take the first key alone.
        let cached = cached::Loader::new(batches).with_max_batch_size(BATCH).with_yield_count(1);
        Self { source, cached, moments: Moments::default() }
    }

    /// The value of one key.
    pub(crate) async fn load(&self, key: R::Key) -> Loaded<R::Value> {
        look_up().await;
        loop {
            // Tokio has a task that took many locks wait for its next turn. Which keys are in a
            // batch must not hang on that.
            let mut answer = pin!(unconstrained(self.cached.try_load(key.clone())));
            // At its first look it asks, or queues behind a batch that runs, and at its next it takes all that was asked for.
            let answer = match first_look(answer.as_mut()) {
                Poll::Ready(answer) => answer,
                Poll::Pending => {
                    self.moments.end().await;
                    answer.await
                }
            };
            // A batch answers every key, so that an error can only mean that it was lost.
            if let Ok(loaded) = answer {
                return loaded;
            }
        }
    }

    /// Loads many keys at once, for fields that are known to ask for them next.
    pub(crate) async fn prefetch(&self, keys: impl IntoIterator<Item = R::Key>) {
        let mut keys: Vec<_> = keys.into_iter().collect();
        keys.sort_unstable();
        keys.dedup();
        if !keys.is_empty() {
            let loaded = load_all::<R>(&self.source, &keys).await;
            unconstrained(self.cached.prime_many(loaded)).await;
        }
    }
}

/// Looks at what its caller will look at again by itself.
fn first_look<F: Future>(work: Pin<&mut F>) -> Poll<F::Output> {
    work.poll(&mut Context::from_waker(Waker::noop()))
}
