//! How a project's bot is doing.

use std::sync::Arc;

use async_graphql::{Enum, Object};
use desk::Error;
use domain::ProjectId;

use crate::loader::{Found, Relation, Source};
use crate::schema::scalar::DateTime;

/// How the updates of a bot come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::BotMode")]
pub(crate) enum TelegramMode {
    /// The desk asks Telegram for them.
    Polling,
    /// Telegram delivers them to the desk's public address.
    Webhook,
    /// There is no Telegram: the customers are simulated.
    Sandbox,
    /// They do not come in: the project is archived, or no process has served the bot yet.
    None,
}

/// How the bots of projects are doing.
pub(crate) struct StatusOfProject;

impl Relation for StatusOfProject {
    type Key = ProjectId;
    type Value = desk::project::TelegramStatus;

    async fn load(source: &Source, keys: &[ProjectId]) -> Result<Found<Self>, Error> {
        Ok(source.desk.telegram_status(&source.actor, keys).await?.into_iter().collect())
    }
}

pub(crate) struct TelegramStatus {
    pub(super) project: Arc<domain::Project>,
    pub(super) status: Arc<desk::project::TelegramStatus>,
}

impl TelegramStatus {
    fn bot(&self) -> Option<&domain::BotStatus> {
        self.status.bot.as_ref()
    }
}

/// How a project's bot is doing, as the process that serves it knew last.
#[Object]
impl TelegramStatus {
    /// How the updates of the bot come in.
    async fn mode(&self) -> TelegramMode {
        let mode = match (&self.project.archived_at, self.project.sandbox) {
            (Some(_), _) => domain::BotMode::None,
            (None, true) => domain::BotMode::Sandbox,
            (None, false) => self.bot().map_or(domain::BotMode::None, |bot| bot.mode),
        };
        mode.into()
    }

    /// How many updates wait at Telegram to be fetched or delivered, when it was last asked. Null if it was not.
    async fn pending_updates(&self) -> Option<i64> {
        self.bot()?.pending_updates
    }

    /// What went wrong last, in words: Telegram could not deliver, refused the token, or another program fetches the
    /// bot's updates as well. It stays when things go well again: compare `lastErrorAt` with `checkedAt`. Null if nothing
    /// ever did.
    async fn last_error(&self) -> Option<&str> {
        self.bot()?.last_error.as_deref()
    }

    /// When that was.
    async fn last_error_at(&self) -> Option<DateTime> {
        Some(self.bot()?.last_error_at?.into())
    }

    /// True if Telegram does not accept the bot's token: give the project the current one with `projectUpdate`.
    async fn revoked(&self) -> bool {
        self.bot().is_some_and(|bot| bot.revoked)
    }

    /// Until when Telegram wants to hear nothing of the bot, because it wrote too much. Null if that is over.
    async fn silent_until(&self, context: &async_graphql::Context<'_>) -> Option<DateTime> {
        let now = crate::view::desk(context).now();
        self.bot()?.frozen_until.filter(|until| *until > now).map(Into::into)
    }

    /// Where Telegram delivers updates, without the part that nobody may know. Null unless the mode is `WEBHOOK`.
    async fn webhook_url(&self) -> Option<&str> {
        self.bot()?.webhook_url.as_deref()
    }

    /// How many calls to Telegram wait or are under way.
    async fn waiting_calls(&self) -> i64 {
        self.status.waiting_calls
    }

    /// When the bot was last looked at. Null if it never was.
    async fn checked_at(&self) -> Option<DateTime> {
        Some(self.bot()?.checked_at?.into())
    }
}
