//! What the bot says and offers by itself, in several languages.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::text::{self, TextRefusal};

/// The most languages of one text.
pub const LANGUAGES: usize = 50;
/// The most commands of a bot (Bot API, `setMyCommands`).
pub const COMMANDS: usize = 100;
/// The longest name of a command, in characters (Bot API, `BotCommand`).
pub const COMMAND_CHARACTERS: usize = 32;
/// The longest description of a command, in characters (Bot API, `BotCommand`).
pub const DESCRIPTION_CHARACTERS: usize = 256;

/// A text by language. Under the empty language stands what those get for whose language there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Texts(pub BTreeMap<String, String>);

/// A command that the bot offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BotCommand {
    /// The name, without the slash.
    pub command: String,
    /// What it does, by language.
    pub description: Texts,
}

/// Why texts cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BotTextRefusal {
    /// Not a language tag.
    #[error("{} is not a language: give an IETF tag such as `de` or `pt-BR`, or nothing for all others", quoted(.0))]
    Language(String),
    /// One language twice.
    #[error("there are two texts {}: leave one out", for_language(.0))]
    LanguageTwice(String),
    /// More than [`LANGUAGES`].
    #[error("there are more than {LANGUAGES} languages: leave some out")]
    TooManyLanguages,
    /// Nothing for those whose language is not there.
    #[error("there is no text for all other languages: add one without a language")]
    NoFallback,
    /// Telegram could not take a text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More than [`COMMANDS`].
    #[error("a bot has at most {COMMANDS} commands: leave some out")]
    TooManyCommands,
    /// Not a command.
    #[error(
        "{} is not a command: use 1 to {COMMAND_CHARACTERS} lower-case letters of English, digits and `_`",
        quoted(.0)
    )]
    Command(String),
    /// One command twice.
    #[error("the command {0:?} is there twice: leave one out")]
    CommandTwice(String),
    /// A description that Telegram would not take.
    #[error("a description has 1 to {DESCRIPTION_CHARACTERS} characters")]
    Description,
}

/// A text as it is given, with its language; none stands for all others.
pub type InLanguage = (Option<String>, String);

/// What was written, cut short where it is long.
fn quoted(written: &str) -> String {
    const SHOWN_CHARACTERS: usize = 40;
    let shown: String = written.chars().take(SHOWN_CHARACTERS).collect();
    let rest = if shown.len() < written.len() { "…" } else { "" };
    format!("\"{}{rest}\"", shown.escape_debug())
}

/// Whom texts in a language are for.
fn for_language(language: &str) -> String {
    if language.is_empty() { "without a language".to_owned() } else { format!("for the language \"{language}\"") }
}

impl Texts {
    /// Reads texts with their languages, where an empty one stands for all others.
    pub fn parse(given: Vec<InLanguage>) -> Result<Self, BotTextRefusal> {
        if given.len() > LANGUAGES {
            return Err(BotTextRefusal::TooManyLanguages);
        }
        let mut texts = BTreeMap::new();
        for (language, text) in given {
            let written = language.unwrap_or_default();
            let language = normal_language(&written).ok_or(BotTextRefusal::Language(written))?;
            let text = text::without_nul(&text).trim().to_owned();
            if texts.insert(language.clone(), text).is_some() {
                return Err(BotTextRefusal::LanguageTwice(language));
            }
        }
        if !texts.is_empty() && !texts.contains_key("") {
            return Err(BotTextRefusal::NoFallback);
        }
        Ok(Self(texts))
    }

    /// Reads the texts of a message.
    pub fn parse_messages(given: Vec<InLanguage>) -> Result<Self, BotTextRefusal> {
        let texts = Self::parse(given)?;
        for text in texts.0.values() {
            text::check(text)?;
        }
        Ok(texts)
    }

    /// The text for somebody of a language: in that language, or in one of which it is a variety, or the one for all
    /// others.
    pub fn in_language(&self, language: Option<&str>) -> Option<&str> {
        self.entry_for(language).map(|(_, text)| text)
    }

    /// The text for somebody of a language, with the language that it is in.
    pub fn entry_for(&self, language: Option<&str>) -> Option<(&str, &str)> {
        let language = language.and_then(normal_language).unwrap_or_default();
        let parts: Vec<&str> = language.split('-').collect();
        let narrower = (1..=parts.len()).rev().map(|count| parts[..count].join("-"));
        narrower
            .chain([String::new()])
            .find_map(|tag| self.0.get_key_value(&tag))
            .map(|(tag, text)| (tag.as_str(), text.as_str()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Reads the commands of a bot.
pub fn parse_commands(given: Vec<(String, Vec<InLanguage>)>) -> Result<Vec<BotCommand>, BotTextRefusal> {
    if given.len() > COMMANDS {
        return Err(BotTextRefusal::TooManyCommands);
    }
    let mut seen = BTreeSet::new();
    let mut commands = Vec::with_capacity(given.len());
    for (written, description) in given {
        let command = written.trim().trim_start_matches('/').to_owned();
        let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if command.is_empty() || command.len() > COMMAND_CHARACTERS || !command.bytes().all(is_letter) {
            return Err(BotTextRefusal::Command(written));
        }
        if !seen.insert(command.clone()) {
            return Err(BotTextRefusal::CommandTwice(command));
        }
        let description = Texts::parse(description)?;
        if description.is_empty() {
            return Err(BotTextRefusal::NoFallback);
        }
        let fits = |text: &String| !text::is_blank(text) && text.chars().count() <= DESCRIPTION_CHARACTERS;
        if !description.0.values().all(fits) {
            return Err(BotTextRefusal::Description);
        }
        commands.push(BotCommand { command, description });
    }
    Ok(commands)
}

/// The languages of which Telegram is told a list of commands: two letters each, and the empty one for all others.
pub fn command_languages(commands: &[BotCommand]) -> BTreeSet<String> {
    let tags = commands.iter().flat_map(|command| command.description.0.keys());
    tags.filter(|tag| tag.is_empty() || tag.len() == 2).cloned().collect()
}

/// Whether this has the form of a language tag (IETF BCP 47), such as `de` or `pt-BR`, and nothing around it.
pub fn is_language(tag: &str) -> bool {
    normal_language(tag).is_some_and(|normal| !normal.is_empty() && normal.eq_ignore_ascii_case(tag))
}

/// A language tag in lower case; nothing if it is none.
fn normal_language(tag: &str) -> Option<String> {
    const LONGEST: usize = 35;
    let tag = tag.trim().to_ascii_lowercase().replace('_', "-");
    let is_part = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let begins = |tag: &str| tag.split('-').next().is_some_and(|first| matches!(first.len(), 2 | 3));
    (tag.is_empty() || (tag.len() <= LONGEST && begins(&tag) && tag.split('-').all(is_part))).then_some(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(given: &[(&str, &str)]) -> Result<Texts, BotTextRefusal> {
        Texts::parse_messages(given.iter().map(|(tag, text)| (Some((*tag).to_owned()), (*text).to_owned())).collect())
    }

    #[test]
    fn everybody_gets_the_text_that_is_nearest_to_their_language() {
        let greeting = texts(&[("", "Hello"), ("pt", "Olá"), ("pt-BR", "Oi"), ("de", "Hallo")]).unwrap();
        for (language, expected) in [
            (Some("pt-br"), "Oi"),
            (Some("pt-PT"), "Olá"),
            (Some("de_AT"), "Hallo"),
            (Some("fr"), "Hello"),
            (Some("not a language"), "Hello"),
            (None, "Hello"),
        ] {
            assert_eq!(greeting.in_language(language), Some(expected), "{language:?}");
        }
        assert_eq!(Texts::default().in_language(Some("de")), None);
    }

    #[test]
    fn texts_have_languages_and_a_fallback() {
        assert_eq!(texts(&[("de", "Hallo")]), Err(BotTextRefusal::NoFallback));
        assert_eq!(texts(&[("", "a"), ("DE", "b"), ("de", "c")]), Err(BotTextRefusal::LanguageTwice("de".to_owned())));
        assert_eq!(texts(&[("", "a"), ("german!", "b")]), Err(BotTextRefusal::Language("german!".to_owned())));
        assert_eq!(texts(&[("", " ")]), Err(BotTextRefusal::Text(TextRefusal::Empty)));
        assert!(matches!(texts(&[("", &"x".repeat(5000))]), Err(BotTextRefusal::Text(_))));
        assert_eq!(texts(&[]), Ok(Texts::default()));
    }

    fn commands(given: &[(&str, &str)]) -> Result<Vec<BotCommand>, BotTextRefusal> {
        parse_commands(
            given.iter().map(|(name, text)| ((*name).to_owned(), vec![(None, (*text).to_owned())])).collect(),
        )
    }

    #[test]
    fn commands_are_as_telegram_takes_them() {
        assert_eq!(commands(&[("/start", "Begin"), ("help_2", "Help")]).unwrap().len(), 2);
        let too_long = "x".repeat(COMMAND_CHARACTERS + 1);
        for name in ["", "/", "Help", "käse", "a b", too_long.as_str()] {
            assert_eq!(commands(&[(name, "x")]), Err(BotTextRefusal::Command(name.to_owned())), "{name}");
        }
        assert_eq!(commands(&[("a", "x"), ("/a", "y")]), Err(BotTextRefusal::CommandTwice("a".to_owned())));
        assert_eq!(commands(&[("a", " ")]), Err(BotTextRefusal::Description));
        assert_eq!(commands(&[("a", &"x".repeat(DESCRIPTION_CHARACTERS + 1))]), Err(BotTextRefusal::Description));
        assert_eq!(parse_commands(vec![("a".to_owned(), Vec::new())]), Err(BotTextRefusal::NoFallback));
    }
}
