//! How many sessions a view shows, without counting them each time.
//!
//! A tally is the set of the sessions that a view shows to somebody, as it was at a place of the event log. To bring it up
//! to date, only the sessions are looked at that the log has told of since, by the very condition by which lists are
//! made. So the number costs the same however many sessions there are, and is right for whoever asks, also about what they
//! have just done themselves.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use domain::filter::SessionFilter;
use domain::{AgentId, Position, ProjectId, SavedView, SavedViewId, Sight};
use roaring::RoaringTreemap;
use store::Reader;
use tokio::sync::{MutexGuard, watch};

use crate::Desk;
use crate::event::purged;

/// How many tallies a process keeps: a hundred views of each of 500 agents.
const MOST_KEPT: usize = 50_000;
/// How much memory they may take together, in bytes. One takes two bytes for each session that it has, or a bit for each
/// session of the project if that is less.
const MOST_BYTES: usize = 128 << 20;
/// After more events than these it is as well to count anew.
const MOST_EVENTS: i64 = 100_000;

/// What a tally is of: a view at a version, as it is for whoever sees this far.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    view: SavedViewId,
    version: i64,
    sight: Sight,
    /// Who asks, if the view is another one for everybody.
    reader: Option<AgentId>,
}

impl Key {
    pub(super) fn new(view: &SavedView, sight: Sight, reader: AgentId) -> Self {
        let reader = view.filter.depends_on_who_asks().then_some(reader);
        Self { view: view.id, version: view.version, sight, reader }
    }
}

/// The tallies of this process; of more than it keeps those go that were asked for the longest ago.
#[derive(Default)]
pub(crate) struct Tallies {
    kept: Mutex<Kept>,
    views: watch::Sender<()>,
}

#[derive(Default)]
struct Kept {
    by_key: HashMap<Key, (Arc<Tally>, u64)>,
    /// How often a tally was asked for.
    times: u64,
}

impl Tallies {
    pub(super) fn of(&self, key: Key) -> Arc<Tally> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.times += 1;
        let time = kept.times;
        if !kept.by_key.contains_key(&key) {
            kept.make_room();
        }
        let (tally, asked) = kept.by_key.entry(key).or_default();
        *asked = time;
        tally.clone()
    }

    /// Tells whoever follows numbers that a view was saved, changed or deleted.
    pub(super) fn tell_of_views(&self) {
        self.views.send_replace(());
    }

    /// Hears of each view that this process saves, changes or deletes.
    pub(super) fn hear_of_views(&self) -> watch::Receiver<()> {
        self.views.subscribe()
    }
}

impl Kept {
    /// Lets those go that were asked for the longest ago, so that there is room for another one.
    fn make_room(&mut self) {
        let bytes = |(tally, _): &(Arc<Tally>, u64)| tally.bytes.load(Ordering::Relaxed);
        let mut taken: usize = self.by_key.values().map(bytes).sum();
        while self.by_key.len() >= MOST_KEPT || taken > MOST_BYTES {
            let oldest = self.by_key.iter().min_by_key(|(_, (_, asked))| *asked).map(|(key, _)| key.clone());
            let Some(gone) = oldest.and_then(|oldest| self.by_key.remove(&oldest)) else { return };
            taken = taken.saturating_sub(bytes(&gone));
        }
    }
}

/// The sessions that a view shows, once they are counted. Those who ask at the same time wait for one look.
#[derive(Default)]
pub(super) struct Tally {
    counted: tokio::sync::Mutex<Option<Counted>>,
    /// How much memory the sessions took when they were last looked at.
    bytes: AtomicUsize,
}

struct Counted {
    sessions: RoaringTreemap,
    /// Whatever happened up to here is counted.
    position: Position,
    /// Which history of the log the position is in.
    history: u64,
}

impl Counted {
    /// Takes in which of the sessions that have changed are shown now.
    fn take_in(&mut self, changed: &[i64], shown: Vec<i64>) {
        for session in changed.iter().copied().filter_map(unsigned) {
            self.sessions.remove(session);
        }
        self.sessions.extend(shown.into_iter().filter_map(unsigned));
    }
}

/// How many sessions of the project each of these lets through now, as numbers in the same order. They are given in the
/// order of their views, in which everybody waits for those who count the same; the log is read once for all.
pub(super) async fn count(
    desk: &Desk,
    project: ProjectId,
    tallies: &[(Arc<Tally>, SessionFilter)],
) -> Result<Vec<u64>, store::Error> {
    let mut held = Vec::with_capacity(tallies.len());
    for (tally, _) in tallies {
        held.push(tally.counted.lock().await);
    }
    let mut look = Look::begin(desk, project).await?;
    let filters: Vec<&SessionFilter> = tallies.iter().map(|(_, filter)| filter).collect();
    look.catch_up(&mut held, &filters).await?;
    let mut counts = Vec::with_capacity(tallies.len());
    for ((tally, filter), counted) in tallies.iter().zip(&mut held) {
        counts.push(look.count(counted, filter).await?);
        let bytes = counted.as_ref().map_or(0, |counted| counted.sessions.serialized_size());
        tally.bytes.store(bytes, Ordering::Relaxed);
    }
    Ok(counts)
}

/// A look at what has become of the sessions of a project.
struct Look {
    reader: Reader,
    project: ProjectId,
    /// Which history of the log positions are in.
    history: u64,
    /// The log is there from here on.
    purged: Position,
    /// Whatever happened up to here is seen.
    head: Position,
}

impl Look {
    async fn begin(desk: &Desk, project: ProjectId) -> Result<Self, store::Error> {
        let mut reader = desk.store.read().await?;
        let history = desk.log.history();
        let purged = purged(&mut reader).await?.unwrap_or(Position::START);
        let head = reader.event_head().await?.max(purged);
        Ok(Self { reader, project, history, purged, head })
    }

    /// Looks at what has changed since each of these was counted, those of one place of the log together. Of what was
    /// counted too long ago for that nothing is left.
    async fn catch_up(
        &mut self,
        tallies: &mut [MutexGuard<'_, Option<Counted>>],
        filters: &[&SessionFilter],
    ) -> Result<(), store::Error> {
        let mut by_position: BTreeMap<Position, Vec<usize>> = BTreeMap::new();
        for (place, tally) in tallies.iter_mut().enumerate() {
            let is_near = |counted: &Counted| {
                counted.history == self.history && (self.purged..=self.head).contains(&counted.position)
            };
            **tally = tally.take().filter(is_near);
            if let Some(counted) = tally.as_ref() {
                by_position.entry(counted.position).or_default().push(place);
            }
        }
        for (position, places) in by_position {
            let Some(changed) = self.reader.changed_sessions(self.project, position, MOST_EVENTS).await? else {
                places.into_iter().for_each(|place| *tallies[place] = None);
                continue;
            };
            let shown = if changed.is_empty() {
                vec![Vec::new(); places.len()]
            } else {
                let filters: Vec<&SessionFilter> = places.iter().map(|place| filters[*place]).collect();
                self.reader.session_ids_among(self.project, &filters, &changed).await?
            };
            for (place, shown) in places.into_iter().zip(shown) {
                if let Some(counted) = tallies[place].as_mut() {
                    counted.take_in(&changed, shown);
                    counted.position = self.head;
                }
            }
        }
        Ok(())
    }

    /// The number that is known, or counts anew.
    async fn count(&mut self, counted: &mut Option<Counted>, filter: &SessionFilter) -> Result<u64, store::Error> {
        if let Some(counted) = counted {
            return Ok(counted.sessions.len());
        }
        let sessions: RoaringTreemap =
            self.reader.session_ids(self.project, filter).await?.into_iter().filter_map(unsigned).collect();
        let count = sessions.len();
        *counted = Some(Counted { sessions, position: self.head, history: self.history });
        Ok(count)
    }
}

/// Identifiers are positive.
fn unsigned(id: i64) -> Option<u64> {
    u64::try_from(id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(view: i64) -> Key {
        Key { view: SavedViewId(view), version: 1, sight: Sight::Everything, reader: None }
    }

    #[test]
    fn those_asked_for_the_longest_ago_give_way_to_others_when_all_take_too_much() {
        let tallies = Tallies::default();
        for view in 0..4 {
            tallies.of(key(view)).bytes.store(MOST_BYTES / 4, Ordering::Relaxed);
        }
        let is_kept = |view| tallies.kept.lock().unwrap().by_key.contains_key(&key(view));
        tallies.of(key(0));
        tallies.of(key(4)).bytes.store(MOST_BYTES / 2, Ordering::Relaxed);
        assert!((0..5).all(is_kept), "there was room");
        tallies.of(key(5));
        assert_eq!([0, 1, 2, 3, 4, 5].map(is_kept), [true, false, false, true, true, true]);
    }
}
