//! Keeping the index of texts up to date.
//!
//! Nobody who writes waits for the index: what is written is taken in a moment later, by following the event log. What
//! may not be found any more leaves it in the transaction that says so, and whatever the index says, only what fits as
//! it stands now and may be seen is shown.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use domain::search::SearchKind;
use domain::{Event, Position};
use store::events::Scope;
use store::search::{Backlog, Progress, Stretch};
use store::{Reader, Tx};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::event::{decode, encode, has_been_at, head, purged};
use crate::{Desk, Error};

/// How many events are followed at once. On PostgreSQL nobody is told of what others write while a batch is taken in, so
/// that one has to be done in a moment.
const MOST: i64 = 200;
/// How many rows of the backlog are taken in at once.
const BATCH_OF_BACKLOG: i64 = 500;
/// After how many objects it is looked again whether the index is in pieces.
const LOOK_FOR_PIECES_AFTER: usize = 1_000;
/// The pause after the last of what has happened, in which more gathers.
const PAUSE: Duration = Duration::from_millis(100);
/// How long to wait for news without hearing of any: on PostgreSQL events stay hidden for as long as an older
/// transaction is running.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(500);
/// The same where one process has the database alone, and so hears of everything.
const LOOK_AGAIN_ALONE_AFTER: Duration = Duration::from_secs(30);
/// How long to wait after the database failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Brings what is written into the index. Any number of processes may have one; one of them is at it at a time.
pub struct SearchIndexer {
    desk: Desk,
    /// Whether the place in the log was compared with the log, which may have been restored before this process started.
    is_sure: AtomicBool,
    /// How many objects were taken in since it was looked for pieces of the index. What was before this process started is unknown.
    unmerged: AtomicUsize,
}

/// What there was to take in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing, or somebody else does it.
    Nothing,
    /// All that has happened.
    All,
    /// A part of what has happened, or of what was there before.
    Part,
}

impl SearchIndexer {
    /// An indexer for this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk, is_sure: AtomicBool::new(false), unmerged: AtomicUsize::new(LOOK_FOR_PIECES_AFTER) }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut rings = self.desk.bell.listen();
        let patience = if self.desk.store.is_shared() { LOOK_AGAIN_AFTER } else { LOOK_AGAIN_ALONE_AFTER };
        while !stop.is_cancelled() {
            rings.mark_unchanged();
            let begun = Instant::now();
            let wait = match self.step().await {
                Ok(Step::All) => PAUSE,
                // Half of the time belongs to those who write.
                Ok(Step::Part) => begun.elapsed(),
                Ok(Step::Nothing) => {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        _ = rings.changed() => {}
                        () = tokio::time::sleep(patience) => {}
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

    /// Takes in one batch. Answers what there was to take in.
    pub async fn step(&self) -> Result<Step, Error> {
        let (progress, news) = {
            let mut reader = self.desk.store.read().await?;
            let progress = reader.search_progress().await?;
            let Some(position) = self.followed(&progress) else { return self.start_over().await };
            let news = reader.events_after(Scope::Everything, position, MOST).await?;
            let is_sure = news.is_empty() && self.is_sure.load(Ordering::Relaxed);
            if !is_sure && !is_seamless(&mut reader, position).await? {
                return self.start_over().await;
            }
            self.is_sure.store(true, Ordering::Relaxed);
            (progress, news)
        };
        if news.is_empty() && progress.backlog == Backlog::default() {
            return self.merge().await;
        }
        let mut tx = self.desk.store.begin().await?;
        match tx.claim_search_progress().await? {
            Some(claimed) if claimed == progress => {}
            // Somebody else is at it, or has been meanwhile.
            _ => return Ok(Step::Nothing),
        }
        let mut next = progress;
        let (step, count) = if let Some(last) = news.last() {
            let count = take_in(&mut tx, &news).await?;
            next.position = Some(encode(self.desk.log.cursor(last.position)));
            let is_all = i64::try_from(news.len()).is_ok_and(|count| count < MOST);
            (if is_all { Step::All } else { Step::Part }, count)
        } else {
            let (backlog, count) = catch_up(&mut tx, next.backlog).await?;
            next.backlog = backlog;
            (Step::Part, count)
        };
        tx.set_search_progress(&next).await?;
        tx.commit_silently().await?;
        self.unmerged.fetch_add(count, Ordering::Relaxed);
        Ok(step)
    }

    /// Puts a little of the index together while there is nothing to take in, if it may be in pieces.
    async fn merge(&self) -> Result<Step, Error> {
        if self.unmerged.load(Ordering::Relaxed) < LOOK_FOR_PIECES_AFTER {
            return Ok(Step::Nothing);
        }
        if self.desk.store.merge_search_index().await? {
            return Ok(Step::Part);
        }
        self.unmerged.store(0, Ordering::Relaxed);
        Ok(Step::Nothing)
    }

    /// The place up to which the index follows the log; nothing if it never began, or followed another log.
    fn followed(&self, progress: &Progress) -> Option<Position> {
        self.desk.log.position(decode(progress.position.as_deref()?)?)
    }

    /// Begins at the present end of the log, with everything that is there before it still to be taken in.
    async fn start_over(&self) -> Result<Step, Error> {
        let position = head(&mut self.desk.store.read().await?).await?;
        let mut tx = self.desk.store.begin().await?;
        if tx.claim_search_progress().await?.is_none() {
            return Ok(Step::Nothing);
        }
        let backlog = tx.whole_search_backlog().await?;
        let position = Some(encode(self.desk.log.cursor(position)));
        tx.set_search_progress(&Progress { position, backlog }).await?;
        tx.commit_silently().await?;
        tracing::info!("the index of texts starts over with what the desk has");
        Ok(Step::Part)
    }
}

/// Whether nothing is missing in the log behind a place, and it ever was there.
async fn is_seamless(reader: &mut Reader, position: Position) -> Result<bool, Error> {
    let is_missing = purged(reader).await?.is_some_and(|purged| purged > position);
    Ok(!is_missing && has_been_at(reader, position).await?)
}

/// Takes in what events tell of. Answers how many objects that are.
async fn take_in(tx: &mut Tx, news: &[Event]) -> Result<usize, store::Error> {
    let messages: BTreeSet<i64> = news.iter().filter_map(|event| Some(event.message_id?.0)).collect();
    let customers: BTreeSet<i64> = news.iter().map(|event| event.customer_id.0).collect();
    let sessions: BTreeSet<i64> = news.iter().map(|event| event.session_id.0).collect();
    let mut count = 0;
    for (kind, ids) in
        [(SearchKind::Message, messages), (SearchKind::Customer, customers), (SearchKind::Session, sessions)]
    {
        let documents = tx.documents(kind, &Vec::from_iter(ids)).await?;
        tx.index_documents(&documents).await?;
        count += documents.len();
    }
    Ok(count)
}

/// Takes in a part of what was there before the index began, the newest first. Answers what is left, and how many objects
/// that part was.
async fn catch_up(tx: &mut Tx, left: Backlog) -> Result<(Backlog, usize), store::Error> {
    let Backlog { messages, customers, sessions } = left;
    let (kind, below) = match left {
        Backlog { messages: 1.., .. } => (SearchKind::Message, messages),
        Backlog { customers: 1.., .. } => (SearchKind::Customer, customers),
        _ => (SearchKind::Session, sessions),
    };
    let from = (below - BATCH_OF_BACKLOG).max(0);
    let documents = tx.documents_within(kind, Stretch { from, below }).await?;
    tx.index_documents(&documents).await?;
    let left = match kind {
        SearchKind::Message => Backlog { messages: from, ..left },
        SearchKind::Customer => Backlog { customers: from, ..left },
        SearchKind::Session => Backlog { sessions: from, ..left },
    };
    Ok((left, documents.len()))
}
