//! What is known of the bots: noted by the process that serves a bot, read by whoever asks.

use std::collections::HashMap;

use domain::{ApiScope, BotStatus, ProjectId, Time};

pub use store::projects::BotNote;

use crate::{Actor, Desk, Error};

/// How a project's bot is doing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TelegramStatus {
    /// What the process that serves the bot knew last; nothing if it was never served.
    pub bot: Option<BotStatus>,
    /// How many calls to Telegram wait or are under way.
    pub waiting_calls: i64,
}

impl Desk {
    /// How the bots of those of the projects are doing that the actor may see, in no order.
    pub async fn telegram_status(
        &self,
        actor: &Actor,
        ids: &[ProjectId],
    ) -> Result<Vec<(ProjectId, TelegramStatus)>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let mut reader = self.store.read().await?;
        let projects = reader.projects(&ids).await?;
        let mut bots: HashMap<ProjectId, BotStatus> = reader.bot_status(&ids).await?.into_iter().collect();
        let waiting: HashMap<ProjectId, i64> = reader.waiting_calls(&ids).await?.into_iter().collect();
        let visible = projects.into_iter().filter(|project| actor.may_see(project));
        Ok(visible
            .map(|project| {
                let waiting_calls = waiting.get(&project.id).copied().unwrap_or_default();
                (project.id, TelegramStatus { bot: bots.remove(&project.id), waiting_calls })
            })
            .collect())
    }

    /// Notes how a bot is doing. For the one who has the bot's lease.
    pub async fn note_bot(&self, project_id: ProjectId, note: &BotNote) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.note_bot(project_id, note, self.now()).await?;
        Ok(tx.commit_silently().await?)
    }

    /// Notes that the bot of an archived project has been dismissed.
    pub async fn bot_dismissed(&self, project_id: ProjectId) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.dismiss_bot(project_id).await?;
        self.commit(tx).await
    }

    /// Notes until when Telegram wants to hear nothing of a bot, so that a restart does not forget it.
    pub async fn bot_frozen(&self, project_id: ProjectId, until: Time) -> Result<(), Error> {
        let mut tx = self.store.begin().await?;
        tx.freeze_bot(project_id, until).await?;
        Ok(tx.commit_silently().await?)
    }

    /// Until when Telegram wants to hear nothing of a bot, if that is still ahead.
    pub async fn bot_frozen_until(&self, project_id: ProjectId) -> Result<Option<Time>, Error> {
        let status = self.store.read().await?.bot_status(&[project_id.0]).await?;
        let until = status.into_iter().find_map(|(_, status)| status.frozen_until);
        Ok(until.filter(|until| *until > self.now()))
    }
}
