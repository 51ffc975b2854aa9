//! Keeping Telegram told where to deliver.

use std::time::Duration;

use domain::ProjectId;
use tokio_util::sync::CancellationToken;

use super::WebhookAddress;
use crate::backoff::Backoff;
use crate::telegram::update::KINDS;
use crate::telegram::{CallError, Client, Endpoint, WebhookInfo};

/// How often the webhook is looked at. Somebody who tries the bot's token elsewhere takes it
/// away, and customers would not be heard until the next start.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// The webhook of one bot, as it is to be. It is not taken away at a stop: Telegram keeps what
/// arrives meanwhile, and another process may serve the bot already.
pub(crate) struct Registration {
    pub(crate) client: Client,
    pub(crate) endpoint: Endpoint,
    pub(crate) project_id: ProjectId,
    pub(crate) address: WebhookAddress,
    pub(crate) public_url: String,
}

impl Registration {
    /// Keeps the webhook in place until told to stop.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.keep() => {}
        }
    }

    async fn keep(&self) {
        let mut backoff = Backoff::default();
        loop {
            let pause = match self.reconcile().await {
                Ok(()) => {
                    backoff.reset();
                    LOOK_EVERY
                }
                Err(error) => {
                    let pause = backoff.pause_after(&error);
                    tracing::warn!(project = %self.project_id, %error, ?pause, "the webhook cannot be set; trying again");
                    pause
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    async fn reconcile(&self) -> Result<(), CallError> {
        let url = self.address.url(&self.public_url);
        if is_in_place(&self.client.get_webhook_info(&self.endpoint).await?, &url) {
            return Ok(());
        }
        self.client.set_webhook(&self.endpoint, &url, self.address.expose_secret()).await?;
        tracing::info!(project = %self.project_id, "Telegram has been told to deliver the bot's updates here");
        Ok(())
    }
}

/// Whether deliveries go to this address, every kind of update included. The secret cannot be
/// asked for, but the path changes whenever it does.
fn is_in_place(info: &WebhookInfo, url: &str) -> bool {
    info.url == url && KINDS.iter().all(|kind| info.allowed_updates.iter().any(|allowed| allowed == kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn info(url: &str, allowed_updates: &[&str]) -> WebhookInfo {
        WebhookInfo {
            url: url.to_owned(),
            pending_update_count: 0,
            last_error_at: None,
            last_error_message: None,
            max_connections: None,
            allowed_updates: allowed_updates.iter().map(|kind| (*kind).to_owned()).collect(),
        }
    }

    #[test]
    fn a_webhook_is_in_place_when_it_delivers_every_kind_here() {
        let here = "https://desk.example/telegram/1-x";
        assert!(is_in_place(&info(here, &KINDS), here));
        assert!(!is_in_place(&info(here, &KINDS[1..]), here));
        assert!(!is_in_place(&info(here, &[]), here));
        assert!(!is_in_place(&info("https://elsewhere.example", &KINDS), here));
        assert!(!is_in_place(&info("", &[]), here));
    }
}
