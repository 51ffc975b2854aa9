//! One batch of keys.

use std::collections::HashMap;
use std::hash::Hash;
use std::marker::PhantomData;
use std::sync::Arc;

use dataloader::BatchFn;
use desk::Error;
use tracing::Instrument as _;

use super::{Loaded, Relation, Source};

/// Runs the batches of a loader, each in a task of its own.
pub(super) struct Batches<R> {
    source: Arc<Source>,
    relation: PhantomData<fn() -> R>,
}

impl<R> Batches<R> {
    pub(super) fn new(source: Arc<Source>) -> Self {
        Self { source, relation: PhantomData }
    }
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
pub(super) async fn load_all<R: Relation>(source: &Source, keys: &[R::Key]) -> HashMap<R::Key, Loaded<R::Value>> {
    match R::load(source, keys).await {
        Ok(found) => {
            let mut answers: HashMap<_, Loaded<R::Value>> = keys.iter().map(|key| (key.clone(), Ok(None))).collect();
            answers.extend(found.into_iter().map(|(key, value)| (key, Ok(Some(Arc::new(value))))));
            answers
        }
        Err(error) => all_failed(keys, error),
    }
}

fn all_failed<K: Clone + Eq + Hash, V>(keys: &[K], error: Error) -> HashMap<K, Loaded<V>> {
    let error = Arc::new(error);
    keys.iter().map(|key| (key.clone(), Err(error.clone()))).collect()
}
