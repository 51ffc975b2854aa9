//! Relations between objects, loaded for many objects at once.

mod loaders;

use std::collections::{HashMap, HashSet};
use std::fmt::Debug;
use std::future::Future;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use dataloader::{BatchFn, cached};
use desk::{Actor, Desk, Error};
use tokio::task::coop::unconstrained;
use tracing::Instrument as _;

pub(crate) use loaders::Loaders;

/// What loaders load from, and for whom.
pub(crate) struct Source {
    pub(crate) desk: Desk,
    pub(crate) actor: Arc<Actor>,
}

/// A kind of object, or a fact about one, that is loaded by key.
pub(crate) trait Relation: Send + Sync + 'static {
    type Key: Copy + Eq + Hash + Debug + Send + Sync + 'static;
    type Value: Send + Sync + 'static;

    /// Those of the values that there are and that the actor may see, in one statement.
    fn load(
        source: &Source,
        keys: &[Self::Key],
    ) -> impl Future<Output = Result<Vec<(Self::Key, Self::Value)>, Error>> + Send;
}

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
}

impl<R: Relation> Loader<R> {
    pub(crate) fn new(source: Arc<Source>) -> Self {
        let batches = Batches { source: source.clone(), relation: PhantomData };
        // Every field of a page has asked before the first of them is looked at again, so that
        // giving way once is enough to know all the keys.
        let cached = cached::Loader::new(batches).with_max_batch_size(BATCH).with_yield_count(1);
        Self { source, cached }
    }

    /// The value of one key.
    pub(crate) async fn load(&self, key: R::Key) -> Loaded<R::Value> {
        loop {
            // Tokio makes a task that took many locks wait for its next turn. In the midst of a
            // page that would cut its batch in two.
            let answer = unconstrained(self.cached.try_load(key)).await;
            // A batch answers every key, so that an error can only mean that it was lost.
            if let Ok(loaded) = answer {
                return loaded;
            }
        }
    }

    /// Loads many keys at once, for fields that are known to ask for them next.
    pub(crate) async fn prefetch(&self, keys: impl IntoIterator<Item = R::Key>) {
        let keys: HashSet<_> = keys.into_iter().collect();
        if !keys.is_empty() {
            let keys: Vec<_> = keys.into_iter().collect();
            let loaded = load_all::<R>(&self.source, &keys).await;
            unconstrained(self.cached.prime_many(loaded)).await;
        }
    }
}

/// Runs the batches of a loader.
struct Batches<R> {
    source: Arc<Source>,
    relation: PhantomData<fn() -> R>,
}

impl<R: Relation> BatchFn<R::Key, Loaded<R::Value>> for Batches<R> {
    async fn load(&mut self, keys: &[R::Key]) -> HashMap<R::Key, Loaded<R::Value>> {
        let (source, keys) = (self.source.clone(), Arc::<[R::Key]>::from(keys));
        let batch = {
            let keys = keys.clone();
            async move { load_all::<R>(&source, &keys).await }.in_current_span()
        };
        tokio::spawn(batch).await.unwrap_or_else(|failure| all_failed(&keys, Error::internal(failure)))
    }
}

/// An answer for every key.
async fn load_all<R: Relation>(source: &Source, keys: &[R::Key]) -> HashMap<R::Key, Loaded<R::Value>> {
    match R::load(source, keys).await {
        Ok(found) => {
            let mut answers: HashMap<_, Loaded<R::Value>> = keys.iter().map(|key| (*key, Ok(None))).collect();
            answers.extend(found.into_iter().map(|(key, value)| (key, Ok(Some(Arc::new(value))))));
            answers
        }
        Err(error) => all_failed(keys, error),
    }
}

fn all_failed<K: Copy + Eq + Hash, V>(keys: &[K], error: Error) -> HashMap<K, Loaded<V>> {
    let error = Arc::new(error);
    keys.iter().map(|key| (*key, Err(error.clone()))).collect()
}
