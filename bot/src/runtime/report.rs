//! Noting how a bot is doing, where every process can read it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use desk::Desk;
use desk::project::BotNote;
use domain::{BotMode, ProjectId, Time};
use tokio::time::Instant;

use crate::cause::cause_of;
use crate::telegram::{CallError, WebhookInfo};

/// How long the same is not noted again.
const REPEAT_AFTER: Duration = Duration::from_secs(300);

/// Notes how one bot is doing, whenever that changes and now and then.
pub(crate) struct Report {
    desk: Desk,
    project_id: ProjectId,
    mode: BotMode,
    webhook_url: Option<String>,
    noted: Mutex<Option<Noted>>,
}

/// What was noted last.
#[derive(Debug)]
struct Noted {
    error: Option<String>,
    at: Instant,
}

impl Report {
    /// A report of a bot that is polled, or simulated.
    pub(crate) fn new(desk: Desk, project_id: ProjectId, mode: BotMode) -> Self {
        Self { desk, project_id, mode, webhook_url: None, noted: Mutex::default() }
    }

    /// A report of a bot that has a webhook. `webhook_url` must not have its secret part.
    pub(crate) fn of_webhook(desk: Desk, project_id: ProjectId, webhook_url: String) -> Self {
        Self { webhook_url: Some(webhook_url), ..Self::new(desk, project_id, BotMode::Webhook) }
    }

    /// Telegram answered as it should.
    pub(crate) async fn well(&self) {
        if self.is_news(None) {
            self.note(None, None, false).await;
        }
    }

    /// Telegram said how deliveries go.
    pub(crate) async fn looked(&self, info: &WebhookInfo) {
        let error = info.last_error_message.clone().zip(info.last_error_at);
        self.is_news(None);
        self.note(Some(info.pending_update_count), error, false).await;
    }

    /// Telegram did not answer as it should.
    pub(crate) async fn failed(&self, error: &CallError) {
        let text = error.to_string();
        if self.is_news(Some(&text)) {
            let now = self.desk.now();
            self.note(None, Some((text, now)), matches!(error, CallError::Unauthorized)).await;
        }
    }

    /// Whether it has to be noted how the bot is doing.
    fn is_news(&self, error: Option<&str>) -> bool {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known =
            noted.as_ref().is_some_and(|noted| noted.error.as_deref() == error && noted.at.elapsed() < REPEAT_AFTER);
        if !is_known {
            *noted = Some(Noted { error: error.map(str::to_owned), at: Instant::now() });
        }
        !is_known
    }

    /// A note that is lost is made up for by the next one.
    async fn note(&self, pending_updates: Option<i64>, error: Option<(String, Time)>, revoked: bool) {
        let note = BotNote { mode: self.mode, webhook_url: self.webhook_url.clone(), pending_updates, error, revoked };
        if let Err(error) = self.desk.note_bot(self.project_id, &note).await {
            let project = self.project_id;
            tracing::warn!(%project, error = cause_of(&error), "it cannot be noted how the bot is doing");
            *self.noted.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
    }
}
