//! The webhook of the server's bot, learned as Telegram learns it: from the server.

use std::time::Duration;

use bot::fake::CustomerMessage;
use chrono::DateTime;
use domain::TelegramUserId;
use serde_json::json;
use tests::eventually;

use crate::Result;
use crate::http::write_post;
use crate::stage::{Running, Stage};
use crate::telegram::first_token;

/// The header in which Telegram proves that it is Telegram (Bot API, `setWebhook`).
const SECRET_HEADER: &str = "x-telegram-bot-api-secret-token";
/// How long the first update may take to arrive.
const PATIENCE: Duration = Duration::from_secs(60);
/// 2026-01-01 00:00:00 UTC, when all customers write; Telegram keeps whole seconds.
const WRITTEN_AT_SECONDS: i64 = 1_767_225_600;
/// Update and message numbers from here on are those of this program.
pub const FIRST_NUMBER: i64 = 1_000_000_000;

/// Where updates are to be delivered.
#[derive(Debug, Clone)]
pub struct Webhook {
    path: String,
    headers: String,
}

/// A message of a customer, as Telegram delivers it.
#[derive(Debug, Clone, Copy)]
pub struct CustomerWrites<'a> {
    /// The number of the update and of the message.
    pub number: i64,
    pub telegram_user: i64,
    pub text: &'a str,
}

impl Webhook {
    /// Has a customer write by way of the fake Bot API, and looks where it goes.
    pub async fn learn(stage: &Stage, running: &Running) -> Result<Self> {
        stage.ingress.lead_to(running.server.url());
        let date = DateTime::from_timestamp(WRITTEN_AT_SECONDS, 0).ok_or("the calendar has no such time")?;
        let message = CustomerMessage {
            telegram_user_id: TelegramUserId(1),
            name: "First customer".to_owned(),
            username: None,
            language_code: None,
            text: "Where are you?".to_owned(),
            date,
        };
        stage.telegram.api.customer_says(first_token().bot_id(), message).await?;
        let delivered =
            || async { stage.ingress.passages().into_iter().rev().find(|passage| passage.answer.is_some()) };
        let passage = eventually(PATIENCE, delivered).await;
        let secret = passage.headers.get(SECRET_HEADER).ok_or("the webhook has no secret")?.to_str()?;
        Ok(Self { path: passage.target, headers: format!("{SECRET_HEADER}: {secret}\r\n") })
    }

    /// Writes the delivery of a message.
    pub fn write_delivery(&self, request: &mut Vec<u8>, message: CustomerWrites<'_>) {
        let CustomerWrites { number, telegram_user, text } = message;
        let name = format!("Customer {telegram_user}");
        let update = json!({
            "update_id": number,
            "message": {
                "message_id": number,
                "from": {
                    "id": telegram_user, "is_bot": false, "first_name": name,
                    "username": format!("customer_{telegram_user}"), "language_code": "en",
                },
                "chat": { "id": telegram_user, "first_name": name, "type": "private" },
                // A second between any two, or the desk would take a rush for a flood.
                "date": WRITTEN_AT_SECONDS + number - FIRST_NUMBER,
                "text": text,
            },
        });
        write_post(request, &self.path, &self.headers, &update.to_string());
    }
}
