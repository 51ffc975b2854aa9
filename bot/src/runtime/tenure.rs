//! Being the one process that serves a bot.

use std::time::Duration;

use desk::{Desk, Holder};
use domain::ProjectId;
use tokio::time::{Instant, timeout};

use crate::cause::cause_of;

/// How long giving a lease up may take; it ends by itself soon enough.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The lease of one bot, as seen by one process.
pub(super) struct Tenure {
    desk: Desk,
    holder: Holder,
    ttl: Duration,
    project_id: ProjectId,
}

/// How a lease was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lost {
    /// Another process has it.
    Taken,
    /// It could not be renewed in time, so that another process may have it at any moment.
    NotRenewed,
}

impl Tenure {
    pub(super) fn new(desk: Desk, holder: Holder, ttl: Duration, project_id: ProjectId) -> Self {
        Self { desk, holder, ttl, project_id }
    }

    /// Tries to get the lease. Answers until when this process has it, unless renewed.
    pub(super) async fn begin(&self) -> Option<Instant> {
        let asked_at = Instant::now();
        match timeout(self.ttl, self.acquire()).await {
            Ok(Ok(true)) => Some(asked_at + self.ttl),
            Ok(Ok(false)) | Err(_) => None,
            Ok(Err(error)) => {
                self.warn(&error);
                None
            }
        }
    }

    async fn acquire(&self) -> Result<bool, desk::Error> {
        self.desk.acquire_bot(self.project_id, &self.holder).await
    }

    /// Gives the lease up, so that another process need not wait for its end.
    pub(super) async fn end(&self) {
        match timeout(RELEASE_TIMEOUT, self.desk.release_bot(self.project_id, &self.holder)).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => self.warn(&error),
        }
    }

    fn warn(&self, error: &desk::Error) {
        tracing::warn!(project = %self.project_id, error = cause_of(error), "the lease of a bot cannot be looked after");
    }
}
