//! Telling of what runs out.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use domain::sla::{Alert, Clock, Entry};
use domain::{Project, ProjectId, SlaClockId, Time};
use store::Tx;
use store::sla::ClockUpdate;
use tokio_util::sync::CancellationToken;

use super::notice::{Told, tell};
use super::open_clocks::write;
use crate::job::PUT_AWAY;
use crate::panics::caught;
use crate::{Desk, Error};

/// How many clocks are looked at in one transaction. What is told of them shares its statements and one write to the
/// disk.
const BATCH: i64 = 500;
/// The longest wait for the next look.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The shortest wait between two looks that a ring brings about.
const SHORTEST_WAIT: Duration = Duration::from_secs(1);
/// How long to wait after the database failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// The pause after a first failure to tell of a clock, a second, doubles up to this many times.
const DOUBLINGS: u32 = 12;

/// Tells of promises whose time is about to run out or has run out. Any number of processes may have one: each clock is
/// locked by the one that tells of it, and what is told and that it was told are one transaction.
pub struct SlaSweeper {
    desk: Desk,
}

impl SlaSweeper {
    /// A sweeper for the clocks of this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut rings = self.desk.bell.listen();
        while !stop.is_cancelled() {
            let wait = match self.sweep(&stop).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "the clocks of service levels cannot be looked at; trying again");
                    RETRY_AFTER
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
                // A new clock may run out sooner. Rings are many, so they are answered once in a while.
                () = async { tokio::time::sleep(SHORTEST_WAIT.min(wait)).await; let _ = rings.changed().await; } => {}
            }
        }
    }

    /// Tells of everything that is due, and answers how long until the next.
    async fn sweep(&self, stop: &CancellationToken) -> Result<Duration, Error> {
        loop {
            let next = self.desk.store.read().await?.next_sla_due().await?.and_then(Time::from_timestamp_micros);
            let Some(next) = next else { return Ok(LONGEST_WAIT) };
            let now = self.desk.now();
            if next > now {
                return Ok((next - now).to_std().map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT)));
            }
            // What is left is being told of by another process.
            if stop.is_cancelled() || self.sweep_batch().await? == 0 {
                return Ok(SHORTEST_WAIT);
            }
        }
    }

    /// Tells of the clocks that are due first: together, or one by one if that cannot be done, since what fails for a
    /// reason of its own must not hold up the others. Answers how many these were, those that were set aside counted.
    async fn sweep_batch(&self) -> Result<usize, Error> {
        match caught(self.tell_together()).await.unwrap_or_else(|panicked| Err(Error::internal(panicked))) {
            Err(error @ Error::Unavailable(_)) => Err(error),
            Err(error) => {
                tracing::warn!(error = cause_of(&error), "clocks cannot be told of together; one after the other");
                self.tell_one_by_one().await
            }
            told => told,
        }
    }

    async fn tell_together(&self) -> Result<usize, Error> {
        let wall = self.desk.now();
        let mut tx = self.desk.store.begin().await?;
        let clocks = tx.claim_due_sla_clocks(wall, BATCH).await?;
        if clocks.is_empty() {
            tx.roll_back().await?;
            return Ok(0);
        }
        self.tell_of(tx, clocks, wall).await
    }

    async fn tell_one_by_one(&self) -> Result<usize, Error> {
        let due = self.desk.store.read().await?.due_sla_clocks(self.desk.now(), BATCH).await?;
        let mut count = 0;
        for (id, attempts) in due {
            match caught(self.tell_of_one(id)).await.unwrap_or_else(|panicked| Err(Error::internal(panicked))) {
                Ok(told) => count += told,
                Err(error @ Error::Unavailable(_)) => return Err(error),
                Err(error) => {
                    self.set_aside(id, attempts, &error).await?;
                    count += 1;
                }
            }
        }
        Ok(count)
    }

    async fn tell_of_one(&self, id: SlaClockId) -> Result<usize, Error> {
        let wall = self.desk.now();
        let mut tx = self.desk.store.begin().await?;
        let Some(clock) = tx.claim_sla_clock(id, wall).await? else {
            tx.roll_back().await?;
            return Ok(0);
        };
        self.tell_of(tx, vec![clock], wall).await
    }

    /// Lets the others go first for a while, each time for longer. A promise is never given up: nothing would ever tell
    /// of it again.
    async fn set_aside(&self, id: SlaClockId, attempts: i32, error: &Error) -> Result<(), Error> {
        let cause = cause_of(error);
        tracing::error!(clock = %id, attempts, error = cause, "a clock cannot be told of; others go first");
        metrics::counter!("switchboard_sla_clocks_failed_total").increment(1);
        let pause = chrono::Duration::seconds(1 << attempts.unsigned_abs().min(DOUBLINGS));
        let mut tx = self.desk.store.begin().await?;
        tx.fail_sla_clock(id, &cause, self.desk.now() + pause).await?;
        Ok(tx.commit_silently().await?)
    }

    /// Tells of clocks that are locked, and commits. Answers how many these were.
    async fn tell_of(&self, mut tx: Tx, clocks: Vec<Clock>, wall: Time) -> Result<usize, Error> {
        let ids: BTreeSet<i64> = clocks.iter().map(|clock| clock.project_id.0).collect();
        let projects = tx.projects(&Vec::from_iter(ids)).await?;
        let projects: HashMap<ProjectId, Project> = projects.into_iter().map(|project| (project.id, project)).collect();
        let (mut updates, mut told) = (Vec::with_capacity(clocks.len()), Vec::with_capacity(clocks.len()));
        for mut clock in clocks {
            let Some(project) = projects.get(&clock.project_id) else { continue };
            // A project that is put away tells nobody, and is looked at again in case that it is taken back.
            if project.archived_at.is_some() {
                updates.push(ClockUpdate { clock, entry: None, next_at: Some(wall + PUT_AWAY) });
                continue;
            }
            let at = project.time(wall);
            let change = clock.due_change(at);
            if let Some(change) = change {
                clock.tell(change, at);
            }
            if let Some(alert) = change.and_then(Alert::of) {
                told.push(Told { clock: clock.clone(), alert });
            }
            let next_at = clock.next_at().map(|next_at| project.wall(next_at));
            updates.push(ClockUpdate { clock, entry: change.map(|change| Entry { at, change }), next_at });
        }
        write(&mut tx, &updates, wall).await?;
        tell(&mut tx, &projects, &told, wall).await?;
        self.desk.commit(tx).await?;
        Ok(updates.len())
    }
}

/// The cause behind an error, whose own words are for people outside.
fn cause_of(error: &Error) -> String {
    std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
}
