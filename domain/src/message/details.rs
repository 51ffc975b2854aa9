//! What the kind of a message says beside its text and its file.

use serde::{Deserialize, Serialize};

/// What the kind of a message says beside its text and its file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Details {
    /// The card of a person.
    Contact(Contact),
    /// A place, which may move.
    Location(Location),
    /// A place with a name.
    Venue(Venue),
    /// A question with answers to choose from.
    Poll(Poll),
    /// An emoji with a random value.
    Dice {
        /// The emoji.
        emoji: String,
        /// What it shows.
        value: i64,
    },
    /// What a sticker stands for.
    Sticker {
        /// The emoji that it stands for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emoji: Option<String>,
        /// The name of its set.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        set_name: Option<String>,
    },
    /// A story that was forwarded; the Bot API tells no more of it.
    Story {
        /// The name of the chat that posted it.
        posted_by: String,
        /// Its number within that chat.
        story_id: i64,
    },
    /// A button was tapped.
    Press {
        /// What the button says.
        label: String,
    },
    /// Something happened in the chat.
    Service {
        /// What happened, in a few English words.
        summary: String,
        /// The whole of it, as the Bot API's JSON.
        json: String,
    },
    /// Something that this version has no words for.
    Unsupported {
        /// The whole of it, as the Bot API's JSON.
        json: String,
    },
}

/// The card of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// The telephone number.
    pub phone_number: String,
    /// First and last name.
    pub name: String,
    /// The number in Telegram, for a person who is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telegram_user_id: Option<i64>,
    /// More about the person, as a vCard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vcard: Option<String>,
}

/// A place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Location {
    /// Degrees to the north.
    pub latitude: f64,
    /// Degrees to the east.
    pub longitude: f64,
    /// How far off it may be, in metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accuracy_metres: Option<f64>,
    /// For how many seconds after it was sent it moves along; empty for a place that stays.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live_period_seconds: Option<i64>,
}

/// A place with a name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Venue {
    /// Where it is.
    pub location: Location,
    /// Its name.
    pub title: String,
    /// Its address.
    pub address: String,
}

/// A question with answers to choose from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Poll {
    /// Its number in Telegram.
    pub id: String,
    /// The question.
    pub question: String,
    /// The answers.
    pub options: Vec<PollOption>,
    /// How many have voted.
    pub total_voter_count: i64,
    /// Whether nobody can vote any more.
    pub closed: bool,
}

/// An answer of a poll.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PollOption {
    /// What it says.
    pub text: String,
    /// How many have chosen it.
    pub voter_count: i64,
}
