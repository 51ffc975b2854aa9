//! Looking up the file of a message.

use domain::message::{Media, MediaKind};
use domain::{ApiScope, File, Message, MessageId, ProjectId};

use crate::{Actor, Desk, Rejected};

/// The largest file that Telegram hands to a bot, in bytes (Bot API, `getFile`).
pub const TELEGRAM_DOWNLOAD_BYTES: i64 = 20 * 1024 * 1024;

/// The file of a message that the actor may see.
#[derive(Debug, Clone)]
pub struct Download {
    /// The project of the message.
    pub project_id: ProjectId,
    /// The message.
    pub message_id: MessageId,
    /// What the message says of it.
    pub media: Media,
    /// Where the bytes are.
    pub place: DownloadPlace,
}

/// Where the bytes of a file are.
#[derive(Debug, Clone)]
pub enum DownloadPlace {
    /// In the desk's own store.
    Desk(File),
    /// With Telegram, under this handle.
    Telegram(String),
}

/// Why there is nothing to download.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DownloadRefusal {
    /// There is no such message, or the actor may not know of it.
    #[error("there is no such message")]
    MessageNotFound,
    /// The message has no file, or has it no longer.
    #[error("this message has no file")]
    NoFile,
    /// Telegram does not hand it out.
    #[error(
        "the file is larger than 20 MB, and Telegram hands no larger ones to bots: open the chat in Telegram to see it"
    )]
    TooLarge,
    /// Telegram gave no handle for it.
    #[error("Telegram has not said where this file is, so that nobody can fetch it")]
    NoHandle,
}

impl From<DownloadRefusal> for Rejected<DownloadRefusal> {
    fn from(refusal: DownloadRefusal) -> Self {
        Self::Refused(refusal)
    }
}

/// Why the file of a message cannot be downloaded, as far as the message alone tells.
pub fn download_refusal(media: &Media) -> Option<DownloadRefusal> {
    if media.file_id.is_some() {
        return None;
    }
    if media.size_bytes.is_some_and(|size| size > TELEGRAM_DOWNLOAD_BYTES) {
        return Some(DownloadRefusal::TooLarge);
    }
    media.telegram_file_id.is_none().then_some(DownloadRefusal::NoHandle)
}

impl Desk {
    /// The file of a message, if the actor may see the message now.
    pub async fn download(&self, actor: &Actor, message_id: MessageId) -> Result<Download, Rejected<DownloadRefusal>> {
        actor.needs(ApiScope::SessionsRead)?;
        let message = self.messages_by_id(actor, &[message_id]).await?.into_iter().next();
        let Message { project_id, content, .. } = message.ok_or(DownloadRefusal::MessageNotFound)?;
        let media = content.media.ok_or(DownloadRefusal::NoFile)?;
        let stored = match media.file_id {
            Some(id) => self.file(project_id, id).await?,
            None => None,
        };
        let place = match stored {
            Some(file) => DownloadPlace::Desk(file),
            // What is no longer in the store may still be with Telegram.
            None => match download_refusal(&Media { file_id: None, ..media.clone() }) {
                Some(refusal) => return Err(refusal.into()),
                None => DownloadPlace::Telegram(media.telegram_file_id.clone().ok_or(DownloadRefusal::NoHandle)?),
            },
        };
        Ok(Download { project_id, message_id, media, place })
    }
}

impl Download {
    /// How large the file is, if that is known.
    pub fn size_bytes(&self) -> Option<u64> {
        let size = match &self.place {
            DownloadPlace::Desk(file) => Some(file.size_bytes),
            DownloadPlace::Telegram(_) => self.media.size_bytes,
        };
        size.and_then(|size| u64::try_from(size).ok())
    }

    /// The MIME type: that of the upload, or what the sender said, or what the kind of media goes without saying with.
    pub fn mime_type(&self) -> Option<&str> {
        match &self.place {
            DownloadPlace::Desk(file) => Some(&file.mime_type),
            DownloadPlace::Telegram(_) => self.media.mime_type.as_deref().or(usual_mime_type(self.media.kind)),
        }
    }

    /// The name: that of the upload, or what the sender calls it.
    pub fn name(&self) -> Option<&str> {
        match &self.place {
            DownloadPlace::Desk(file) => Some(&file.name),
            DownloadPlace::Telegram(_) => self.media.name.as_deref(),
        }
    }

    /// What tells the file from every other one that the message may have had.
    pub fn tag(&self) -> String {
        match &self.place {
            DownloadPlace::Desk(file) => format!("desk-{}", file.id),
            DownloadPlace::Telegram(file_id) => {
                format!("telegram-{}", self.media.telegram_unique_id.as_deref().unwrap_or(file_id))
            }
        }
    }
}

/// What Telegram makes of media of this kind, where it does not say the type.
fn usual_mime_type(kind: MediaKind) -> Option<&'static str> {
    match kind {
        MediaKind::Photo => Some("image/jpeg"),
        MediaKind::Video | MediaKind::VideoNote | MediaKind::Animation => Some("video/mp4"),
        MediaKind::Voice => Some("audio/ogg"),
        MediaKind::Audio => Some("audio/mpeg"),
        MediaKind::Sticker => Some("image/webp"),
        MediaKind::Document => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::FileId;

    use super::*;

    #[test]
    fn what_telegram_does_not_hand_out_is_refused_in_words() {
        let mut media = Media::new(MediaKind::Video);
        assert_eq!(download_refusal(&media), Some(DownloadRefusal::NoHandle));
        media.telegram_file_id = Some("F".to_owned());
        assert_eq!(download_refusal(&media), None, "the size is not known");
        media.size_bytes = Some(TELEGRAM_DOWNLOAD_BYTES);
        assert_eq!(download_refusal(&media), None);
        media.size_bytes = Some(TELEGRAM_DOWNLOAD_BYTES + 1);
        assert_eq!(download_refusal(&media), Some(DownloadRefusal::TooLarge));
        media.file_id = Some(FileId(1));
        assert_eq!(download_refusal(&media), None, "the desk has it itself");
    }
}
