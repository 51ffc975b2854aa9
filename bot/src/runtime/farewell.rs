//! Telling Telegram that a bot is not served any more.

use std::sync::Arc;

use desk::project::Bot;
use tokio_util::sync::CancellationToken;

use super::Shared;
use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::telegram::{CallError, Token};

/// Takes the webhook of an archived project's bot away, trying until it is gone or told to stop. Telegram keeps what
/// customers write for a day, so that a project that is restored soon has it all.
pub(super) async fn dismiss(shared: Arc<Shared>, bot: Bot, stop: CancellationToken) {
    tokio::select! {
        () = stop.cancelled() => {}
        () = take_webhook_away(&shared, &bot) => {}
    }
}

async fn take_webhook_away(shared: &Shared, bot: &Bot) {
    let project = bot.project_id;
    let mut backoff = Backoff::default();
    loop {
        let token = bot.token.as_ref().and_then(|token| token.trim().parse::<Token>().ok());
        let told = match token {
            Some(token) => shared.client.delete_webhook(&shared.telegram.with_token(token)).await,
            None => Ok(()),
        };
        let pause = match told {
            // A token that was revoked has no webhook either.
            Ok(()) | Err(CallError::Unauthorized) => match shared.desk.bot_dismissed(project).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(%project, error = cause_of(&error), "a bot's dismissal cannot be noted; trying again");
                    backoff.next_pause(OUTAGE)
                }
            },
            Err(error) => {
                let pause = backoff.pause_after(&error);
                tracing::warn!(%project, %error, ?pause, "the webhook of an archived project cannot be removed; trying again");
                pause
            }
        };
        tokio::time::sleep(pause).await;
    }
}
