//! What a message holds beside text and file.

use domain::message::Details;
use domain::message::details::{Contact, Location, Poll, PollOption, Venue};

use crate::telegram::fields::Fields;
use crate::telegram::update::{Chat, full_name};

/// What a message of this kind holds, as far as there are words for it.
pub(super) fn of(kind: &str, message: &Fields<'_>) -> Option<Details> {
    let object = message.object(kind)?;
    match kind {
        "contact" => contact(&object).map(Details::Contact),
        "location" => location(&object).map(Details::Location),
        "venue" => venue(&object).map(Details::Venue),
        "poll" => poll(&object).map(Details::Poll),
        "dice" => Some(Details::Dice { emoji: object.string("emoji")?, value: object.integer("value")? }),
        "sticker" => Some(Details::Sticker { emoji: object.string("emoji"), set_name: object.string("set_name") }),
        "story" => {
            let chat = Chat::of(&object, "chat")?;
            Some(Details::Story { posted_by: chat.name, story_id: object.integer("id")? })
        }
        _ => None,
    }
}

fn contact(fields: &Fields<'_>) -> Option<Contact> {
    Some(Contact {
        phone_number: fields.string("phone_number")?,
        name: full_name(fields),
        telegram_user_id: fields.integer("user_id"),
        vcard: fields.string("vcard"),
    })
}

fn location(fields: &Fields<'_>) -> Option<Location> {
    let degrees = |name, most: f64| fields.number(name).filter(|degrees| degrees.abs() <= most);
    Some(Location {
        latitude: degrees("latitude", 90.0)?,
        longitude: degrees("longitude", 180.0)?,
        accuracy_metres: fields.number("horizontal_accuracy").filter(|metres| *metres >= 0.0),
        live_period_seconds: fields.integer("live_period").filter(|seconds| *seconds > 0),
    })
}

fn venue(fields: &Fields<'_>) -> Option<Venue> {
    Some(Venue {
        location: location(&fields.object("location")?)?,
        title: fields.string("title")?,
        address: fields.string("address").unwrap_or_default(),
    })
}

/// A poll, whether it stands in a message or alone.
pub(super) fn poll(fields: &Fields<'_>) -> Option<Poll> {
    let count = |fields: &Fields<'_>, name| fields.integer(name).unwrap_or_default().max(0);
    let option = |option: &Fields<'_>| {
        Some(PollOption { text: option.string("text")?, voter_count: count(option, "voter_count") })
    };
    Some(Poll {
        id: fields.string("id")?,
        question: fields.string("question").unwrap_or_default(),
        options: fields.objects("options").iter().filter_map(option).collect(),
        total_voter_count: count(fields, "total_voter_count"),
        closed: fields.is_true("is_closed"),
    })
}
