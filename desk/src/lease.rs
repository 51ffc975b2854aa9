//! Doing alone what only one process may do.

use std::time::Duration;

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
}

impl Desk {
    /// Takes or renews a lease. Answers whether the holder has it now.
    pub async fn acquire_lease(&self, name: &str, holder: &Holder) -> Result<bool, Error> {
        let ttl_micros = i64::try_from(holder.ttl.as_micros()).unwrap_or(i64::MAX);
        let mut tx = self.store.begin().await?;
        let taken = tx.acquire_lease(name, &holder.name, ttl_micros).await?;
        tx.commit_silently().await?;
        Ok(taken)
    }

    /// Gives up one lease, so that another process need not wait for its end.
    pub async fn release_lease(&self, name: &str, holder: &Holder) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.release_lease(name, &holder.name).await?;
        self.commit(tx).await
    }

    /// Gives up everything that a holder has.
    pub async fn release_leases(&self, holder: &Holder) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.release_leases(&holder.name).await?;
        self.commit(tx).await
    }
}
