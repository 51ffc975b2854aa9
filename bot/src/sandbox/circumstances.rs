//! Blocks and faults that were arranged through the API.

use std::time::Duration;

use desk::Desk;
use desk::sandbox::SandboxFault;
use domain::{ChatId, ProjectId, TelegramUserId};

use super::backlog::unavailable;
use crate::fake::{BacklogFuture, ChatState, Circumstances, Fault};
use crate::telegram::BotId;

/// What the desk has been told about the simulated Telegram. A bot has the number of its project.
pub(super) struct DeskCircumstances(Desk);

impl DeskCircumstances {
    pub(super) fn new(desk: Desk) -> Self {
        Self(desk)
    }
}

impl Circumstances for DeskCircumstances {
    fn chat_state(&self, bot: BotId, chat: ChatId) -> BacklogFuture<'_, ChatState> {
        Box::pin(async move {
            let blocked = self.0.sandbox_is_blocked(ProjectId(bot.0), TelegramUserId(chat.0)).await;
            Ok(if blocked.map_err(unavailable)? { ChatState::BlockedByUser } else { ChatState::Open })
        })
    }

    fn strike<'a>(&'a self, bot: BotId, method: &'a str, chat: Option<ChatId>) -> BacklogFuture<'a, Option<Fault>> {
        Box::pin(async move {
            let fault = self.0.sandbox_strike(ProjectId(bot.0), method, chat).await.map_err(unavailable)?;
            Ok(fault.map(as_fault))
        })
    }
}

fn as_fault(fault: SandboxFault) -> Fault {
    match fault {
        SandboxFault::Delay { milliseconds } => Fault::delay(Duration::from_millis(milliseconds.into())),
        SandboxFault::Refuse { code, description } => Fault::error(code, &description),
        SandboxFault::Flood { retry_after_seconds } => Fault::too_many_requests(retry_after_seconds.into()),
        SandboxFault::Vanish => Fault::drop_after_accepting(),
    }
}
