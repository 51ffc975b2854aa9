//! What people do that is no message.

use desk::intake::Decoded;
use desk::message::Incoming;
use domain::message::{Content, Details};
use domain::{ChatId, Direction};

use super::{party, substance, thread};
use crate::telegram::fields::Fields;
use crate::telegram::storable;
use crate::telegram::update::{Chat, Parsed, User, subject};

/// What somebody did, if it can be said who did it or where.
pub(super) fn read(update: &Parsed<'_>) -> Option<Decoded> {
    let Parsed { kind, body, json, .. } = update;
    let user = subject(body).and_then(|user| User::read(&user));
    let chat = if happens_alone(kind) { None } else { chat_of(body) };
    let (chat_id, customer, writer) = match (chat, user) {
        (Some(chat), Some(user)) if user.id.0 == chat.id.0 => (chat.id, user.profile(), None),
        (Some(chat), user) => (chat.id, chat.profile(), user),
        (None, Some(user)) if !user.is_bot => (ChatId(user.id.0), user.profile(), None),
        (None, _) => return None,
    };
    let (text, entities) = words(kind, body).unwrap_or_default();
    let json = json.and_then(storable).unwrap_or_else(|| substance::NOTHING.to_owned());
    Some(Decoded::Activity(Box::new(Incoming {
        chat_id,
        customer,
        direction: Direction::Inbound,
        telegram_message_id: 0,
        kind: kind.clone(),
        text,
        entities,
        reply_to: None,
        album_id: None,
        sent_at: body.moment("date"),
        content: Content {
            details: Some(Details::Service { summary: summary(kind, body), json }),
            writer: writer.as_ref().map(party::user_as_writer),
            thread: thread::of(body),
            ..Content::default()
        },
    })))
}

/// Whether the chat of an update of this kind is one in which the bot does not talk with the person.
fn happens_alone(kind: &str) -> bool {
    matches!(kind, "guest_message" | "chat_join_request")
}

fn chat_of(body: &Fields<'_>) -> Option<Chat> {
    Chat::of(body, "chat").or_else(|| Chat::of(body, "voter_chat"))
}

/// What was typed.
fn words(kind: &str, body: &Fields<'_>) -> Option<(String, Option<String>)> {
    match kind {
        "inline_query" | "chosen_inline_result" => Some((body.string("query")?, None)),
        "chat_join_request" => Some((body.string("bio")?, None)),
        _ => substance::text(body),
    }
}

/// What happened.
fn summary(kind: &str, body: &Fields<'_>) -> String {
    let of_chat = |what: &str| match Chat::of(body, "chat").map(|chat| chat.name) {
        Some(chat) => format!("{what} {chat}"),
        None => format!("{what} a chat"),
    };
    match kind {
        "business_connection" if body.is_true("is_enabled") => "The bot was connected to a business account".to_owned(),
        "business_connection" => "The bot was disconnected from a business account".to_owned(),
        "guest_message" => of_chat("The bot was called from"),
        "inline_query" => "An inline query was typed".to_owned(),
        "chosen_inline_result" => "A result of an inline query was chosen".to_owned(),
        "shipping_query" => "The ways of shipping were asked for".to_owned(),
        "pre_checkout_query" => "A payment is about to be made".to_owned(),
        "purchased_paid_media" => "Paid media was bought".to_owned(),
        "poll_answer" if body.items("option_ids").is_empty() => "A vote in a poll was taken back".to_owned(),
        "poll_answer" => "A vote was given in a poll".to_owned(),
        "chat_member" => membership(body),
        "chat_join_request" => of_chat("Wants to join"),
        "chat_boost" => "The chat was boosted".to_owned(),
        "removed_chat_boost" => "A boost of the chat has ended".to_owned(),
        "managed_bot" => match User::of(body, "bot") {
            Some(bot) => format!("A managed bot was created or changed: {}", bot.name),
            None => "A managed bot was created or changed".to_owned(),
        },
        "subscription" => match body.string("state") {
            Some(state) => format!("A subscription has changed: {state}"),
            None => "A subscription has changed".to_owned(),
        },
        "stopped_message_generation" => "The writing of an answer was stopped".to_owned(),
        other => format!("Something that this version does not know: {}", other.replace('_', " ")),
    }
}

fn membership(body: &Fields<'_>) -> String {
    let member = body.object("new_chat_member").unwrap_or_default();
    let name = User::of(&member, "user").map_or_else(|| "somebody".to_owned(), |user| user.name);
    match member.string("status") {
        Some(status) => format!("The membership of {name} has changed: {status}"),
        None => format!("The membership of {name} has changed"),
    }
}
