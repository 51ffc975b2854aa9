//! What the simulated Telegram remembers: it outlives a crash, as the real one does.

use domain::{ProjectId, TelegramUserId, Time};
use serde::{Deserialize, Serialize};

use crate::{Desk, Error};

/// A message of a simulated customer, on its way to the bot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SandboxMessage {
    /// Its number within the chat.
    pub message_id: i64,
    /// The simulated user, whose private chat has the same number.
    pub telegram_user_id: TelegramUserId,
    /// The name of the simulated user.
    pub name: String,
    /// The text.
    pub text: String,
    /// When it was written, on the project's clock.
    pub sent_at: Time,
}

impl Desk {
    /// What the bot of a sandbox has not fetched yet, from an update number on.
    pub async fn sandbox_pending(
        &self,
        project_id: ProjectId,
        from: i64,
        limit: i64,
    ) -> Result<Vec<(i64, SandboxMessage)>, Error> {
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
