//! Updates that could not be worked off, for an operator to look at and to try again.

use domain::UpdateRowId;
pub use store::inbox::FailedUpdate;

use crate::{Desk, Error};

/// How many are listed at once. Those behind them come up when these are dealt with.
const LISTED: i64 = 1000;

impl Desk {
    /// The updates that were given up, oldest first.
    pub async fn failed_updates(&self) -> Result<Vec<FailedUpdate>, Error> {
        Ok(self.store.read().await?.failed_updates(LISTED).await?)
    }

    /// Has an update that was given up worked off again, as often as one that has just come.
    /// Answers whether there is such a one.
    pub async fn retry_update(&self, id: UpdateRowId) -> Result<bool, Error> {
        let mut tx = self.store.begin().await?;
        let is_there = tx.retry_update(id, self.now()).await?;
        self.commit(tx).await?;
        Ok(is_there)
    }
}
