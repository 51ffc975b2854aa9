//! The file of a message.

use async_graphql::{Enum, Object};
use desk::media::download_refusal;
use domain::MessageId;

use crate::files::download_path;
use crate::schema::error::sentence;
use crate::schema::scalar::Long;
use crate::view::View;

/// What a file is to Telegram, which decides how it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::message::MediaKind")]
pub(crate) enum MediaKind {
    /// A picture that Telegram has compressed.
    Photo,
    /// A film with sound.
    Video,
    /// A film without sound that repeats itself.
    Animation,
    /// A recorded voice.
    Voice,
    /// A short round film.
    VideoNote,
    /// A piece of music.
    Audio,
    /// A file of any kind, sent as it is.
    Document,
    /// A sticker.
    Sticker,
}

pub(crate) struct Media {
    row: domain::message::Media,
    message_id: MessageId,
    view: View,
}

impl Media {
    pub(super) fn new(row: domain::message::Media, message_id: MessageId, view: &View) -> Self {
        Self { row, message_id, view: view.clone() }
    }
}

/// The file that a message holds. Name, type, size and dimensions are what its sender says.
#[Object]
impl Media {
    /// What it is to Telegram.
    async fn kind(&self) -> MediaKind {
        self.row.kind.into()
    }

    /// The size in bytes. Null if Telegram does not say it.
    async fn size_bytes(&self) -> Option<Long> {
        self.row.size_bytes.map(Long)
    }

    /// The name of the file. Null for what has none, such as photos and voice messages.
    async fn name(&self) -> Option<&str> {
        self.row.name.as_deref()
    }

    /// The MIME type. Null if Telegram does not say it, as for photos.
    async fn mime_type(&self) -> Option<&str> {
        self.row.mime_type.as_deref()
    }

    /// The width in pixels. Null for what has none, or if Telegram does not say it.
    async fn width(&self) -> Option<i32> {
        self.row.width
    }

    /// The height in pixels. Null for what has none, or if Telegram does not say it.
    async fn height(&self) -> Option<i32> {
        self.row.height
    }

    /// How long it plays, in seconds. Null for what does not play, or if Telegram does not say it.
    async fn duration_seconds(&self) -> Option<i32> {
        self.row.duration_seconds
    }

    /// Where you can download the file, relative to the address of this server. It holds a ticket that is good for 10
    /// minutes, for you and for this file alone, so that it can stand in an `img` or a link; ask for it anew when it has
    /// expired, and do not store or share it. Null if the file cannot be downloaded: see `downloadRefusal`.
    async fn download_url(&self) -> Option<String> {
        if download_refusal(&self.row).is_some() {
            return None;
        }
        let ticket = self.view.desk().download_ticket(self.view.actor(), self.message_id);
        Some(download_path(self.message_id, &ticket))
    }

    /// Why the file cannot be downloaded, in words for people; mostly since Telegram hands bots no file over 20 MB. Null
    /// if it can.
    async fn download_refusal(&self) -> Option<String> {
        download_refusal(&self.row).map(sentence)
    }
}
