//! A backlog for tests.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use domain::ChatId;
use tokio::sync::watch;

use super::{Backlog, BacklogFuture, PendingUpdate};
use crate::telegram::BotId;

/// A [`Backlog`] in memory. It is lost with the process.
#[derive(Debug, Default)]
pub struct MemoryBacklog(Mutex<HashMap<BotId, Queue>>);

#[derive(Debug, Default)]
struct Queue {
    pending: VecDeque<PendingUpdate>,
    last_update_id: i64,
    last_message_id: i64,
    arrivals: watch::Sender<u64>,
}

impl MemoryBacklog {
    fn with_queue<T>(&self, bot: BotId, work: impl FnOnce(&mut Queue) -> T) -> BacklogFuture<'_, T>
    where
        T: Send + 'static,
    {
        let outcome = work(self.lock().entry(bot).or_default());
        Box::pin(std::future::ready(Ok(outcome)))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<BotId, Queue>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Backlog for MemoryBacklog {
    fn push(&self, bot: BotId, update: String) -> BacklogFuture<'_, i64> {
        self.with_queue(bot, |queue| {
            queue.last_update_id += 1;
            queue.pending.push_back(PendingUpdate { update_id: queue.last_update_id, json: update });
            queue.arrivals.send_modify(|count| *count += 1);
            queue.last_update_id
        })
    }

    fn pending(&self, bot: BotId, offset: i64, limit: usize) -> BacklogFuture<'_, Vec<PendingUpdate>> {
        self.with_queue(bot, |queue| {
            let first = queue.pending.partition_point(|update| update.update_id < offset);
            queue.pending.range(first..).take(limit).cloned().collect()
        })
    }

    fn confirm(&self, bot: BotId, below: i64) -> BacklogFuture<'_, ()> {
        self.with_queue(bot, |queue| {
            let keep_from = queue.pending.partition_point(|update| update.update_id < below);
            queue.pending.drain(..keep_from);
        })
    }

    fn next_message_id(&self, bot: BotId, _chat: ChatId) -> BacklogFuture<'_, i64> {
        self.with_queue(bot, |queue| {
            queue.last_message_id += 1;
            queue.last_message_id
        })
    }

    fn arrivals(&self, bot: BotId) -> watch::Receiver<u64> {
        self.lock().entry(bot).or_default().arrivals.subscribe()
    }
}
