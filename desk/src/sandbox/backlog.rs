//! What the simulated Telegram remembers: it outlives a crash, as the real one does.

use domain::ProjectId;
use store::Tx;

use super::SandboxAct;
use crate::{Desk, Error};

impl Desk {
    /// What the bot of a sandbox has not fetched yet, from an update number on.
    pub async fn sandbox_pending(
        &self,
        project_id: ProjectId,
        from: i64,
        limit: i64,
    ) -> Result<Vec<(i64, SandboxAct)>, Error> {
        let rows = self.store.read().await?.sandbox_pending(project_id, from, limit).await?;
        rows.into_iter()
            .map(|(update_id, raw)| Ok((update_id, serde_json::from_str(&raw).map_err(Error::internal)?)))
            .collect()
    }

    /// Forgets what the bot of a sandbox has fetched: everything below an update number.
    pub async fn sandbox_confirm(&self, project_id: ProjectId, below: i64) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.confirm_sandbox_updates(project_id, below).await?;
        Ok(tx.commit_silently().await?)
    }

    /// The next number for a message in a sandbox.
    pub async fn sandbox_next_message_id(&self, project_id: ProjectId) -> Result<i64, Error> {
        let mut tx = self.store.begin().await?;
        let id = tx.next_sandbox_message_id(project_id).await?;
        tx.commit_silently().await?;
        Ok(id)
    }
}

/// Has something wait for the bot. Answers the number of the update.
pub(super) async fn push(tx: &mut Tx, project_id: ProjectId, act: &SandboxAct) -> Result<i64, Error> {
    let raw = serde_json::to_string(act).map_err(Error::internal)?;
    Ok(tx.push_sandbox_update(project_id, act.by(), &raw).await?)
}
