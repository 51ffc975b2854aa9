//! The token of a bot, which is a secret, and the number of the bot, which is not.

use std::{fmt, str::FromStr};

/// A bot as Telegram numbers it: the part of the token before the colon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BotId(pub i64);

impl fmt::Display for BotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The token that @BotFather gave out for a bot.
///
/// Whoever holds it is the bot, so it never shows itself: `Debug` and `Display` print the
/// bot's number only.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Token {
    bot_id: BotId,
    secret: String,
}

/// The text is not a bot token. The text itself is left out, for it may be one with a typo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is not a bot token: copy it from @BotFather, it looks like 123456789:AAF3x_…")]
pub struct BadToken;

impl Token {
    /// The longest token that a Bot API server takes (`ClientManager.cpp` of Telegram's own).
    const MAX_CHARACTERS: usize = 80;

    /// The number of the bot.
    #[must_use]
    pub fn bot_id(&self) -> BotId {
        self.bot_id
    }

    /// The token itself, for the address of a call and for nothing that is kept or shown.
    #[must_use]
    pub fn expose_secret(&self) -> &str {
        &self.secret
    }
}

impl FromStr for Token {
    type Err = BadToken;

    fn from_str(text: &str) -> Result<Self, BadToken> {
        let (number, key) = text.split_once(':').ok_or(BadToken)?;
        let is_number =
            number.starts_with(|c: char| matches!(c, '1'..='9')) && number.bytes().all(|byte| byte.is_ascii_digit());
        let is_key =
            !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
        if !is_number || !is_key || text.len() > Self::MAX_CHARACTERS {
            return Err(BadToken);
        }
        Ok(Self { bot_id: BotId(number.parse().map_err(|_| BadToken)?), secret: text.to_owned() })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Token({}:redacted)", self.bot_id)
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:redacted", self.bot_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_the_bot_and_hides_the_key() {
        let token: Token = "123456789:AAF3x_secret-key".parse().unwrap();
        assert_eq!(token.bot_id(), BotId(123_456_789));
        assert_eq!(token.to_string(), "123456789:redacted");
        assert_eq!(format!("{token:?}"), "Token(123456789:redacted)");
        assert_eq!(token.expose_secret(), "123456789:AAF3x_secret-key");
    }

    #[test]
    fn what_is_not_a_token_is_refused() {
        let too_long = format!("1:{}", "a".repeat(79));
        for text in
            ["", "123", "123:", ":abc", "0:abc", "12a:abc", "12:a/b", "12:a b", "99999999999999999999:abc", &too_long]
        {
            assert_eq!(Token::from_str(text), Err(BadToken), "{text}");
        }
    }
}
