//! The Bot API server of the real bots.

use crate::telegram::{BadApiUrl, Endpoint, Token};

/// The Bot API server of the real bots, at an address that has been checked.
#[derive(Debug, Clone)]
pub(super) struct BotApiServer {
    url: String,
}

impl BotApiServer {
    pub(super) fn new(url: &str) -> Result<Self, BadApiUrl> {
        let any: Token = "1:a".parse().expect("a number, a colon and a letter are a token");
        Endpoint::new(url, any)?;
        Ok(Self { url: url.to_owned() })
    }

    /// The endpoint of one bot.
    pub(super) fn with_token(&self, token: Token) -> Endpoint {
        Endpoint::new(&self.url, token).expect("the address was checked, and any token goes with it")
    }
}
