//! How many sessions a view shows, without counting them each time.
//!
//! A tally is the set of the sessions that a view shows to somebody, as it was at a place of the event log. To bring it up
//! to date, only the sessions are looked at that the log has told of since, by the very condition by which lists are
//! made. So the number costs the same however many sessions there are, and is right for whoever asks, also about what they
//! have just done themselves.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use domain::filter::SessionFilter;
use domain::{AgentId, Position, ProjectId, SavedView, SavedViewId, Sight};
use roaring::RoaringTreemap;
use store::Reader;
use tokio::sync::watch;

use crate::Desk;
use crate::event::purged;

/// How many tallies a process keeps. One takes at most a bit for each session of the project.
const MOST_KEPT: usize = 2_000;
/// After more events than these it is as well to count anew.
const MOST_EVENTS: i64 = 2_000;

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
        if kept.by_key.len() >= MOST_KEPT && !kept.by_key.contains_key(&key) {
            let oldest = kept.by_key.iter().min_by_key(|(_, (_, asked))| *asked).map(|(key, _)| key.clone());
            oldest.map(|oldest| kept.by_key.remove(&oldest));
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

/// The sessions that a view shows, once they are counted. Those who ask at the same time wait for one look.
#[derive(Default)]
pub(super) struct Tally(tokio::sync::Mutex<Option<Counted>>);

struct Counted {
    sessions: RoaringTreemap,
    /// Whatever happened up to here is counted.
    position: Position,
    /// Which history of the log the position is in.
    history: u64,
}

impl Tally {
    /// How many sessions of the project the filter lets through now.
    pub(super) async fn count(
        &self,
        desk: &Desk,
        project: ProjectId,
        filter: &SessionFilter,
    ) -> Result<u64, store::Error> {
        let mut counted = self.0.lock().await;
        let mut reader = desk.store.read().await?;
        let history = desk.log.history();
        let purged = purged(&mut reader).await?.unwrap_or(Position::START);
        let head = reader.event_head().await?.max(purged);
        if let Some(counted) = counted.as_mut()
            && counted.history == history
            && (purged..=head).contains(&counted.position)
            && counted.catch_up(&mut reader, project, filter).await?
        {
            counted.position = head;
            return Ok(counted.sessions.len());
        }
        let sessions: RoaringTreemap =
            reader.session_ids(project, filter).await?.into_iter().filter_map(unsigned).collect();
        let count = sessions.len();
        *counted = Some(Counted { sessions, position: head, history });
        Ok(count)
    }
}

impl Counted {
    /// Looks at what has changed since. Answers whether that was little enough to be looked at.
    async fn catch_up(
        &mut self,
        reader: &mut Reader,
        project: ProjectId,
        filter: &SessionFilter,
    ) -> Result<bool, store::Error> {
        let Some(changed) = reader.changed_sessions(project, self.position, MOST_EVENTS).await? else {
            return Ok(false);
        };
        if changed.is_empty() {
            return Ok(true);
        }
        let shown = reader.session_ids_among(project, filter, &changed).await?;
        for session in changed.into_iter().filter_map(unsigned) {
            self.sessions.remove(session);
        }
        self.sessions.extend(shown.into_iter().filter_map(unsigned));
        Ok(true)
    }
}

/// Identifiers are positive.
fn unsigned(id: i64) -> Option<u64> {
    u64::try_from(id).ok()
}
