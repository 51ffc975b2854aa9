//! Fetching the updates of one bot by long polling.

use std::convert::Infallible;
use std::sync::Arc;

use desk::Desk;
use domain::ProjectId;
use tokio_util::sync::CancellationToken;

use super::arrival::kept_arrival;
use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;
use crate::runtime::Report;
use crate::telegram::{CallError, Client, Endpoint, RawUpdate};

/// The most updates that Telegram hands out at once.
const BATCH: u8 = 100;

/// Asks for whatever Telegram has not seen confirmed, from the oldest on.
const UNCONFIRMED: i64 = 0;

/// Fetches the updates of one bot and stores them. A bot must have one poller at a time, for
/// Telegram ends the poll of one for that of another.
pub(crate) struct Poller {
    pub(crate) desk: Desk,
    pub(crate) client: Client,
    pub(crate) endpoint: Endpoint,
    pub(crate) project_id: ProjectId,
    pub(crate) timeout_seconds: u16,
    pub(crate) report: Arc<Report>,
}

/// Why polling came to a halt.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Telegram(#[from] CallError),
    #[error("updates could not be stored: {}", cause_of(.0))]
    Desk(#[from] desk::Error),
}

impl Poller {
    /// Polls until told to stop. A poll that is under way is given up then: what it would have
    /// brought is not confirmed, so it comes again.
    pub(crate) async fn run(self, stop: CancellationToken) {
        tokio::select! {
            () = stop.cancelled() => {}
            () = self.poll_through_failures() => {}
        }
    }

    async fn poll_through_failures(&self) {
        let mut backoff = Backoff::default();
        loop {
            let Err(failure) = self.poll(&mut backoff).await;
            let pause = match &failure {
                Failure::Telegram(error) => {
                    self.report.failed(error).await;
                    backoff.pause_after(error)
                }
                Failure::Desk(_) => backoff.next_pause(OUTAGE),
            };
            metrics::counter!("switchboard_telegram_polls_failed_total", "reason" => failure.reason()).increment(1);
            tracing::warn!(project = %self.project_id, %failure, ?pause, "polling has stopped; trying again");
            tokio::time::sleep(pause).await;
        }
    }

    /// Polls until something fails. It begins with the removal of a webhook, also after each
    /// failure: one that somebody set meanwhile would be the reason for it. Where none is set there is nothing to
    /// remove, and Telegram tells how much waits.
    ///
    /// A number to confirm is given once, after its updates were stored, and otherwise everything
    /// that is not confirmed is asked for. After a week of silence Telegram goes on with any
    /// number, and a lower one would count as confirmed by the old one and be lost. What comes
    /// twice by this is stored once.
    async fn poll(&self, backoff: &mut Backoff) -> Result<Infallible, Failure> {
        let info = self.client.get_webhook_info(&self.endpoint).await?;
        if !info.url.is_empty() {
            tracing::info!(project = %self.project_id, "a webhook is in the way of polling and is removed");
            self.client.delete_webhook(&self.endpoint).await?;
        }
        self.report.looked(&info).await;
        let mut offset = UNCONFIRMED;
        loop {
            let updates = self.client.get_updates(&self.endpoint, offset, BATCH, self.timeout_seconds).await?;
            backoff.reset();
            self.report.well().await;
            offset = match updates.iter().map(|update| update.update_id).max() {
                Some(newest) => {
                    self.store(updates).await?;
                    newest.saturating_add(1)
                }
                None => UNCONFIRMED,
            };
        }
    }

    async fn store(&self, updates: Vec<RawUpdate>) -> Result<(), desk::Error> {
        let count = updates.len();
        let arrivals = updates.into_iter().map(kept_arrival).collect();
        self.desk.store_updates(self.project_id, arrivals).await?;
        metrics::counter!("switchboard_updates_stored_total", "door" => "polling").increment(count as u64);
        Ok(())
    }
}

impl Failure {
    /// The name of the failure in the metrics.
    fn reason(&self) -> &'static str {
        match self {
            Self::Telegram(CallError::Unauthorized) => "unauthorized",
            Self::Telegram(CallError::RetryAfter(_)) => "flood",
            Self::Telegram(CallError::Conflict(_)) => "conflict",
            Self::Telegram(CallError::Refused { .. }) => "refused",
            Self::Telegram(CallError::Unavailable(_)) => "unavailable",
            Self::Desk(_) => "database",
        }
    }
}
