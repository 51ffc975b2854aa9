//! Canned replies: texts that agents have ready.

use crate::bot_text::Texts;
use crate::placeholder::{Template, UnknownPlaceholder};
use crate::text::without_nul;
use crate::{AgentId, CannedReplyId, ProjectId, Time};

/// The longest shortcut, in characters.
pub const SHORTCUT_CHARACTERS: usize = 40;

/// A text that agents have ready, in several languages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CannedReply {
    /// The identifier.
    pub id: CannedReplyId,
    /// The project.
    pub project_id: ProjectId,
    /// Whose own it is; empty for one that all agents of the project share.
    pub owner_id: Option<AgentId>,
    /// What agents type for it, which no other one of the same owner has.
    pub shortcut: String,
    /// What it is called.
    pub title: String,
    /// The text by language, with placeholders.
    pub texts: Texts,
    /// How often it was sent.
    pub uses: i64,
    /// Grows with each change.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
    /// When it was last changed.
    pub updated_at: Time,
}

/// The text is no shortcut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a shortcut has 1 to {SHORTCUT_CHARACTERS} characters and no space: shorten it, or write `-` between words")]
pub struct NotAShortcut;

/// Reads a shortcut: in lower case and without the slash before it.
pub fn parse_shortcut(text: &str) -> Result<String, NotAShortcut> {
    let text = without_nul(text).trim().to_lowercase();
    let shortcut = text.strip_prefix('/').unwrap_or(&text);
    let is_shortcut = (1..=SHORTCUT_CHARACTERS).contains(&shortcut.chars().count())
        && !shortcut.chars().any(|sign| sign.is_whitespace() || sign.is_control());
    if is_shortcut { Ok(shortcut.to_owned()) } else { Err(NotAShortcut) }
}

/// Checks that every placeholder stands for something.
pub fn check_placeholders(texts: &Texts) -> Result<(), UnknownPlaceholder> {
    texts.0.values().try_for_each(|text| Template::parse(text).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shortcut_is_one_word() {
        assert_eq!(parse_shortcut(" /Hello-1 "), Ok("hello-1".to_owned()));
        assert_eq!(parse_shortcut("退款"), Ok("退款".to_owned()));
        for text in ["", "/", "two words", "a\u{7}b", &"x".repeat(SHORTCUT_CHARACTERS + 1)] {
            assert_eq!(parse_shortcut(text), Err(NotAShortcut), "{text:?}");
        }
    }
}
