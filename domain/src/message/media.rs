//! Files within messages.

use serde::{Deserialize, Serialize};

use crate::{FileId, named_enum};

named_enum! {
    /// What a file is to Telegram, which decides how it is shown.
    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
    pub enum MediaKind {
        /// A picture that Telegram has compressed.
        Photo = "PHOTO",
        /// A film with sound.
        Video = "VIDEO",
        /// A film without sound that repeats itself.
        Animation = "ANIMATION",
        /// A recorded voice.
        Voice = "VOICE",
        /// A short round film.
        VideoNote = "VIDEO_NOTE",
        /// A piece of music.
        Audio = "AUDIO",
        /// A file of any kind, sent as it is.
        Document = "DOCUMENT",
        /// A sticker.
        Sticker = "STICKER",
    }
}

/// The file of a message. What Telegram does not say is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What it is to Telegram.
    pub kind: MediaKind,
    /// The handle by which the project's bot gets the file from Telegram. It is no secret, and of no use to anyone
    /// who does not have the bot's token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram_file_id: Option<String>,
    /// What tells the file from every other one, for every bot alike.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram_unique_id: Option<String>,
    /// The file in the desk's own store, for what agents have uploaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file_id: Option<FileId>,
    /// The size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<i64>,
    /// The name as its sender calls it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The MIME type as its sender says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    /// The width in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<i32>,
    /// The height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<i32>,
    /// How long it plays, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<i32>,
}

impl Media {
    /// A file of which nothing else is known yet.
    pub fn new(kind: MediaKind) -> Self {
        Self {
            kind,
            telegram_file_id: None,
            telegram_unique_id: None,
            file_id: None,
            size_bytes: None,
            name: None,
            mime_type: None,
            width: None,
            height: None,
            duration_seconds: None,
        }
    }
}
