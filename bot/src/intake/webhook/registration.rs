//! Keeping Telegram told where to deliver.

use std::sync::Arc;
use std::time::Duration;

use domain::{ProjectId, Time};
use tokio_util::sync::CancellationToken;

use super::WebhookAddress;
use crate::backoff::Backoff;
use crate::runtime::Report;
use crate::telegram::update::KINDS;
use crate::telegram::{CallError, Client, Endpoint, WebhookInfo};

/// How often the webhook is looked at. Somebody who tries the bot's token elsewhere takes it
/// away, and customers would not be heard until the next start.
const LOOK_EVERY: Duration = Duration::from_secs(5 * 60);

/// How soon it is looked at again when a delivery has failed since the last look.
const LOOK_AFTER_FAILURE: Duration = Duration::from_secs(30);

/// The webhook of one bot, as it is to be. It is not taken away at a stop: Telegram keeps what
/// arrives meanwhile, and another process may serve the bot already.
pub(crate) struct Registration {
    pub(crate) client: Client,
    pub(crate) endpoint: Endpoint,
    pub(crate) project_id: ProjectId,
    pub(crate) address: WebhookAddress,
    pub(crate) public_url: String,
    pub(crate) report: Arc<Report>,
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
        let mut known = Known::default();
        loop {
            let pause = match self.reconcile(&mut known).await {
                Ok(()) => {
                    backoff.reset();
                    if known.failed_lately { LOOK_AFTER_FAILURE } else { LOOK_EVERY }
                }
                Err(error) => {
                    self.report.failed(&error).await;
                    let pause = backoff.pause_after(&error);
                    tracing::warn!(project = %self.project_id, %error, ?pause, "the webhook cannot be set; trying again");
                    pause
                }
            };
            tokio::time::sleep(pause).await;
        }
    }

    /// Sets the webhook unless it is in place and works. A server that does not know some kinds of updates
    /// forgets that they were asked for, so it is asked once and not at every look. After a delivery that failed it is
    /// set again, so that Telegram looks the address up anew and tries what waits at once.
    async fn reconcile(&self, known: &mut Known) -> Result<(), CallError> {
        let url = self.address.url(&self.public_url);
        let info = self.client.get_webhook_info(&self.endpoint).await?;
        self.report.looked(&info).await;
        known.failed_lately = info.last_error_at.is_some() && info.last_error_at != known.failed_at;
        known.failed_at = info.last_error_at;
        let is_in_place = info.url == url && (known.is_told || delivers_every_kind(&info));
        if known.failed_lately || !is_in_place {
            self.client.set_webhook(&self.endpoint, &url, self.address.expose_secret()).await?;
            tracing::info!(project = %self.project_id, "Telegram has been told to deliver the bot's updates here");
        }
        known.is_told = true;
        Ok(())
    }
}

/// What was found at the last look.
#[derive(Default)]
struct Known {
    is_told: bool,
    failed_at: Option<Time>,
    failed_lately: bool,
}

/// Whether every kind of update is delivered. The secret cannot be asked for, but the address
/// changes whenever it does.
fn delivers_every_kind(info: &WebhookInfo) -> bool {
    KINDS.iter().all(|kind| info.allowed_updates.iter().any(|allowed| allowed == kind))
}
