//! What the simulated Telegram looks at with each call of a bot.

use domain::{ChatId, ProjectId, TelegramUserId};

use super::SandboxFault;
use crate::{Desk, Error};

/// The methods by which a bot asks for updates. Only a fault that names them strikes them: one for all methods is about
/// what the bot does.
const INTAKE: [&str; 5] = ["deletewebhook", "getme", "getupdates", "getwebhookinfo", "setwebhook"];

impl Desk {
    /// Whether a simulated customer has blocked the bot of a sandbox.
    pub async fn sandbox_is_blocked(&self, project_id: ProjectId, user: TelegramUserId) -> Result<bool, Error> {
        Ok(self.store.read().await?.sandbox_blocks(project_id, user).await?)
    }

    /// What goes wrong with a call of a sandbox's bot, which counts as a strike of it.
    pub async fn sandbox_strike(
        &self,
        project_id: ProjectId,
        method: &str,
        chat: Option<ChatId>,
    ) -> Result<Option<SandboxFault>, Error> {
        let method = method.to_ascii_lowercase();
        let is_intake = INTAKE.contains(&method.as_str());
        loop {
            let found = self.store.read().await?.sandbox_fault_for(project_id, &method, !is_intake, chat).await?;
            let Some((id, raw, strikes_left)) = found else {
                return Ok(None);
            };
            let fault = serde_json::from_str(&raw).map_err(Error::internal)?;
            let Some(left) = strikes_left else {
                return Ok(Some(fault));
            };
            let mut tx = self.store.begin().await?;
            let is_mine = tx.spend_sandbox_fault(id, left).await?;
            tx.commit_silently().await?;
            // Another call at the same time may have had it.
            if is_mine {
                return Ok(Some(fault));
            }
        }
    }
}
