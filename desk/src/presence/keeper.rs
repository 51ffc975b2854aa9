//! Keeping what the database says of those who are there.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use domain::{AgentId, ProjectId, Time};
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_util::sync::CancellationToken;

use super::GRACE;
use super::attendance::Place;
use crate::routing::hasten_round_if_wanted;
use crate::{Desk, Error};

/// How often the rows of those who are there are made fresh: often enough that two looks may fail before anybody seems
/// to be gone.
const RENEW_EVERY: Duration = Duration::from_secs(20);
/// How often it is looked who is there, while somebody wants to know. One look is one short statement.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// How long to wait after the database failed.
const RETRY_AFTER: Duration = Duration::from_secs(1);
/// How long the rows of those who are gone, and of those who wrote, are kept.
const KEPT: chrono::Duration = chrono::Duration::hours(1);

/// Tells the database who follows which project through this process, and this process who follows them through others.
/// A process that serves the API runs one.
pub struct PresenceKeeper {
    desk: Desk,
}

impl PresenceKeeper {
    /// A keeper for those who follow this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let (mut renewals, mut looks) = (interval(RENEW_EVERY), interval(LOOK_EVERY));
        renewals.set_missed_tick_behavior(MissedTickBehavior::Delay);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let keeping = async {
            loop {
                let outcome = tokio::select! {
                    () = self.desk.attendance.changed() => self.write_changes().await,
                    _ = renewals.tick() => self.renew().await,
                    () = self.desk.board.wanted() => self.look().await,
                    _ = looks.tick() => self.look().await,
                };
                if let Err(error) = outcome {
                    tracing::warn!(%error, "who is there cannot be kept; trying again");
                    sleep(RETRY_AFTER).await;
                }
            }
        };
        stop.run_until_cancelled(keeping).await;
    }

    async fn write_changes(&self) -> Result<(), Error> {
        let changed = self.desk.attendance.take_changed();
        if let Err(error) = self.write(&changed).await {
            self.desk.attendance.put_back(changed.into_iter().map(|(place, _)| place));
            return Err(error);
        }
        self.look().await
    }

    async fn write(&self, changed: &[(Place, bool)]) -> Result<(), Error> {
        if changed.is_empty() {
            return Ok(());
        }
        let wall = self.desk.now();
        let holder = self.desk.attendance.holder();
        let mut tx = self.desk.store.begin().await?;
        // Many come at once after an outage: who was there is read once for all of them.
        let mut known: BTreeMap<ProjectId, HashMap<AgentId, Time>> = BTreeMap::new();
        let mut has_newcomers = BTreeSet::new();
        for ((project, agent), is_there) in changed {
            if !is_there {
                tx.end_presence(holder, *project, *agent, wall).await?;
                continue;
            }
            let there = match known.entry(*project) {
                Entry::Occupied(entry) => entry.into_mut(),
                Entry::Vacant(entry) => {
                    let present = tx.present(*project, wall - GRACE).await?.into_iter();
                    entry.insert(present.map(|present| (present.agent_id, present.since)).collect())
                }
            };
            let since = there.get(agent).copied();
            tx.begin_presence(holder, *project, *agent, since.unwrap_or(wall), wall).await?;
            if since.is_none() {
                has_newcomers.insert(*project);
            }
        }
        for project in has_newcomers {
            // Somebody may have waited for them.
            hasten_round_if_wanted(&mut tx, project, wall).await?;
        }
        self.desk.commit(tx).await
    }

    async fn renew(&self) -> Result<(), Error> {
        let everybody = self.desk.attendance.everybody();
        // What could not be written when it happened is written now.
        self.write_changes().await?;
        if everybody.is_empty() {
            return Ok(());
        }
        let wall = self.desk.now();
        let mut tx = self.desk.store.begin().await?;
        let renewed = tx.renew_presence(self.desk.attendance.holder(), wall).await?;
        tx.purge_presence(wall - KEPT).await?;
        tx.purge_typing(wall - KEPT).await?;
        tx.commit_silently().await?;
        if renewed < everybody.len() {
            // Their rows were old enough to be deleted, after an outage or a clock that was set.
            self.desk.attendance.put_back(everybody);
        }
        Ok(())
    }

    /// Looks who is there and who is writing, if anybody wants to know.
    async fn look(&self) -> Result<(), Error> {
        let (board, wall) = (&self.desk.board, self.desk.now());
        if board.is_presence_followed() {
            let present = self.desk.store.read().await?.present_anywhere(wall - GRACE).await?;
            let present = present.into_iter().map(|(project, one)| ((project, one.agent_id), one.since));
            board.show_present(present.collect());
        }
        if board.is_typing_followed() {
            let typing = self.desk.store.read().await?.typing_at(wall).await?;
            board.show_typing(typing.into_iter().collect());
        }
        Ok(())
    }
}
