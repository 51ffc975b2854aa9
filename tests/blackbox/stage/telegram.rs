//! Telegram as the desk sees it: a fake Bot API with one bot and its customers.

use std::sync::atomic::{AtomicI64, Ordering};

use bot::fake::{CustomerMessage, FakeBotApi, Fault, FaultScope, Ledger, Repeat, Said};
use bot::telegram::{BotId, Token};
use chrono::DateTime;
use domain::{ChatId, TelegramUserId, Time};
use tests::server::Builder;
use tokio::net::TcpListener;

use super::PATIENCE;

/// A fake Bot API over real HTTP with one bot. What it accepted is the truth about what was sent.
pub struct Telegram {
    pub api: FakeBotApi,
    token: Token,
    /// By Telegram's clock a second passes with each text, since who writes everything at once is a flood.
    seconds: AtomicI64,
}

impl Telegram {
    /// Starts it, with the bot 1001.
    pub async fn start() -> Self {
        Self::with_bot("1001:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw").await
    }

    /// Starts it with the bot of this token.
    pub async fn with_bot(token: &str) -> Self {
        let token: Token = token.parse().expect("the token is well formed");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("the system has a free local port");
        let api = FakeBotApi::builder().bot(token.clone()).start(listener).expect("the fake starts");
        Self { api, token, seconds: AtomicI64::new(1_767_225_600) }
    }

    /// Settings under which the desk has the bot.
    pub fn settings(&self, settings: Builder) -> Builder {
        settings
            .env("SWITCHBOARD_TELEGRAM_API_URL", self.api.api_url())
            .env("SWITCHBOARD_TELEGRAM_BOT_TOKEN", self.token())
    }

    /// The token of the bot.
    pub fn token(&self) -> &str {
        self.token.expose_secret()
    }

    /// The bot.
    pub fn bot(&self) -> BotId {
        self.token.bot_id()
    }

    /// A customer writes to the bot.
    pub async fn customer_writes(&self, customer: i64, text: &str) -> Said {
        let message = CustomerMessage {
            telegram_user_id: TelegramUserId(customer),
            name: format!("Customer {customer}"),
            username: None,
            language_code: Some("en".to_owned()),
            text: text.to_owned(),
            date: self.passes(),
        };
        self.api.customer_says(self.bot(), message).await.expect("the backlog is in memory")
    }

    /// A second passes by Telegram's clock.
    pub fn passes(&self) -> Time {
        let second = self.seconds.fetch_add(1, Ordering::Relaxed);
        DateTime::from_timestamp(second, 0).expect("the time is within the calendar")
    }

    /// Telegram tells the bot something, however strange: an update without its number.
    pub async fn tells(&self, update: &serde_json::Value) {
        self.api.push_raw_update(self.bot(), &update.to_string()).await.expect("the update is an object");
    }

    /// Lets the next call of a method go wrong.
    pub fn next(&self, method: &str, fault: Fault) {
        self.api.inject(FaultScope::method(method), fault, Repeat::Times(1));
    }

    /// The texts that a customer has got, oldest first.
    pub fn received_by(&self, customer: i64) -> Vec<String> {
        self.api.ledger().texts_to(ChatId(customer)).into_iter().map(str::to_owned).collect()
    }

    /// Waits until the ledger meets the condition.
    pub async fn until(&self, condition: impl FnMut(&Ledger) -> bool) -> Ledger {
        self.api.wait_for(condition, PATIENCE).await.expect("the ledger gets there in time")
    }

    /// Waits until a customer has got this many texts.
    pub async fn until_received(&self, customer: i64, count: usize) -> Vec<String> {
        self.until(|ledger| ledger.texts_to(ChatId(customer)).len() >= count).await;
        self.received_by(customer)
    }
}
