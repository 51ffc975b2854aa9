//! What simulated customers send beside text.

use async_graphql::InputObject;
use domain::message::{Details, Media, details};

use crate::schema::message::MediaKind;
use crate::schema::scalar::Long;

/// A file of a simulated customer. Its bytes are made up: a black picture for photos and stickers, lines of text for the
/// others.
#[derive(InputObject)]
pub(crate) struct SandboxMediaInput {
    /// What it is to Telegram.
    kind: MediaKind,
    /// The name of the file, at most 255 characters. Null or left out: it has none.
    name: Option<String>,
    /// The MIME type, at most 255 characters. Null or left out: Telegram says none.
    mime_type: Option<String>,
    /// The size in bytes, from 1 to 4000000000. Telegram hands bots no file over 20 MB. Null or left out: 2000,
    /// and for photos and stickers what their picture needs.
    size_bytes: Option<Long>,
    /// The width in pixels, from 1 to 10000. Null or left out: what is usual for the kind.
    width: Option<i32>,
    /// The height in pixels, from 1 to 10000. Null or left out: what is usual for the kind.
    height: Option<i32>,
    /// How long it plays, in seconds, from 0 to 86400. Null or left out: 5, for what plays.
    duration_seconds: Option<i32>,
}

impl From<SandboxMediaInput> for Media {
    fn from(input: SandboxMediaInput) -> Self {
        Self {
            size_bytes: input.size_bytes.map(|Long(size)| size),
            name: input.name,
            mime_type: input.mime_type,
            width: input.width,
            height: input.height,
            duration_seconds: input.duration_seconds,
            ..Self::new(input.kind.into())
        }
    }
}

/// A place that a simulated customer sends.
#[derive(InputObject)]
pub(crate) struct SandboxLocationInput {
    /// Degrees to the north, from -90 to 90.
    latitude: f64,
    /// Degrees to the east, from -180 to 180.
    longitude: f64,
    /// For how many seconds it moves along. Null or left out: it stays.
    live_period_seconds: Option<i32>,
}

impl From<SandboxLocationInput> for details::Location {
    fn from(input: SandboxLocationInput) -> Self {
        Self {
            latitude: input.latitude,
            longitude: input.longitude,
            accuracy_metres: None,
            live_period_seconds: input.live_period_seconds.map(i64::from),
        }
    }
}

/// A place with a name that a simulated customer sends.
#[derive(InputObject)]
pub(crate) struct SandboxVenueInput {
    /// Where it is.
    location: SandboxLocationInput,
    /// Its name.
    title: String,
    /// Its address.
    address: String,
}

/// The card of a person that a simulated customer sends.
#[derive(InputObject)]
pub(crate) struct SandboxContactInput {
    /// The telephone number.
    phone_number: String,
    /// The name.
    name: String,
    /// More about the person, as a vCard (RFC 6350). Null or left out: there is no more.
    vcard: Option<String>,
}

/// A question with answers to choose from that a simulated customer sends.
#[derive(InputObject)]
pub(crate) struct SandboxPollInput {
    /// The question: 1 to 300 characters.
    question: String,
    /// The answers: 1 to 12, each of 1 to 100 characters.
    options: Vec<String>,
}

/// An emoji with a value that a simulated customer sends, such as a die.
#[derive(InputObject)]
pub(crate) struct SandboxDiceInput {
    /// The emoji.
    #[graphql(default_with = "\"🎲\".to_owned()")]
    emoji: String,
    /// What it shows.
    value: i32,
}

/// The kinds of messages that are neither text nor file, of which one message can be one.
pub(super) struct Others {
    pub(super) location: Option<SandboxLocationInput>,
    pub(super) venue: Option<SandboxVenueInput>,
    pub(super) contact: Option<SandboxContactInput>,
    pub(super) poll: Option<SandboxPollInput>,
    pub(super) dice: Option<SandboxDiceInput>,
}

impl Others {
    /// Those that were given.
    pub(super) fn given(self) -> Vec<Details> {
        let given = [
            self.location.map(|place| Details::Location(place.into())),
            self.venue.map(|venue| {
                Details::Venue(details::Venue {
                    location: venue.location.into(),
                    title: venue.title,
                    address: venue.address,
                })
            }),
            self.contact.map(|contact| {
                Details::Contact(details::Contact {
                    phone_number: contact.phone_number,
                    name: contact.name,
                    telegram_user_id: None,
                    vcard: contact.vcard,
                })
            }),
            self.poll.map(|poll| {
                let options = poll.options.into_iter();
                Details::Poll(details::Poll {
                    id: String::new(),
                    question: poll.question,
                    options: options.map(|text| details::PollOption { text, voter_count: 0 }).collect(),
                    total_voter_count: 0,
                    closed: false,
                })
            }),
            self.dice.map(|dice| Details::Dice { emoji: dice.emoji, value: dice.value.into() }),
        ];
        given.into_iter().flatten().collect()
    }
}
