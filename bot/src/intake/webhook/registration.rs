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
        let mut is_told = false;
        loop {
            let pause = match self.reconcile(is_told).await {
                Ok(()) => {
                    is_told = true;
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

    /// Sets the webhook unless it is in place. A server that does not know some kinds of updates
    /// forgets that they were asked for, so it is asked once and not at every look.
    async fn reconcile(&self, is_told: bool) -> Result<(), CallError> {
        let url = self.address.url(&self.public_url);
        let info = self.client.get_webhook_info(&self.endpoint).await?;
        if info.url == url && (is_told || delivers_every_kind(&info)) {
            return Ok(());
        }
        self.client.set_webhook(&self.endpoint, &url, self.address.expose_secret()).await?;
        tracing::info!(project = %self.project_id, "Telegram has been told to deliver the bot's updates here");
        Ok(())
    }
}

/// Whether every kind of update is delivered. The secret cannot be asked for, but the address
/// changes whenever it does.
fn delivers_every_kind(info: &WebhookInfo) -> bool {
    KINDS.iter().all(|kind| info.allowed_updates.iter().any(|allowed| allowed == kind))
}
