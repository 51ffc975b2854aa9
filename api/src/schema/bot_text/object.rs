//! The types `BotText` and `BotCommand`.

use async_graphql::{InputObject, SimpleObject};
use domain::bot_text::{InLanguage, Texts};

/// A text of the bot in one language.
#[derive(SimpleObject)]
pub(crate) struct BotText {
    /// The language as an IETF tag in lower case. Null for the text that all others get.
    language: Option<String>,
    /// The text.
    text: String,
}

/// A command that the bot offers.
#[derive(SimpleObject)]
pub(crate) struct BotCommand {
    /// The name, without the slash.
    command: String,
    /// What it does, in each language.
    descriptions: Vec<BotText>,
}

/// A text of the bot in one language.
#[derive(InputObject)]
pub(crate) struct BotTextInput {
    /// The language as an IETF tag, such as `de` or `pt-BR`. Null or left out for the text that all others get.
    language: Option<String>,
    /// The text.
    text: String,
}

/// A command that the bot is to offer.
#[derive(InputObject)]
pub(crate) struct BotCommandInput {
    /// The name: 1 to 32 lower-case letters of English, digits and `_`.
    command: String,
    /// What it does, 1 to 256 characters in each language, and one without a language. Telegram shows those in languages
    /// of two letters; `/help` knows all.
    descriptions: Vec<BotTextInput>,
}

impl BotText {
    pub(crate) fn all_of(texts: &Texts) -> Vec<Self> {
        let one = |(language, text): (&String, &String)| Self {
            language: Some(language.clone()).filter(|language| !language.is_empty()),
            text: text.clone(),
        };
        texts.0.iter().map(one).collect()
    }
}

impl BotCommand {
    pub(crate) fn of(command: &domain::bot_text::BotCommand) -> Self {
        Self { command: command.command.clone(), descriptions: BotText::all_of(&command.description) }
    }
}

impl BotTextInput {
    pub(crate) fn parts(self) -> InLanguage {
        (self.language, self.text)
    }
}

impl BotCommandInput {
    pub(crate) fn parts(self) -> (String, Vec<InLanguage>) {
        (self.command, self.descriptions.into_iter().map(BotTextInput::parts).collect())
    }
}
