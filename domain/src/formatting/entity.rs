//! Stretches of a text that are formatted or mean something.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::named_enum;

named_enum! {
    /// What a stretch of a text is, under the Bot API's names.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    pub enum EntityKind {
        /// Bold.
        Bold = "bold",
        /// Italic.
        Italic = "italic",
        /// Underlined.
        Underline = "underline",
        /// Struck through.
        Strikethrough = "strikethrough",
        /// Hidden until it is tapped.
        Spoiler = "spoiler",
        /// A quotation.
        Blockquote = "blockquote",
        /// A quotation that is folded at first.
        ExpandableBlockquote = "expandable_blockquote",
        /// Code within a line.
        Code = "code",
        /// Lines of code.
        Pre = "pre",
        /// A link under other words.
        TextLink = "text_link",
        /// A person without a user name.
        TextMention = "text_mention",
        /// A custom emoji in place of a usual one.
        CustomEmoji = "custom_emoji",
        /// A user name; Telegram finds it by itself.
        Mention = "mention",
        /// A hashtag; Telegram finds it by itself.
        Hashtag = "hashtag",
        /// A cashtag; Telegram finds it by itself.
        Cashtag = "cashtag",
        /// A command; Telegram finds it by itself.
        BotCommand = "bot_command",
        /// An address; Telegram finds it by itself.
        Url = "url",
        /// An e-mail address; Telegram finds it by itself.
        Email = "email",
        /// A telephone number; Telegram finds it by itself.
        PhoneNumber = "phone_number",
    }
}

impl EntityKind {
    /// Whether the characters stand as they are, so that nothing else can be said of them.
    pub fn is_code(self) -> bool {
        matches!(self, Self::Code | Self::Pre)
    }

    /// Whether it is a quotation.
    pub fn is_quotation(self) -> bool {
        matches!(self, Self::Blockquote | Self::ExpandableBlockquote)
    }

    /// Whether it is a mere look, which goes together with any other one.
    pub fn is_look(self) -> bool {
        matches!(self, Self::Bold | Self::Italic | Self::Underline | Self::Strikethrough | Self::Spoiler)
    }
}

/// A stretch of a text, as the Bot API's `MessageEntity` in JSON. Places are counted in UTF-16 code units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entity {
    /// What it is.
    #[serde(rename = "type")]
    pub kind: EntityKind,
    /// Where it begins.
    pub offset: usize,
    /// How long it is.
    pub length: usize,
    /// The address of a `text_link`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The programming language of a `pre`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// The number of a `custom_emoji`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_emoji_id: Option<String>,
    /// The person of a `text_mention`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<MentionedUser>,
}

/// The person of a `text_mention`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionedUser {
    /// The number in Telegram.
    pub id: i64,
}

impl Entity {
    /// A stretch of which nothing else is to be said.
    pub fn new(kind: EntityKind, offset: usize, length: usize) -> Self {
        Self { kind, offset, length, url: None, language: None, custom_emoji_id: None, user: None }
    }

    /// With the person of a `text_mention`.
    pub fn of_user(self, telegram_user_id: i64) -> Self {
        Self { user: Some(MentionedUser { id: telegram_user_id }), ..self }
    }

    /// Where it is.
    pub fn range(&self) -> Range<usize> {
        self.offset..self.offset.saturating_add(self.length)
    }

    /// What of it is in a stretch, counted from the beginning of that. Nothing if they have nothing in common.
    pub fn within(&self, stretch: &Range<usize>) -> Option<Self> {
        let begin = self.offset.max(stretch.start);
        let end = self.range().end.min(stretch.end);
        (begin < end).then(|| Self { offset: begin - stretch.start, length: end - begin, ..self.clone() })
    }
}
