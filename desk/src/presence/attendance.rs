//! Who follows which project through this process.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::{AgentId, ProjectId};
use tokio::sync::Notify;

use crate::{Credential, Desk};

/// An agent in a project.
pub(super) type Place = (ProjectId, AgentId);

/// Who follows which project through this process.
pub(crate) struct Attendance {
    /// The name of this process in its life-time.
    holder: String,
    counts: Mutex<Counts>,
    news: Notify,
}

#[derive(Default)]
struct Counts {
    /// How many subscriptions there are.
    live: HashMap<Place, usize>,
    /// Where the first one has begun or the last one has ended, and the database does not say so yet.
    changed: BTreeSet<Place>,
}

/// That an agent follows a project, for as long as this lives.
pub(crate) struct Attending {
    desk: Desk,
    place: Place,
}

impl Default for Attendance {
    fn default() -> Self {
        Self { holder: crate::keys::random_id(), counts: Mutex::default(), news: Notify::new() }
    }
}

impl Attendance {
    pub(super) fn holder(&self) -> &str {
        &self.holder
    }

    /// Waits for what the database does not say yet.
    pub(super) async fn changed(&self) {
        self.news.notified().await;
    }

    /// What the database does not say yet, each with whether somebody is there now.
    pub(super) fn take_changed(&self) -> Vec<(Place, bool)> {
        let mut counts = self.counts();
        let changed = std::mem::take(&mut counts.changed);
        changed.into_iter().map(|place| (place, counts.live.contains_key(&place))).collect()
    }

    /// Has these written again, since they could not be.
    pub(super) fn put_back(&self, places: impl IntoIterator<Item = Place>) {
        self.counts().changed.extend(places);
        self.news.notify_one();
    }

    /// Everybody who is there.
    pub(super) fn everybody(&self) -> Vec<Place> {
        self.counts().live.keys().copied().collect()
    }

    fn enter(&self, place: Place) {
        let mut counts = self.counts();
        let count = counts.live.entry(place).or_default();
        *count += 1;
        if *count == 1 {
            counts.changed.insert(place);
            self.news.notify_one();
        }
    }

    fn leave(&self, place: Place) {
        let mut counts = self.counts();
        let left = counts.live.get_mut(&place).map_or(0, |count| {
            *count -= 1;
            *count
        });
        if left == 0 {
            counts.live.remove(&place);
            counts.changed.insert(place);
            self.news.notify_one();
        }
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Counts somebody as being there for as long as the answer lives. A program that acts with an API token is nobody
    /// who could answer a customer.
    pub(crate) fn attend(&self, project_id: ProjectId, credential: Credential) -> Option<Attending> {
        let Credential::SignIn { agent_id, .. } = credential else { return None };
        let place = (project_id, agent_id);
        self.attendance.enter(place);
        Some(Attending { desk: self.clone(), place })
    }
}

impl Drop for Attending {
    fn drop(&mut self) {
        self.desk.attendance.leave(self.place);
    }
}
