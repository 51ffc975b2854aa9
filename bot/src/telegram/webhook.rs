//! The webhook of a bot, as Telegram sees it.

use chrono::{DateTime, Utc};

use super::{RawJson, fields::Fields};

/// What Telegram says of the webhook of a bot (`getWebhookInfo`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookInfo {
    /// The address; empty when none is set.
    pub url: String,
    /// How many updates wait to be delivered.
    pub pending_update_count: i64,
    /// When the last delivery failed.
    pub last_error_at: Option<DateTime<Utc>>,
    /// Why the last delivery failed, in Telegram's words.
    pub last_error_message: Option<String>,
    /// How many deliveries Telegram makes at a time.
    pub max_connections: Option<i64>,
    /// The kinds of updates that are delivered; empty when Telegram's default holds.
    pub allowed_updates: Vec<String>,
}

impl WebhookInfo {
    pub(super) fn read(json: &RawJson) -> Option<Self> {
        let fields = Fields::parse(json.as_str())?;
        Some(Self {
            url: fields.string("url")?,
            pending_update_count: fields.integer("pending_update_count").unwrap_or_default(),
            last_error_at: fields.integer("last_error_date").and_then(|seconds| DateTime::from_timestamp(seconds, 0)),
            last_error_message: fields.string("last_error_message"),
            max_connections: fields.integer("max_connections"),
            allowed_updates: fields
                .raw("allowed_updates")
                .and_then(|raw| serde_json::from_str(raw.get()).ok())
                .unwrap_or_default(),
        })
    }
}
