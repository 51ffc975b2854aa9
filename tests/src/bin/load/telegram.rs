//! A fake Bot API in this process, for the server's bots.

use bot::fake::FakeBotApi;
use bot::telegram::Token;
use tests::server::Builder;
use tokio::net::TcpListener;

use crate::Result;

/// The part of a token after the colon; the same for all bots.
const SECRET: &str = "AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
/// The number of the bot that the server is started with.
const FIRST_BOT: usize = 1_001;

/// A fake Bot API over real HTTP that knows one bot, unless more are added.
pub struct Telegram {
    pub api: FakeBotApi,
}

impl Telegram {
    pub async fn start() -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let api = FakeBotApi::builder().bot(first_token()).start(listener)?;
        Ok(Self { api })
    }

    /// Settings under which the server has the first bot.
    pub fn settings(&self, settings: Builder) -> Builder {
        settings
            .env("SWITCHBOARD_TELEGRAM_API_URL", self.api.api_url())
            .env("SWITCHBOARD_TELEGRAM_BOT_TOKEN", first_token().expose_secret())
    }
}

/// The bot that the server is started with.
pub fn first_token() -> Token {
    token(FIRST_BOT)
}

/// The tokens of more bots, which the fake does not know yet.
pub fn more_tokens(count: usize) -> impl Iterator<Item = Token> {
    (1..=count).map(|number| token(FIRST_BOT + number))
}

fn token(number: usize) -> Token {
    format!("{number}:{SECRET}").parse().expect("a number and a secret of this length make a token")
}
