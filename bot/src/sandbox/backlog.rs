//! What the simulated Telegram must not forget, kept by the desk.

use desk::Desk;
use desk::sandbox::SandboxMessage;
use domain::{ChatId, ProjectId};
use tokio::sync::watch;

use crate::fake::{Backlog, BacklogError, BacklogFuture, CustomerMessage, PendingUpdate};
use crate::telegram::BotId;

/// The updates of sandboxes, which customers write through the API. A bot has the number of its
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
        let refusal = "customers of a sandbox write through the API: use `sandboxCustomerSend`";
        Box::pin(std::future::ready(Err(BacklogError(refusal.into()))))
    }

    fn pending(&self, bot: BotId, offset: i64, limit: usize) -> BacklogFuture<'_, Vec<PendingUpdate>> {
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        Box::pin(async move {
            let waiting = self.0.sandbox_pending(ProjectId(bot.0), offset, limit).await.map_err(unavailable)?;
            Ok(waiting.into_iter().map(|(update_id, message)| pending_update(update_id, message)).collect())
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

fn pending_update(update_id: i64, message: SandboxMessage) -> PendingUpdate {
    let number = message.message_id;
    let message = CustomerMessage {
        telegram_user_id: message.telegram_user_id,
        name: message.name,
        username: None,
        language_code: None,
        text: message.text,
        date: message.sent_at,
    };
    PendingUpdate { update_id, json: message.to_update(number).to_string() }
}

fn unavailable(error: desk::Error) -> BacklogError {
    BacklogError(Box::new(error))
}
