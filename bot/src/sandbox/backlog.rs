//! What the simulated Telegram must not forget, kept by the desk.

use desk::Desk;
use domain::{ChatId, ProjectId};
use tokio::sync::watch;

use super::update;
use crate::fake::{Backlog, BacklogError, BacklogFuture, PendingUpdate};
use crate::telegram::BotId;

/// The updates of sandboxes, which customers make through the API. A bot has the number of its
/// project.
pub(super) struct DeskBacklog(Desk);

impl DeskBacklog {
    pub(super) fn new(desk: Desk) -> Self {
        Self(desk)
    }
}

impl Backlog for DeskBacklog {
    /// Not supported: in a sandbox only the desk makes updates.
    fn push(&self, _bot: BotId, _update: String) -> BacklogFuture<'_, i64> {
        let refusal = "updates of a sandbox are made through the API: use `sandboxUpdatePush`";
        Box::pin(std::future::ready(Err(BacklogError(refusal.into()))))
    }

    fn pending(&self, bot: BotId, offset: i64, limit: usize) -> BacklogFuture<'_, Vec<PendingUpdate>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Box::pin(async move {
            let waiting = self.0.sandbox_pending(ProjectId(bot.0), offset, limit).await.map_err(unavailable)?;
            let updates = waiting.into_iter();
            Ok(updates.map(|(update_id, act)| PendingUpdate { update_id, json: update::of_act(bot, act) }).collect())
        })
    }

    fn confirm(&self, bot: BotId, below: i64) -> BacklogFuture<'_, ()> {
        Box::pin(async move { self.0.sandbox_confirm(ProjectId(bot.0), below).await.map_err(unavailable) })
    }

    fn next_message_id(&self, bot: BotId, _chat: ChatId) -> BacklogFuture<'_, i64> {
        Box::pin(async move { self.0.sandbox_next_message_id(ProjectId(bot.0)).await.map_err(unavailable) })
    }

    /// The bell of the desk: it rings for everything, updates of this bot included.
    fn arrivals(&self, _bot: BotId) -> watch::Receiver<u64> {
        self.0.bell().listen()
    }
}

pub(super) fn unavailable(error: desk::Error) -> BacklogError {
    BacklogError(Box::new(error))
}
