//! Telling of what runs out.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use domain::sla::Entry;
use domain::{Project, ProjectId, Time};
use store::sla::ClockUpdate;
use tokio_util::sync::CancellationToken;

use super::notice::{Told, tell};
use super::open_clocks::write;
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

    /// Tells of the clocks that are due first. Answers how many these were.
    async fn sweep_batch(&self) -> Result<usize, Error> {
        let wall = self.desk.now();
        let mut tx = self.desk.store.begin().await?;
        let clocks = tx.claim_due_sla_clocks(wall, BATCH).await?;
        if clocks.is_empty() {
            tx.roll_back().await?;
            return Ok(0);
        }
        let ids: BTreeSet<i64> = clocks.iter().map(|clock| clock.project_id.0).collect();
        let projects = tx.projects(&Vec::from_iter(ids)).await?;
        let projects: HashMap<ProjectId, Project> = projects.into_iter().map(|project| (project.id, project)).collect();
        let (mut updates, mut told) = (Vec::with_capacity(clocks.len()), Vec::with_capacity(clocks.len()));
        for mut clock in clocks {
            let Some(project) = projects.get(&clock.project_id) else { continue };
            let at = project.time(wall);
            let change = clock.due_change(at);
            if let Some(change) = change {
                clock.tell(change, at);
                told.push(Told { clock: clock.clone(), change });
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
