//! The bots that have to be served.

use std::fmt;

use domain::ProjectId;

use super::token_context;
use crate::{Desk, Error};

/// A bot that has to be served.
#[derive(Clone, PartialEq, Eq)]
pub struct Bot {
    /// The project it is the bot of.
    pub project_id: ProjectId,
    /// Its token; empty for a simulated one.
    pub token: Option<String>,
    /// What has to be done with it.
    pub duty: Duty,
}

/// What has to be done with a bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// It has to be served.
    Serve,
    /// Its project is archived: Telegram has to be told not to deliver any more.
    Dismiss,
}

impl fmt::Debug for Bot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bot").field("project_id", &self.project_id).finish_non_exhaustive()
    }
}

impl Desk {
    /// Every bot that something has to be done with, simulated ones included. One whose token cannot be opened is left
    /// out, with a line in the log, so that it does not stop the others.
    pub async fn bots(&self) -> Result<Vec<Bot>, Error> {
        let records = self.store.read().await?.bots().await?;
        let mut bots = Vec::with_capacity(records.len());
        for record in records {
            let duty = if record.archived { Duty::Dismiss } else { Duty::Serve };
            let context = token_context(record.project_id);
            match record.token_sealed.as_deref().map(|sealed| self.keys.sealer.open(sealed, &context)).transpose() {
                Ok(None) if !record.sandbox => {
                    tracing::error!(project = %record.project_id, "the project has no bot token and is not served");
                }
                Ok(token) => bots.push(Bot { project_id: record.project_id, token, duty }),
                Err(error) => {
                    tracing::error!(project = %record.project_id, %error, "the bot token cannot be opened");
                }
            }
        }
        Ok(bots)
    }

    /// Keeps the user name that Telegram gives a bot. That of a simulated bot is not kept: in Telegram it is free, or
    /// somebody else's, and a link with it would lead customers and agents there.
    pub async fn bot_named(&self, project_id: ProjectId, username: &str) -> Result<(), Error> {
        let Some(project) = self.store.read().await?.project(project_id).await? else { return Ok(()) };
        if project.sandbox || project.bot_username.as_deref() == Some(username) {
            return Ok(());
        }
        let mut tx = self.store.begin().await?;
        tx.set_bot_username(project_id, username).await?;
        self.commit(tx).await
    }
}
