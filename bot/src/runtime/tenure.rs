//! Being the one process that serves a bot.

use std::time::Duration;

use desk::{Desk, Holder};
use domain::ProjectId;
use tokio::time::{Instant, timeout, timeout_at};

use crate::cause::cause_of;

/// How long giving a lease up may take; it ends by itself soon enough.
const RELEASE_TIMEOUT: Duration = Duration::from_secs(2);

/// The lease of one bot, as seen by one process.
pub(super) struct Tenure {
    desk: Desk,
    holder: Holder,
    ttl: Duration,
    project_id: ProjectId,
    name: String,
}

impl Tenure {
    pub(super) fn new(desk: Desk, holder: Holder, ttl: Duration, project_id: ProjectId) -> Self {
        Self { desk, holder, ttl, project_id, name: format!("bot:{project_id}") }
    }

    /// Waits until this process has the lease. Answers until when it has it, unless renewed.
    pub(super) async fn begin(&self) -> Instant {
        loop {
            let asked_at = Instant::now();
            match timeout(self.ttl, self.desk.acquire_lease(&self.name, &self.holder)).await {
                Ok(Ok(true)) => return asked_at + self.ttl,
                Ok(Ok(false)) | Err(_) => {}
                Ok(Err(error)) => self.warn(&error),
            }
            tokio::time::sleep(self.holder.renewal_interval()).await;
        }
    }

    /// Renews the lease, and returns when it is lost: another process has it, or it could not be
    /// renewed in time, so that another one may have it at any moment.
    pub(super) async fn hold(&self, mut until: Instant) {
        let interval = self.holder.renewal_interval();
        let mut pause = interval;
        loop {
            tokio::time::sleep_until(until.min(Instant::now() + pause)).await;
            let asked_at = Instant::now();
            match timeout_at(until, self.desk.acquire_lease(&self.name, &self.holder)).await {
                Ok(Ok(true)) => {
                    until = asked_at + self.ttl;
                    pause = interval;
                }
                Ok(Ok(false)) | Err(_) => return,
                Ok(Err(error)) => {
                    self.warn(&error);
                    if Instant::now() >= until {
                        return;
                    }
                    pause = interval / 4;
                }
            }
        }
    }

    /// Gives the lease up, so that another process need not wait for its end.
    pub(super) async fn end(&self) {
        match timeout(RELEASE_TIMEOUT, self.desk.release_lease(&self.name, &self.holder)).await {
            Ok(Ok(())) | Err(_) => {}
            Ok(Err(error)) => self.warn(&error),
        }
    }

    fn warn(&self, error: &desk::Error) {
        tracing::warn!(project = %self.project_id, error = cause_of(error), "the lease of a bot cannot be looked after");
    }
}
