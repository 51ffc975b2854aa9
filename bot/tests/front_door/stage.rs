//! What a test plays on: a fake Bot API, a client and one bot.

use std::time::Duration;

use bot::{
    fake::{ChatMessage, Customer, CustomerMessage, FakeBotApi, FakeBotApiBuilder, Fault, FaultScope, Repeat},
    telegram::{Attempt, BotId, Client, Endpoint, Token},
};
use chrono::DateTime;
use domain::{ChatId, TelegramUserId};
use teloxide::payloads::SendMessage;
use tokio::net::TcpListener;

/// How long a test waits for what must come. Far longer than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How long a test waits for what must not come. Long enough for a call to arrive at the fake on
/// a busy machine.
pub const IMPATIENCE: Duration = Duration::from_secs(1);

/// The customer that bots of these tests write to.
pub const CUSTOMER: ChatId = ChatId(7_000_000_001);

/// A fake Bot API with one bot, and a client.
pub struct Stage {
    pub api: FakeBotApi,
    pub client: Client,
    pub token: Token,
    pub endpoint: Endpoint,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(FakeBotApi::builder()).await
    }

    pub async fn with(builder: FakeBotApiBuilder) -> Self {
        let token = token(1001);
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let api = builder.bot(token.clone()).start(listener).expect("a running fake");
        Self { endpoint: api.endpoint(&token), client: Client::new().expect("a client"), api, token }
    }

    pub fn bot(&self) -> BotId {
        self.token.bot_id()
    }

    /// Sends a text to the customer.
    pub async fn send(&self, text: &str) -> Attempt {
        self.send_within(text, PATIENCE).await
    }

    /// Sends a text to the customer, waiting no longer than `timeout`.
    pub async fn send_within(&self, text: &str, timeout: Duration) -> Attempt {
        let payload = SendMessage::new(teloxide::types::ChatId(CUSTOMER.0), text);
        self.client.send(&self.endpoint, &payload, timeout).await
    }

    /// Lets the next send go wrong.
    pub fn next_send(&self, fault: Fault) {
        let scope = FaultScope::method("sendMessage");
        self.api.inject(scope, fault, Repeat::Times(1));
    }

    /// The texts that the customer has.
    pub fn received(&self) -> Vec<String> {
        let ledger = self.api.ledger();
        ledger.texts_to(CUSTOMER).into_iter().map(str::to_owned).collect()
    }

    /// The chat with the customer, as the customer sees it.
    pub fn shown(&self) -> Vec<ChatMessage> {
        self.api.chat(self.bot(), CUSTOMER)
    }

    /// A customer writes to the bot; returns the number of the update.
    pub async fn hear(&self, customer: i64, text: &str) -> i64 {
        let message = CustomerMessage {
            telegram_user_id: TelegramUserId(customer),
            name: "Ada".to_owned(),
            username: None,
            language_code: Some("en".to_owned()),
            text: text.to_owned(),
            date: DateTime::from_timestamp(1_767_225_600, 0).expect("a date"),
        };
        let said = self.api.customer_says(self.bot(), message).await;
        said.expect("memory is available").update_id
    }
}

/// The customer of [`CUSTOMER`] under this name.
pub fn customer(name: &str) -> Customer {
    Customer::named(CUSTOMER.0, name)
}

pub fn token(bot: i64) -> Token {
    format!("{bot}:test-token").parse().expect("a token")
}
