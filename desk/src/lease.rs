//! Doing alone what only one process may do.

use std::collections::{BTreeMap, HashSet};
use std::time::Duration;

use domain::ProjectId;
use store::Tx;

use crate::outbox::Wanted;
use crate::{Desk, Error};

/// One process in its life-time, as a holder of leases.
#[derive(Debug, Clone)]
pub struct Holder {
    name: String,
    ttl: Duration,
}

impl Holder {
    /// A holder whose leases end `ttl` after their last renewal.
    pub fn new(ttl: Duration) -> Self {
        Self { name: crate::keys::random_id(), ttl }
    }

    /// How often a lease has to be renewed in order not to be lost by a short delay.
    pub fn renewal_interval(&self) -> Duration {
        self.ttl / 3
    }

    /// The name that is unique to this holder.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn ttl_micros(&self) -> i64 {
        i64::try_from(self.ttl.as_micros()).unwrap_or(i64::MAX)
    }
}

/// What the name of a process begins with in the list of leases.
const PROCESSES: &str = "process:";

fn bot(project_id: ProjectId) -> String {
    format!("bot:{project_id}")
}

/// Where a database serves one process alone, that process has everything: the lock on its file
/// is the lease.
impl Desk {
    /// Takes the lease of a bot. Answers whether the holder has it now.
    pub async fn acquire_bot(&self, project_id: ProjectId, holder: &Holder) -> Result<bool, Error> {
        if !self.store.is_shared() {
            return Ok(true);
        }
        let mut tx = self.store.begin().await?;
        let taken = tx.acquire_lease(&bot(project_id), &holder.name, holder.ttl_micros()).await?;
        tx.commit_silently().await?;
        Ok(taken)
    }

    /// Renews the leases of bots, of all in one transaction. Answers which of them the holder still has.
    pub async fn renew_bots(&self, projects: &[ProjectId], holder: &Holder) -> Result<HashSet<ProjectId>, Error> {
        if !self.store.is_shared() || projects.is_empty() {
            return Ok(projects.iter().copied().collect());
        }
        let names: Vec<String> = projects.iter().map(|project| bot(*project)).collect();
        let mut tx = self.store.begin().await?;
        let held = tx.renew_leases(&names, &holder.name, holder.ttl_micros()).await?;
        tx.commit_silently().await?;
        Ok(projects.iter().copied().filter(|project| held.contains(&bot(*project))).collect())
    }

    /// Gives up the lease of a bot, so that another process need not wait for its end.
    pub async fn release_bot(&self, project_id: ProjectId, holder: &Holder) -> Result<(), Error> {
        self.release(&bot(project_id), holder).await
    }

    /// Those of the bots that are wanted of which the one who wants them has the lease, and keeps it for as long as
    /// the transaction lasts.
    pub(crate) async fn keep_bots(&self, tx: &mut Tx, wanted: &[&Wanted]) -> Result<HashSet<ProjectId>, store::Error> {
        if !self.store.is_shared() {
            return Ok(wanted.iter().map(|wanted| wanted.project_id).collect());
        }
        let mut of_holder: BTreeMap<&str, Vec<&Wanted>> = BTreeMap::new();
        for wanted in wanted {
            of_holder.entry(wanted.holder.name()).or_default().push(wanted);
        }
        let mut kept = HashSet::new();
        for (holder, wanted) in of_holder {
            let names: Vec<String> = wanted.iter().map(|wanted| bot(wanted.project_id)).collect();
            let held = tx.keep_leases(&names, holder).await?;
            kept.extend(wanted.iter().map(|wanted| wanted.project_id).filter(|project| held.contains(&bot(*project))));
        }
        Ok(kept)
    }

    /// Notes that the holder serves bots. Answers how many do so now, itself included.
    pub async fn join_service(&self, holder: &Holder) -> Result<usize, Error> {
        if !self.store.is_shared() {
            return Ok(1);
        }
        let mut tx = self.store.begin().await?;
        tx.acquire_lease(&format!("{PROCESSES}{}", holder.name), &holder.name, holder.ttl_micros()).await?;
        let processes = tx.lease_count(PROCESSES).await?;
        tx.commit_silently().await?;
        Ok(usize::try_from(processes).unwrap_or(usize::MAX).max(1))
    }

    /// Notes that the holder takes on no more bots.
    pub async fn leave_service(&self, holder: &Holder) -> Result<(), Error> {
        self.release(&format!("{PROCESSES}{}", holder.name), holder).await
    }

    /// Gives up everything that a holder has.
    pub async fn release_leases(&self, holder: &Holder) -> Result<(), Error> {
        if !self.store.is_shared() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        tx.release_leases(&holder.name).await?;
        self.commit(tx).await
    }

    async fn release(&self, name: &str, holder: &Holder) -> Result<(), Error> {
        if !self.store.is_shared() {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        tx.release_lease(name, &holder.name).await?;
        self.commit(tx).await
    }
}
