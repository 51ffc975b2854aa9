//! Storing updates as they arrive.
//!
//! Updates that arrive together are stored in one transaction, so that many of them share one
//! write to the disk; each is acknowledged only once that transaction is durable.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use domain::{ChatId, ProjectId, TelegramUserId};
use store::inbox::NewUpdate;
use store::{Store, Tx};
use tokio::sync::{mpsc, oneshot};

use crate::privacy::is_redacted;
use crate::{Bell, Clock, Desk, Error};

/// An update as it arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Update {
    /// Its number.
    pub update_id: i64,
    /// The chat whose order it keeps.
    pub chat_id: ChatId,
    /// Whose update it is, where one person is behind it.
    pub user_id: Option<TelegramUserId>,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The whole update as it came, as JSON.
    pub raw: String,
}

/// How many deliveries are stored in one transaction at most.
const BATCH: usize = 256;
/// How many deliveries may wait; the next ones are held up at the door.
const WAITING: usize = 1024;

/// The series of numbers that every bot begins in.
const FIRST_EPOCH: i64 = 1;

/// Takes updates to the task that stores them.
#[derive(Clone)]
pub(crate) struct Arrivals(mpsc::Sender<Delivery>);

/// Some updates of one bot that are acknowledged together.
struct Delivery {
    project_id: ProjectId,
    updates: Vec<Update>,
    stored: oneshot::Sender<Result<(), store::Error>>,
}

impl Arrivals {
    pub(crate) fn start(store: Store, clock: Arc<dyn Clock>, bell: Bell) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        tokio::spawn(store_arrivals(receiver, store, clock, bell));
        Self(sender)
    }
}

impl Desk {
    /// Stores updates of a bot. When this returns they are durable, each once, whatever was
    /// stored before.
    pub async fn store_updates(&self, project_id: ProjectId, updates: Vec<Update>) -> Result<(), Error> {
        let (stored, answer) = oneshot::channel();
        let delivery = Delivery { project_id, updates, stored };
        let closed = || Error::internal("the task that stores updates has ended");
        self.arrivals.0.send(delivery).await.map_err(|_| closed())?;
        Ok(answer.await.map_err(|_| closed())??)
    }
}

async fn store_arrivals(mut arrivals: mpsc::Receiver<Delivery>, store: Store, clock: Arc<dyn Clock>, bell: Bell) {
    let mut batch = Vec::with_capacity(BATCH);
    while arrivals.recv_many(&mut batch, BATCH).await > 0 {
        match store_batch(&store, &*clock, &batch).await {
            Ok(()) => {
                bell.ring();
                for delivery in batch.drain(..) {
                    // Whoever went away in the meantime is told by Telegram's next try.
                    let _ = delivery.stored.send(Ok(()));
                }
            }
            Err(error) => {
                tracing::warn!(%error, updates = batch.len(), "updates could not be stored; they are not acknowledged");
                for delivery in batch.drain(..) {
                    let _ = delivery.stored.send(Err(store::Error::Unavailable(error.to_string())));
                }
            }
        }
    }
}

async fn store_batch(store: &Store, clock: &dyn Clock, batch: &[Delivery]) -> Result<(), store::Error> {
    let mut of_project: BTreeMap<ProjectId, Vec<&Update>> = BTreeMap::new();
    for delivery in batch {
        of_project.entry(delivery.project_id).or_default().extend(&delivery.updates);
    }
    let mut tx = store.begin().await?;
    for (project_id, updates) in of_project {
        store_updates(&mut tx, clock, project_id, updates).await?;
    }
    tx.commit().await
}

async fn store_updates(
    tx: &mut Tx,
    clock: &dyn Clock,
    project_id: ProjectId,
    updates: Vec<&Update>,
) -> Result<(), store::Error> {
    let now = clock.now();
    let epoch = tx.intake_epoch(project_id).await?.unwrap_or(FIRST_EPOCH);
    let as_new = |update: &Update| NewUpdate {
        project_id,
        epoch,
        update_id: update.update_id,
        chat_id: update.chat_id,
        user_id: update.user_id,
        kind: update.kind.clone(),
        raw: update.raw.clone(),
    };
    let new: Vec<_> = updates.into_iter().map(as_new).collect();
    if tx.insert_updates(&new, now).await? == new.len() {
        return Ok(());
    }
    let foreign = foreign_twins(tx, &new).await?;
    if foreign.is_empty() {
        return Ok(());
    }
    let epoch = epoch + 1;
    tracing::warn!(project = %project_id, epoch, "the update numbers of a bot started anew");
    let renumbered: Vec<_> = foreign.into_iter().map(|update| NewUpdate { epoch, ..update.clone() }).collect();
    tx.insert_updates(&renumbered, now).await?;
    tx.raise_intake_epoch(project_id, epoch).await
}

/// Those updates whose number is taken by another one: the same number again is a repetition,
/// the same number for something else means that the bot's numbers started anew.
async fn foreign_twins<'a>(tx: &mut Tx, updates: &'a [NewUpdate]) -> Result<Vec<&'a NewUpdate>, store::Error> {
    let mut seen: HashMap<i64, &str> = HashMap::new();
    let mut foreign = Vec::new();
    for update in updates {
        let first = *seen.entry(update.update_id).or_insert(&update.raw);
        let stored = tx.update_raw(update.project_id, update.epoch, update.update_id).await?;
        // Where somebody was erased it is no longer what came, and the same update again is still a repetition.
        if first == update.raw && stored.is_some_and(|raw| !is_redacted(&raw) && raw != update.raw) {
            foreign.push(update);
        }
    }
    Ok(foreign)
}
