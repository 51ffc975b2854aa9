//! What the kind of a message says beside text and file.

use async_graphql::{SimpleObject, Union};
use domain::message::{Details, details};

use crate::schema::scalar::Json;

/// What the kind of a message says beside text and file.
#[derive(Union)]
pub(crate) enum MessageDetails {
    /// The card of a person.
    Contact(MessageContact),
    /// A place.
    Location(MessageLocation),
    /// A place with a name.
    Venue(MessageVenue),
    /// A question with answers.
    Poll(MessagePoll),
    /// An emoji with a random value.
    Dice(MessageDice),
    /// What a sticker stands for.
    Sticker(MessageSticker),
    /// A forwarded story.
    Story(MessageStory),
    /// A button was tapped.
    ButtonPress(MessageButtonPress),
    /// Something happened in the chat.
    Service(MessageService),
    /// Something that this version has no words for.
    Unsupported(MessageUnsupported),
}

/// The card of a person that a message holds.
#[derive(SimpleObject)]
pub(crate) struct MessageContact {
    /// The telephone number, as it was sent.
    phone_number: String,
    /// First and last name.
    name: String,
    /// The number of the person in Telegram, in decimal digits. Null if they are not known to be there.
    telegram_user_id: Option<String>,
    /// More about the person, as a vCard (RFC 6350). Null if there is no more.
    vcard: Option<String>,
}

/// A place that a message shows.
#[derive(SimpleObject)]
pub(crate) struct MessageLocation {
    /// Degrees to the north, below zero to the south.
    latitude: f64,
    /// Degrees to the east, below zero to the west.
    longitude: f64,
    /// How far off the place may be, in metres. Null if nobody says.
    accuracy_metres: Option<f64>,
    /// For how many seconds after it was sent the place moves along. Null for one that stays.
    live_period_seconds: Option<i64>,
}

/// A place with a name that a message shows.
#[derive(SimpleObject)]
pub(crate) struct MessageVenue {
    /// Where the place is.
    location: MessageLocation,
    /// The name of the place.
    title: String,
    /// The address of the place.
    address: String,
}

/// A question with answers to choose from.
#[derive(SimpleObject)]
pub(crate) struct MessagePoll {
    /// The number of the poll in Telegram.
    telegram_poll_id: String,
    /// The question.
    question: String,
    /// The answers to choose from.
    options: Vec<MessagePollOption>,
    /// How many have voted.
    total_voter_count: i64,
    /// Whether nobody can vote any more.
    closed: bool,
}

/// An answer of a poll.
#[derive(SimpleObject)]
pub(crate) struct MessagePollOption {
    /// What the answer says.
    text: String,
    /// How many have chosen it.
    voter_count: i64,
}

/// An emoji with a random value, such as a die.
#[derive(SimpleObject)]
pub(crate) struct MessageDice {
    /// The emoji.
    emoji: String,
    /// What it shows, from 1 on.
    value: i64,
}

/// What a sticker stands for. Its picture is the `media` of the message.
#[derive(SimpleObject)]
pub(crate) struct MessageSticker {
    /// The emoji that it stands for. Null if it stands for none.
    emoji: Option<String>,
    /// The name of its set. Null if it is in none.
    set_name: Option<String>,
}

/// A story that was forwarded. Telegram tells bots no more of it.
#[derive(SimpleObject)]
pub(crate) struct MessageStory {
    /// The name of the chat that posted it.
    posted_by: String,
    /// The number of the story within that chat, in decimal digits.
    telegram_story_id: String,
}

/// That a button was tapped.
#[derive(SimpleObject)]
pub(crate) struct MessageButtonPress {
    /// What the button says.
    label: String,
}

/// That something happened in the chat which nobody wrote, such as that somebody joined.
#[derive(SimpleObject)]
pub(crate) struct MessageService {
    /// What happened, in a few English words.
    summary: String,
    /// What Telegram sent of it, which is what the Bot API has in the field that the `kind` of the message names; the
    /// whole message if it names none.
    json: Json,
}

/// A message that this version of the desk has no words for.
#[derive(SimpleObject)]
pub(crate) struct MessageUnsupported {
    /// What Telegram sent of it, which is what the Bot API has in the field that the `kind` of the message names; the
    /// whole message if it names none.
    json: Json,
}

impl From<Details> for MessageDetails {
    fn from(details: Details) -> Self {
        match details {
            Details::Contact(contact) => Self::Contact(MessageContact {
                phone_number: contact.phone_number,
                name: contact.name,
                telegram_user_id: contact.telegram_user_id.map(|id| id.to_string()),
                vcard: contact.vcard,
            }),
            Details::Location(location) => Self::Location(location.into()),
            Details::Venue(venue) => Self::Venue(MessageVenue {
                location: venue.location.into(),
                title: venue.title,
                address: venue.address,
            }),
            Details::Poll(poll) => Self::Poll(MessagePoll {
                telegram_poll_id: poll.id,
                question: poll.question,
                options: poll.options.into_iter().map(MessagePollOption::from).collect(),
                total_voter_count: poll.total_voter_count,
                closed: poll.closed,
            }),
            Details::Dice { emoji, value } => Self::Dice(MessageDice { emoji, value }),
            Details::Sticker { emoji, set_name } => Self::Sticker(MessageSticker { emoji, set_name }),
            Details::Story { posted_by, story_id } => {
                Self::Story(MessageStory { posted_by, telegram_story_id: story_id.to_string() })
            }
            Details::Press { label } => Self::ButtonPress(MessageButtonPress { label }),
            Details::Service { summary, json } => Self::Service(MessageService { summary, json: Json(json) }),
            Details::Unsupported { json } => Self::Unsupported(MessageUnsupported { json: Json(json) }),
        }
    }
}

impl From<details::Location> for MessageLocation {
    fn from(location: details::Location) -> Self {
        Self {
            latitude: location.latitude,
            longitude: location.longitude,
            accuracy_metres: location.accuracy_metres,
            live_period_seconds: location.live_period_seconds,
        }
    }
}

impl From<details::PollOption> for MessagePollOption {
    fn from(option: details::PollOption) -> Self {
        Self { text: option.text, voter_count: option.voter_count }
    }
}
