//! The newest part of the event log, kept in memory for those who read along.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use domain::{Cursor, Position, SessionId};
use store::events::{EPOCH_FACT, PURGED_FACT, Scope};
use store::{Reader, Store};
use tokio::sync::watch;

use super::Occurrence;
use crate::keys;

/// How many of the newest events stay in memory. A reader further back reads the database.
const KEPT: usize = 8192;

/// The newest events of the desk.
pub(crate) struct Log {
    epoch: i64,
    /// How often the log was found to be put back to an earlier state.
    history: AtomicU64,
    tail: RwLock<Tail>,
    head: watch::Sender<Position>,
    /// How often what was in memory was forgotten.
    forgotten: watch::Sender<u64>,
}

struct Tail {
    /// Everything after this position and up to `end` is in `occurrences`.
    start: Position,
    end: Position,
    occurrences: VecDeque<Arc<Occurrence>>,
    /// The newest of them about each session.
    newest: HashMap<SessionId, Arc<Occurrence>>,
}

impl Tail {
    /// Nothing, from a position on.
    fn from(position: Position) -> Self {
        Self { start: position, end: position, occurrences: VecDeque::new(), newest: HashMap::new() }
    }

    fn push(&mut self, occurrence: Arc<Occurrence>) {
        self.end = occurrence.event.position;
        self.newest.insert(occurrence.event.session_id, occurrence.clone());
        self.occurrences.push_back(occurrence);
        if self.occurrences.len() > KEPT
            && let Some(oldest) = self.occurrences.pop_front()
        {
            self.start = oldest.event.position;
            let session = oldest.event.session_id;
            if self.newest.get(&session).is_some_and(|newest| Arc::ptr_eq(newest, &oldest)) {
                self.newest.remove(&session);
            }
        }
    }
}

impl Log {
    /// Starts at the present end of the log.
    pub(crate) async fn open(store: &Store) -> Result<Self, store::Error> {
        let mut tx = store.begin().await?;
        let epoch = tx.settle_meta(EPOCH_FACT, &keys::random_number().to_string()).await?;
        tx.commit().await?;
        let epoch = epoch.parse().map_err(|_| store::Error::Internal(format!("{EPOCH_FACT} is {epoch:?}")))?;
        let head = head(&mut store.read().await?).await?;
        Ok(Self {
            epoch,
            history: AtomicU64::new(0),
            tail: RwLock::new(Tail::from(head)),
            head: watch::Sender::new(head),
            forgotten: watch::Sender::new(0),
        })
    }

    /// The cursor of a place in this log.
    pub(crate) fn cursor(&self, position: Position) -> Cursor {
        Cursor { epoch: self.epoch, position }
    }

    /// Some cursor of another log.
    pub(crate) fn foreign_cursor(&self) -> Cursor {
        Cursor { epoch: !self.epoch, position: Position::START }
    }

    /// The place of a cursor, unless it belongs to another log.
    pub(crate) fn position(&self, cursor: Cursor) -> Option<Position> {
        (cursor.epoch == self.epoch).then_some(cursor.position)
    }

    /// The position of the newest event in memory.
    pub(crate) fn end(&self) -> Position {
        *self.head.borrow()
    }

    /// Hears of every new event.
    pub(crate) fn listen(&self) -> watch::Receiver<Position> {
        self.head.subscribe()
    }

    /// Wakes everybody who reads along, to look whether they still may.
    pub(crate) fn nudge(&self) {
        self.head.send_modify(|_| {});
    }

    /// Whether anybody reads along in this process.
    pub(crate) fn has_readers(&self) -> bool {
        self.head.receiver_count() > 0
    }

    /// Goes on from a later position without what lies between, while nobody reads along.
    pub(crate) fn skip_to(&self, position: Position) {
        {
            let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
            if position <= tail.end {
                return;
            }
            *tail = Tail::from(position);
        }
        self.head.send_replace(position);
    }

    /// Which of its histories the log is in. A position of another one says nothing in this one.
    pub(crate) fn history(&self) -> u64 {
        self.history.load(Ordering::Acquire)
    }

    /// Goes on from a position of another history: the log was put back to an earlier state while this process ran.
    pub(crate) fn start_over(&self, position: Position) {
        {
            let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
            *tail = Tail::from(position);
            self.history.fetch_add(1, Ordering::Release);
        }
        self.head.send_replace(position);
    }

    /// How often what was in memory was forgotten. What was read before that may hold what was erased.
    pub(crate) fn forgotten(&self) -> u64 {
        *self.forgotten.borrow()
    }

    /// Hears of each time that what was in memory is forgotten.
    pub(crate) fn hear_forgetting(&self) -> watch::Receiver<u64> {
        self.forgotten.subscribe()
    }

    /// Forgets the events in memory. Whoever is not at the end reads them in the database.
    pub(crate) fn forget(&self) {
        {
            let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
            *tail = Tail::from(tail.end);
            self.forgotten.send_modify(|times| *times += 1);
        }
        self.nudge();
    }

    /// Adds the events that follow the present end, unless something was forgotten since they were begun to be read.
    pub(crate) fn extend(&self, occurrences: Vec<Arc<Occurrence>>, forgotten: u64) {
        let Some(end) = occurrences.last().map(|occurrence| occurrence.event.position) else { return };
        {
            let mut tail = self.tail.write().unwrap_or_else(PoisonError::into_inner);
            if self.forgotten() != forgotten {
                return;
            }
            for occurrence in occurrences {
                tail.push(occurrence);
            }
        }
        self.head.send_replace(end);
    }

    /// The newest of the events in memory that is about a session, with the session as it is by then.
    pub(crate) fn newest_of(&self, session: SessionId) -> Option<Arc<Occurrence>> {
        self.tail.read().unwrap_or_else(PoisonError::into_inner).newest.get(&session).cloned()
    }

    /// The events of a scope after a position, at most `limit`, and the position up to which
    /// that is all there is. Nothing if the position is further back than memory reaches.
    pub(crate) fn after(&self, position: Position, scope: Scope, limit: usize) -> Option<Stretch> {
        let tail = self.tail.read().unwrap_or_else(PoisonError::into_inner);
        if position < tail.start {
            return None;
        }
        let from = tail.occurrences.partition_point(|occurrence| occurrence.event.position <= position);
        let mut occurrences = Vec::new();
        for occurrence in tail.occurrences.range(from..) {
            if occurrence.is_in(scope) {
                occurrences.push(occurrence.clone());
                if occurrences.len() == limit {
                    return Some(Stretch { end: occurrence.event.position, occurrences });
                }
            }
        }
        Some(Stretch { occurrences, end: tail.end.max(position) })
    }
}

/// The position of the newest event that readers may see, and no less than how far the log has
/// been purged: a log that was purged as a whole does not start anew.
pub(crate) async fn head(reader: &mut Reader) -> Result<Position, store::Error> {
    let newest = reader.event_head().await?;
    Ok(purged(reader).await?.map_or(newest, |purged| purged.max(newest)))
}

/// Whether the log, as it is now, ever was at a position. A log that was put back to an earlier state, from a backup or
/// by a standby that took over, has lost the end of its history and goes on otherwise.
pub(crate) async fn has_been_at(reader: &mut Reader, position: Position) -> Result<bool, store::Error> {
    Ok(position == Position::START || reader.has_event(position).await? || purged(reader).await? >= Some(position))
}

/// The position of the newest event that has been deleted, if any has.
pub(crate) async fn purged(reader: &mut Reader) -> Result<Option<Position>, store::Error> {
    let Some(purged) = reader.meta(PURGED_FACT).await? else { return Ok(None) };
    let cursor = super::decode(&purged);
    let cursor = cursor.ok_or_else(|| store::Error::Internal(format!("{PURGED_FACT} is {purged:?}")))?;
    Ok(Some(cursor.position))
}

/// A stretch of the log as one reader sees it.
pub(crate) struct Stretch {
    /// The events, in order.
    pub(crate) occurrences: Vec<Arc<Occurrence>>,
    /// There is nothing else for this reader up to here.
    pub(crate) end: Position,
}
