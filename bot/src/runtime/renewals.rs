//! Renewing the leases of all bots that this process serves, together.

use std::collections::{BTreeSet, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use desk::{Desk, Holder};
use domain::ProjectId;
use tokio::sync::watch;
use tokio::time::{Instant, timeout, timeout_at};

use super::tenure::Lost;
use crate::cause::cause_of;

/// Renews the leases of the bots that this process serves: however many these are, it is one transaction.
#[derive(Debug, Default)]
pub(super) struct Renewals {
    wanted: Mutex<BTreeSet<ProjectId>>,
    latest: watch::Sender<Option<Renewal>>,
}

/// What came of the latest renewal.
#[derive(Debug)]
struct Renewal {
    /// When it was asked for, from which the leases run at the earliest.
    asked_at: Instant,
    /// The bots whose leases were to be renewed.
    wanted: BTreeSet<ProjectId>,
    /// Those of them whose leases are still this process's.
    held: HashSet<ProjectId>,
}

impl Renewals {
    /// Renews what is wanted, for as long as it is polled. `ttl` is how long a lease lasts.
    pub(super) async fn run(&self, desk: &Desk, holder: &Holder, ttl: Duration) {
        let interval = holder.renewal_interval();
        loop {
            let asked_at = Instant::now();
            let wanted = self.lock().clone();
            let bots: Vec<ProjectId> = wanted.iter().copied().collect();
            let pause = match timeout(ttl, desk.renew_bots(&bots, holder)).await {
                Ok(Ok(held)) => {
                    self.latest.send_replace(Some(Renewal { asked_at, wanted, held }));
                    interval
                }
                Ok(Err(error)) => {
                    tracing::warn!(error = cause_of(&error), "the leases of the bots cannot be renewed; trying again");
                    interval / 4
                }
                Err(_) => {
                    tracing::warn!("the leases of the bots could not be renewed in time; trying again");
                    Duration::ZERO
                }
            };
            tokio::time::sleep_until((asked_at + pause).max(Instant::now())).await;
        }
    }

    /// Has the lease of a bot renewed, which lasts until `until` as it is, and returns when it is lost.
    pub(super) async fn hold(&self, project: ProjectId, mut until: Instant, ttl: Duration) -> Lost {
        let mut latest = self.latest.subscribe();
        let _wanted = Wanted::new(self, project);
        let since = Instant::now();
        loop {
            // It fails only when the renewals are gone, which are borrowed here.
            if timeout_at(until, latest.changed()).await.is_err() {
                return Lost::NotRenewed;
            }
            let Some(renewal) = &*latest.borrow_and_update() else { continue };
            if renewal.held.contains(&project) {
                until = renewal.asked_at + ttl;
            } else if renewal.wanted.contains(&project) && renewal.asked_at >= since {
                return Lost::Taken;
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeSet<ProjectId>> {
        self.wanted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// That a lease is wanted.
struct Wanted<'a> {
    renewals: &'a Renewals,
    project: ProjectId,
}

impl<'a> Wanted<'a> {
    fn new(renewals: &'a Renewals, project: ProjectId) -> Self {
        renewals.lock().insert(project);
        Self { renewals, project }
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.renewals.lock().remove(&self.project);
    }
}
