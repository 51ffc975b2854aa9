//! Where updates are delivered.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::Url;
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

use super::{answer::Answer, parameters::Parameters};

/// How many deliveries are made at a time unless the bot says otherwise, as with Telegram.
const DEFAULT_MAX_CONNECTIONS: usize = 40;

/// The most deliveries at a time that a bot may ask for, as with Telegram.
const MAX_MAX_CONNECTIONS: usize = 100;

/// The webhook of a bot.
#[derive(Debug)]
pub(super) struct Webhook {
    pub(super) url: Url,
    pub(super) secret_token: Option<String>,
    pub(super) max_connections: usize,
    allowed_updates: Option<Value>,
    last_failure: Mutex<Option<(DateTime<Utc>, String)>>,
    pub(super) stopped: CancellationToken,
}

impl Webhook {
    /// The webhook that a call of `setWebhook` asks for; none for an empty address.
    pub(super) fn asked_for(parameters: &Parameters, stopped: CancellationToken) -> Result<Option<Self>, Answer> {
        let url = parameters.text("url").unwrap_or_default();
        if url.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(&url)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .ok_or_else(|| Answer::bad_request("bad webhook: an HTTP URL must be provided"))?;
        let secret_token = parameters.text("secret_token");
        if secret_token.as_deref().is_some_and(|secret| !is_secret(secret)) {
            return Err(Answer::bad_request("secret token contains unallowed characters"));
        }
        let max_connections = parameters
            .integer("max_connections")
            .and_then(|number| usize::try_from(number).ok())
            .unwrap_or(DEFAULT_MAX_CONNECTIONS);
        Ok(Some(Self {
            url,
            secret_token,
            max_connections: max_connections.clamp(1, MAX_MAX_CONNECTIONS),
            allowed_updates: parameters.json("allowed_updates"),
            last_failure: Mutex::default(),
            stopped,
        }))
    }

    /// Ends deliveries.
    pub(super) fn stop(&self) {
        self.stopped.cancel();
    }

    pub(super) fn note_failure(&self, at: DateTime<Utc>, reason: String) {
        let mut last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        *last = Some((at, reason));
    }

    /// What `getWebhookInfo` says.
    pub(super) fn info(&self, pending_update_count: usize) -> Value {
        let mut info = json!({
            "url": self.url.as_str(),
            "has_custom_certificate": false,
            "pending_update_count": pending_update_count,
            "max_connections": self.max_connections,
        });
        if let Some(allowed_updates) = &self.allowed_updates {
            info["allowed_updates"] = allowed_updates.clone();
        }
        let last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, reason)) = &*last {
            info["last_error_date"] = json!(at.timestamp());
            info["last_error_message"] = json!(reason);
        }
        info
    }
}

/// 1 to 256 characters of the alphabet that Telegram allows.
fn is_secret(text: &str) -> bool {
    (1..=256).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-')
}
