//! Following how many sessions the views show that somebody has.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use domain::{ApiScope, Position, ProjectId, SavedView, SavedViewId};
use store::events::Scope;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

use crate::event::Permit;
use crate::presence::Attending;
use crate::{Actor, Desk, Error};

/// The shortest time between two looks, so that a busy desk costs each of its followers no more than a calm one.
const PACE: Duration = Duration::from_millis(500);
/// How soon views that another process has saved, changed or deleted are noticed.
const VIEWS_EVERY: Duration = Duration::from_secs(5);
/// How many events are looked at at once.
const BATCH: usize = 500;

/// A view with the number of sessions that it shows.
#[derive(Debug, Clone)]
pub struct CountedView {
    /// The view.
    pub view: SavedView,
    /// How many sessions it shows.
    pub count: u64,
}

/// What is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    Nothing,
    /// Whether there are other views.
    Views,
    /// Whether there are other views or other numbers.
    Numbers,
}

/// Tells how many sessions each view shows to somebody, and then each number that is another one.
pub struct ViewCounts {
    desk: Desk,
    permit: Permit,
    project_id: ProjectId,
    /// With whose rights the numbers were counted.
    counted_for: Arc<Actor>,
    /// The views as they were last read.
    known: Vec<SavedView>,
    /// When they are to be read again.
    read_views_at: Instant,
    /// The version of each view and its number, as they were told last.
    told: HashMap<SavedViewId, (i64, u64)>,
    ready: VecDeque<CountedView>,
    /// Up to here events have been looked at.
    position: Position,
    news: watch::Receiver<Position>,
    views: watch::Receiver<()>,
    /// When the next look may be taken, if one is needed.
    next_look: Instant,
    due: Due,
    _attending: Option<Attending>,
}

impl Desk {
    /// How many sessions each view shows that the actor has in a project, now and from now on.
    pub async fn saved_view_counts(&self, actor: &Actor, project_id: ProjectId) -> Result<ViewCounts, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        let permit = Permit::of(self, actor.credential, project_id).await?;
        let news = self.log.listen();
        Ok(ViewCounts {
            desk: self.clone(),
            counted_for: permit.actor().clone(),
            known: Vec::new(),
            read_views_at: Instant::now(),
            permit,
            project_id,
            told: HashMap::new(),
            ready: VecDeque::new(),
            position: self.log.end(),
            news,
            views: self.tallies.hear_of_views(),
            next_look: Instant::now(),
            due: Due::Numbers,
            _attending: self.attend(project_id, actor.credential),
        })
    }
}

impl ViewCounts {
    /// Waits for the next number. Fails when the reader may not see the project any more, and when the database cannot be
    /// read; the reader may come back, and is told every number anew.
    pub async fn next(&mut self) -> Result<CountedView, Error> {
        loop {
            self.permit.check(&self.desk).await?;
            if let Some(counted) = self.ready.pop_front() {
                return Ok(counted);
            }
            if !Arc::ptr_eq(&self.counted_for, self.permit.actor()) {
                // Other rights show other sessions, of which no event tells.
                self.counted_for = self.permit.actor().clone();
                self.read_views_at = Instant::now();
                self.due = Due::Numbers;
            }
            if self.due > Due::Nothing && Instant::now() >= self.next_look {
                // Boxed, so that those who wait do not carry the room for it.
                Box::pin(self.look()).await?;
            } else {
                self.wait().await?;
            }
        }
    }

    async fn wait(&mut self) -> Result<(), Error> {
        let next_look = if self.due > Due::Nothing { self.next_look } else { self.next_look.max(self.read_views_at) };
        let due = tokio::select! {
            news = self.news.changed() => {
                news.map_err(|_| Error::internal("the event log was closed while somebody read it"))?;
                if self.is_concerned() { Due::Numbers } else { Due::Nothing }
            }
            views = self.views.changed() => {
                views.map_err(|_| Error::internal("the views were closed while somebody followed them"))?;
                self.read_views_at = Instant::now();
                Due::Views
            }
            () = sleep_until(next_look) => Due::Views,
            () = self.permit.ended() => Due::Nothing,
        };
        self.due = self.due.max(due);
        Ok(())
    }

    /// Whether something has happened that the reader is told of. What they are not told of changes none of their numbers.
    fn is_concerned(&mut self) -> bool {
        let log = &self.desk.log;
        loop {
            let Some(stretch) = log.after(self.position, Scope::Project(self.project_id), BATCH) else {
                self.position = log.end();
                return true;
            };
            let is_end = stretch.end == self.position;
            self.position = stretch.end;
            if stretch.occurrences.iter().any(|occurrence| self.permit.telling(occurrence, log).is_some()) {
                return true;
            }
            if is_end {
                return false;
            }
        }
    }

    /// Counts what each view shows that may show something else.
    async fn look(&mut self) -> Result<(), Error> {
        let actor = self.counted_for.clone();
        let due = std::mem::replace(&mut self.due, Due::Nothing);
        if Instant::now() >= self.read_views_at || self.views.has_changed().unwrap_or(true) {
            self.known = self.desk.saved_views(&actor, self.project_id).await?;
            self.read_views_at = Instant::now() + VIEWS_EVERY;
        }
        self.told.retain(|id, _| self.known.iter().any(|view| view.id == *id));
        let is_told = |view: &&SavedView| self.told.get(&view.id).is_some_and(|(version, _)| *version == view.version);
        let in_question: Vec<&SavedView> =
            self.known.iter().filter(|view| due >= Due::Numbers || !is_told(view)).collect();
        if !in_question.is_empty() {
            let counts = self.desk.saved_view_counts_now(&actor, self.project_id, &in_question).await?;
            for (view, count) in in_question.into_iter().zip(counts) {
                if self.told.insert(view.id, (view.version, count)) != Some((view.version, count)) {
                    self.ready.push_back(CountedView { view: view.clone(), count });
                }
            }
        }
        self.next_look = Instant::now() + PACE;
        Ok(())
    }

    /// Who reads, with the rights that were last looked at.
    pub fn actor(&self) -> &Arc<Actor> {
        self.permit.actor()
    }
}
