//! What Telegram takes as files of a message.

use super::MediaKind;
use crate::text::CAPTION_UTF16_UNITS;

/// The most items of an album.
pub const ALBUM_ITEMS: usize = 10;

/// The largest picture that a bot can send as such, in bytes (Bot API, "Sending files").
const PHOTO_BYTES: i64 = 10 << 20;

/// The largest file of any other kind that a bot can send, in bytes.
const FILE_BYTES: i64 = 50 << 20;

/// Why files cannot be sent. `index` counts them from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaRefusal {
    /// More than [`ALBUM_ITEMS`].
    #[error("there are {count} files and an album has {ALBUM_ITEMS} at most: send them in several albums")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// A kind that is sent alone.
    #[error("`media[{index}]` is of kind {kind}, which is sent alone: send it by itself or as DOCUMENT")]
    NotInAlbums {
        /// Which.
        index: usize,
        /// Its kind.
        kind: MediaKind,
    },
    /// Kinds that do not go together.
    #[error(
        "`media[{index}]` of kind {kind} cannot be in one album with {first}: photos and videos go together, documents among themselves, audio among itself"
    )]
    Mixed {
        /// The first that does not fit.
        index: usize,
        /// Its kind.
        kind: MediaKind,
        /// The kind of the first item.
        first: MediaKind,
    },
    /// Larger than Telegram takes from bots.
    #[error("the file of `media[{index}]` has {size_bytes} bytes and Telegram takes {limit} as {kind}{advice}", advice = advice(*kind, *size_bytes))]
    TooLarge {
        /// Which.
        index: usize,
        /// Its kind.
        kind: MediaKind,
        /// Its size.
        size_bytes: i64,
        /// The most that is taken.
        limit: i64,
    },
}

impl MediaRefusal {
    /// Which of the files is wrong; nothing if all of them together are.
    pub fn index(&self) -> Option<usize> {
        match self {
            Self::TooMany { .. } => None,
            Self::NotInAlbums { index, .. } | Self::Mixed { index, .. } | Self::TooLarge { index, .. } => Some(*index),
        }
    }
}

fn advice(kind: MediaKind, size_bytes: i64) -> &'static str {
    if kind == MediaKind::Photo && size_bytes <= FILE_BYTES { ": send it as DOCUMENT" } else { ": make it smaller" }
}

/// Checks that files of these kinds can be one message, or the items of one album (Bot API, `sendMediaGroup`).
pub fn check_media(kinds: &[MediaKind]) -> Result<(), MediaRefusal> {
    let [first, rest @ ..] = kinds else { return Ok(()) };
    if rest.is_empty() {
        return Ok(());
    }
    if kinds.len() > ALBUM_ITEMS {
        return Err(MediaRefusal::TooMany { count: kinds.len() });
    }
    for (index, kind) in kinds.iter().enumerate() {
        match (family(*first), family(*kind)) {
            (_, None) => return Err(MediaRefusal::NotInAlbums { index, kind: *kind }),
            (one, other) if one != other => return Err(MediaRefusal::Mixed { index, kind: *kind, first: *first }),
            _ => {}
        }
    }
    Ok(())
}

/// Checks that Telegram takes a file of this size from a bot.
pub fn check_size(index: usize, kind: MediaKind, size_bytes: i64) -> Result<(), MediaRefusal> {
    let limit = if kind == MediaKind::Photo { PHOTO_BYTES } else { FILE_BYTES };
    if size_bytes > limit { Err(MediaRefusal::TooLarge { index, kind, size_bytes, limit }) } else { Ok(()) }
}

/// How long a text can stand under a file of this kind, in UTF-16 code units.
pub fn caption_limit(kind: MediaKind) -> usize {
    match kind {
        MediaKind::VideoNote | MediaKind::Sticker => 0,
        _ => CAPTION_UTF16_UNITS,
    }
}

/// Which kinds go together in an album; nothing for one that is in none.
fn family(kind: MediaKind) -> Option<MediaKind> {
    match kind {
        MediaKind::Photo | MediaKind::Video => Some(MediaKind::Photo),
        MediaKind::Document | MediaKind::Audio => Some(kind),
        MediaKind::Animation | MediaKind::Voice | MediaKind::VideoNote | MediaKind::Sticker => None,
    }
}

#[cfg(test)]
mod tests {
    use super::MediaKind::{Animation, Audio, Document, Photo, Video, Voice};
    use super::*;

    #[test]
    fn an_album_is_of_kinds_that_go_together() {
        for kinds in [vec![], vec![Voice], vec![Photo, Video, Photo], vec![Document; 10], vec![Audio, Audio]] {
            assert_eq!(check_media(&kinds), Ok(()), "{kinds:?}");
        }
        let mixed = MediaRefusal::Mixed { index: 1, kind: Document, first: Photo };
        assert_eq!(check_media(&[Photo, Document]), Err(mixed));
        assert!(matches!(check_media(&[Document, Audio]), Err(MediaRefusal::Mixed { .. })));
        assert_eq!(check_media(&[Photo, Animation]), Err(MediaRefusal::NotInAlbums { index: 1, kind: Animation }));
        assert_eq!(check_media(&[Voice, Voice]), Err(MediaRefusal::NotInAlbums { index: 0, kind: Voice }));
        assert_eq!(check_media(&[Photo; 11]), Err(MediaRefusal::TooMany { count: 11 }));
    }

    #[test]
    fn a_picture_that_is_too_large_can_go_as_a_document() {
        let eleven_mebibytes = 11 << 20;
        let refusal = check_size(2, Photo, eleven_mebibytes).unwrap_err();
        assert!(refusal.to_string().ends_with("as PHOTO: send it as DOCUMENT"), "{refusal}");
        assert_eq!(check_size(0, Document, eleven_mebibytes), Ok(()));
        let refusal = check_size(0, Document, 51 << 20).unwrap_err();
        assert!(refusal.to_string().ends_with(": make it smaller"), "{refusal}");
    }
}
