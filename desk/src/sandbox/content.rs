//! What a simulated customer sends.

use domain::message::details::Poll;
use domain::message::{Details, Media, MediaKind};
use domain::text::{self, TextRefusal, without_nul};
use serde::{Deserialize, Serialize};

/// What a message is beside its text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct SandboxContent {
    /// The file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media: Option<Media>,
    /// What its kind says: a place, a contact, a poll and so on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub details: Option<Details>,
}

/// What a simulated customer wants to send: a text, a file with or without one, or one thing of another kind.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewContent {
    /// The text or the caption.
    pub text: Option<String>,
    /// The file.
    pub media: Option<Media>,
    /// The things of other kinds, of which there can be one.
    pub details: Vec<Details>,
}

/// Why a simulated customer cannot send something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContentRefusal {
    /// More than one kind of message at once.
    #[error("one message is one thing: a text, or `media` with a caption, or one of the others without a text")]
    Several,
    /// Telegram would not take the text.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// The file has no size that a file can have.
    #[error("a file has 1 to {LARGEST_FILE_BYTES} bytes (4 GB)")]
    FileSize,
    /// The picture has no size that a picture can have.
    #[error("width and height are from 1 to {LONGEST_SIDE} pixels")]
    Sides,
    /// The file plays for no time that a file can play.
    #[error("a duration is from 0 to {LONGEST_SECONDS} seconds (a day)")]
    Duration,
    /// The name of the file or of its type is too long.
    #[error("the name and the type of a file have at most {NAME_CHARACTERS} characters each")]
    FileName,
    /// There is no such place.
    #[error("a place is from -90 to 90 degrees of latitude and from -180 to 180 of longitude")]
    Location,
    /// There can be no such poll.
    #[error("a poll has a question of 1 to 300 characters and 1 to 12 answers of 1 to 100")]
    Poll,
    /// A contact, a venue or a die lacks something.
    #[error("a contact has a telephone number and a name, a venue a title and an address, a die an emoji")]
    Incomplete,
}

/// The largest file of the largest kind of account.
const LARGEST_FILE_BYTES: i64 = 4_000_000_000;
const LONGEST_SIDE: i32 = 10_000;
const LONGEST_SECONDS: i32 = 24 * 60 * 60;
const NAME_CHARACTERS: usize = 255;
const QUESTION_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=300;
const OPTIONS: std::ops::RangeInclusive<usize> = 1..=12;
const OPTION_CHARACTERS: std::ops::RangeInclusive<usize> = 1..=100;

impl NewContent {
    /// The text and the content as Telegram would have them, if it would.
    pub(super) fn checked(&self) -> Result<(String, SandboxContent), ContentRefusal> {
        let text = without_nul(self.text.as_deref().unwrap_or_default()).into_owned();
        let (media, details) = match (&self.media, self.details.as_slice()) {
            (None, []) => {
                text::check(&text)?;
                (None, None)
            }
            (Some(media), []) => {
                text::check_caption(&text)?;
                (Some(checked_file(media)?), None)
            }
            (None, [details]) if text.is_empty() => {
                check_details(details)?;
                (None, Some(details.clone()))
            }
            _ => return Err(ContentRefusal::Several),
        };
        Ok((text, SandboxContent { media, details }))
    }
}

/// The file with what Telegram always says of its kind.
fn checked_file(media: &Media) -> Result<Media, ContentRefusal> {
    if media.size_bytes.is_some_and(|size| !(1..=LARGEST_FILE_BYTES).contains(&size)) {
        return Err(ContentRefusal::FileSize);
    }
    if [media.width, media.height].into_iter().flatten().any(|side| !(1..=LONGEST_SIDE).contains(&side)) {
        return Err(ContentRefusal::Sides);
    }
    if media.duration_seconds.is_some_and(|seconds| !(0..=LONGEST_SECONDS).contains(&seconds)) {
        return Err(ContentRefusal::Duration);
    }
    let is_too_long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.chars().count() > NAME_CHARACTERS);
    if is_too_long(&media.name) || is_too_long(&media.mime_type) {
        return Err(ContentRefusal::FileName);
    }
    let (width, height, seconds) = usual(media.kind);
    Ok(Media {
        width: media.width.or(width),
        height: media.height.or(height),
        duration_seconds: media.duration_seconds.or(seconds),
        ..media.clone()
    })
}

/// The width, the height and the seconds of a file of whose size nobody says anything.
fn usual(kind: MediaKind) -> (Option<i32>, Option<i32>, Option<i32>) {
    match kind {
        MediaKind::Photo => (Some(1280), Some(720), None),
        MediaKind::Video | MediaKind::Animation => (Some(1280), Some(720), Some(5)),
        MediaKind::VideoNote => (Some(240), Some(240), Some(5)),
        MediaKind::Voice | MediaKind::Audio => (None, None, Some(5)),
        MediaKind::Sticker => (Some(512), Some(512), None),
        MediaKind::Document => (None, None, None),
    }
}

fn check_details(details: &Details) -> Result<(), ContentRefusal> {
    let is_place = |latitude: f64, longitude: f64| latitude.abs() <= 90.0 && longitude.abs() <= 180.0;
    match details {
        Details::Location(place) if !is_place(place.latitude, place.longitude) => Err(ContentRefusal::Location),
        Details::Venue(venue) if !is_place(venue.location.latitude, venue.location.longitude) => {
            Err(ContentRefusal::Location)
        }
        Details::Venue(venue) if venue.title.is_empty() || venue.address.is_empty() => Err(ContentRefusal::Incomplete),
        Details::Contact(contact) if contact.phone_number.is_empty() || contact.name.is_empty() => {
            Err(ContentRefusal::Incomplete)
        }
        Details::Dice { emoji, .. } if emoji.is_empty() => Err(ContentRefusal::Incomplete),
        Details::Poll(poll) if !is_poll(poll) => Err(ContentRefusal::Poll),
        _ => Ok(()),
    }
}

fn is_poll(poll: &Poll) -> bool {
    QUESTION_CHARACTERS.contains(&poll.question.chars().count())
        && OPTIONS.contains(&poll.options.len())
        && poll.options.iter().all(|option| OPTION_CHARACTERS.contains(&option.text.chars().count()))
}
