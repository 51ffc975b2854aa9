//! Learning what Telegram calls a bot.

use desk::Desk;
use domain::ProjectId;
use tokio_util::sync::CancellationToken;

use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::telegram::{Client, Endpoint};

/// Asks Telegram who the bot is and keeps its user name, trying until both have worked.
pub(super) async fn introduce(
    desk: Desk,
    client: Client,
    endpoint: Endpoint,
    project_id: ProjectId,
    stop: CancellationToken,
) {
    let mut backoff = Backoff::default();
    loop {
        let pause = match client.get_me(&endpoint).await {
            Ok(profile) => match desk.bot_named(project_id, profile.username.as_deref().unwrap_or_default()).await {
                Ok(()) => return,
                Err(error) => {
                    tracing::warn!(project = %project_id, error = cause_of(&error), "the name of a bot cannot be stored");
                    backoff.next_pause(OUTAGE)
                }
            },
            Err(error) => {
                let pause = backoff.pause_after(&error);
                tracing::warn!(project = %project_id, %error, ?pause, "Telegram does not say who the bot is");
                pause
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}
