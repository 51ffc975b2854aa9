//! Keeping the index of texts up to date.
//!
//! Nobody who writes waits for the index: what is written is taken in a moment later, by following the event log. What
//! may not be found any more leaves it in the transaction that says so, and whatever the index says, only what fits as
//! it stands now and may be seen is shown.

use std::collections::BTreeSet;
use std::time::Duration;

use domain::search::SearchKind;
use domain::{Cursor, Event};
use store::events::Scope;
use store::search::{Backlog, Progress, Stretch};
use store::{Reader, Tx};
use tokio_util::sync::CancellationToken;

use crate::event::{decode, encode, has_been_at, head, purged};
use crate::{Desk, Error};

/// How many events are followed at once, and how many rows of the backlog are looked at.
const BATCH: i64 = 500;
/// The pause between two batches, in which others write and more gathers.
const PAUSE: Duration = Duration::from_millis(100);
/// How long to wait for news without hearing of any: on PostgreSQL events stay hidden for as long as an older
/// transaction is running.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// How long to wait after the database failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Brings what is written into the index. Any number of processes may have one; one of them is at it at a time.
pub struct SearchIndexer {
    desk: Desk,
}

impl SearchIndexer {
    /// An indexer for this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut rings = self.desk.bell.listen();
        while !stop.is_cancelled() {
            rings.mark_unchanged();
            let wait = match self.step().await {
                Ok(true) => PAUSE,
                Ok(false) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        _ = rings.changed() => {}
                        () = tokio::time::sleep(LOOK_AGAIN_AFTER) => {}
                    }
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "the index of texts cannot be kept up to date; trying again");
                    RETRY_AFTER
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Takes in one batch. Answers whether there was anything to take in.
    pub async fn step(&self) -> Result<bool, Error> {
        let (progress, news) = {
            let mut reader = self.desk.store.read().await?;
            let progress = reader.search_progress().await?;
            let Some(cursor) = self.followed(&mut reader, &progress).await? else { return self.start_over().await };
            (progress, reader.events_after(Scope::Everything, cursor.position, BATCH).await?)
        };
        if news.is_empty() && progress.backlog == Backlog::default() {
            return Ok(false);
        }
        let mut tx = self.desk.store.begin().await?;
        match tx.claim_search_progress().await? {
            Some(claimed) if claimed == progress => {}
            // Somebody else is at it, or has been meanwhile.
            _ => return Ok(false),
        }
        let mut next = progress;
        if let Some(last) = news.last() {
            take_in(&mut tx, &news).await?;
            next.position = Some(encode(self.desk.log.cursor(last.position)));
        } else {
            next.backlog = catch_up(&mut tx, next.backlog).await?;
        }
        tx.set_search_progress(&next).await?;
        tx.commit_silently().await?;
        Ok(true)
    }

    /// The place in the log up to which the index follows; nothing if it has to start over, since it never began, the
    /// log is another one, or what comes next was deleted there.
    async fn followed(&self, reader: &mut Reader, progress: &Progress) -> Result<Option<Cursor>, Error> {
        let Some(cursor) = progress.position.as_deref().and_then(decode) else { return Ok(None) };
        let Some(position) = self.desk.log.position(cursor) else { return Ok(None) };
        let is_missing = purged(reader).await?.is_some_and(|purged| purged > position);
        let is_known = !is_missing && has_been_at(reader, position).await?;
        Ok(is_known.then_some(cursor))
    }

    /// Begins at the present end of the log, with everything that is there before it still to be taken in.
    async fn start_over(&self) -> Result<bool, Error> {
        let position = head(&mut self.desk.store.read().await?).await?;
        let mut tx = self.desk.store.begin().await?;
        if tx.claim_search_progress().await?.is_none() {
            return Ok(false);
        }
        let backlog = tx.whole_search_backlog().await?;
        let position = Some(encode(self.desk.log.cursor(position)));
        tx.set_search_progress(&Progress { position, backlog }).await?;
        tx.commit_silently().await?;
        tracing::info!("the index of texts starts over with what the desk has");
        Ok(true)
    }
}

/// Takes in what events tell of.
async fn take_in(tx: &mut Tx, news: &[Event]) -> Result<(), store::Error> {
    let messages: BTreeSet<i64> = news.iter().filter_map(|event| Some(event.message_id?.0)).collect();
    let customers: BTreeSet<i64> = news.iter().map(|event| event.customer_id.0).collect();
    let sessions: BTreeSet<i64> = news.iter().map(|event| event.session_id.0).collect();
    for (kind, ids) in
        [(SearchKind::Message, messages), (SearchKind::Customer, customers), (SearchKind::Session, sessions)]
    {
        let documents = tx.documents(kind, &Vec::from_iter(ids)).await?;
        tx.index_documents(&documents).await?;
    }
    Ok(())
}

/// Takes in a part of what was there before the index began, the newest first. Answers what is left.
async fn catch_up(tx: &mut Tx, left: Backlog) -> Result<Backlog, store::Error> {
    let Backlog { messages, customers, sessions } = left;
    let (kind, below) = match left {
        Backlog { messages: 1.., .. } => (SearchKind::Message, messages),
        Backlog { customers: 1.., .. } => (SearchKind::Customer, customers),
        _ => (SearchKind::Session, sessions),
    };
    let from = (below - BATCH).max(0);
    let documents = tx.documents_within(kind, Stretch { from, below }).await?;
    tx.index_documents(&documents).await?;
    Ok(match kind {
        SearchKind::Message => Backlog { messages: from, ..left },
        SearchKind::Customer => Backlog { customers: from, ..left },
        SearchKind::Session => Backlog { sessions: from, ..left },
    })
}
