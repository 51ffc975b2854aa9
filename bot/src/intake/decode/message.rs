//! Messages.

use desk::intake::{Decoded, Migration};
use desk::message::Incoming;
use domain::ChatId;
use domain::message::Content;

use super::party::Party;
use super::substance::{Substance, buttons};
use super::{origin, service, thread};
use crate::telegram::fields::Fields;
use crate::telegram::update::{Chat, ChatKind, Parsed};

/// A new message: anything with a chat and a number in it.
pub(super) fn written(update: &Parsed<'_>) -> Option<Decoded> {
    let message = &update.body;
    let chat = Chat::of(message, "chat")?;
    message.integer("message_id")?;
    if let Some(migration) = migration(&chat, message) {
        return Some(Decoded::Migration(migration));
    }
    Some(match read(update)? {
        Voice::Own => Decoded::Nothing,
        Voice::Beside(incoming) => Decoded::Activity(incoming),
        Voice::Spoken(incoming) => Decoded::Message(incoming),
    })
}

/// The new version of a message. That of one which counts for nothing does not, either.
pub(super) fn edited(update: &Parsed<'_>) -> Option<Decoded> {
    Some(match read(update)? {
        Voice::Own | Voice::Beside(_) => Decoded::Nothing,
        Voice::Spoken(incoming) => Decoded::Edit(incoming),
    })
}

/// What a message is worth.
enum Voice {
    /// The bot's own: the desk knows it.
    Own,
    /// It happened beside the conversation: no person said it, or not to the bot.
    Beside(Box<Incoming>),
    /// Somebody said it.
    Spoken(Box<Incoming>),
}

fn read(update: &Parsed<'_>) -> Option<Voice> {
    let message = &update.body;
    let chat = Chat::of(message, "chat")?;
    let telegram_message_id = message.integer("message_id")?;
    let party = Party::of(&chat, message);
    // The bot wrote it in the name of the account, or alone with somebody who is not a bot.
    if message.object("sender_business_bot").is_some() || party.by_bot && is_partner_of_bot(&chat, message) {
        return Some(Voice::Own);
    }
    let substance = Substance::of(message, update.json);
    let is_beside = party.by_bot || substance.is_mere_event();
    let reply_to = answered(message).or_else(|| service::about(&substance.kind, message));
    let written_at = message.moment("date");
    let incoming = Box::new(Incoming {
        chat_id: chat.id,
        customer: party.customer,
        direction: party.direction,
        telegram_message_id,
        kind: substance.kind,
        text: substance.text,
        entities: substance.entities,
        reply_to,
        album_id: message.string("media_group_id"),
        sent_at: message.moment("edit_date").or(written_at),
        content: Content {
            media: substance.media,
            details: substance.details,
            forward: origin::forward(message, written_at),
            quote: origin::quote(message),
            writer: party.writer,
            thread: thread::of(message),
            buttons: buttons(message),
            ..Content::default()
        },
    });
    Some(if is_beside { Voice::Beside(incoming) } else { Voice::Spoken(incoming) })
}

/// Whether a bot that wrote in this chat is ours: a private chat has one other side.
fn is_partner_of_bot(chat: &Chat, message: &Fields<'_>) -> bool {
    let writer = message.object("from").and_then(|from| from.integer("id"));
    chat.kind == ChatKind::Private && writer != Some(chat.id.0)
}

/// Both chats tell of it: the group that it was, and the supergroup that it is.
fn migration(chat: &Chat, message: &Fields<'_>) -> Option<Migration> {
    let to = message.integer("migrate_to_chat_id").map(|to| Migration { from: chat.id, to: ChatId(to) });
    let from = || message.integer("migrate_from_chat_id").map(|from| Migration { from: ChatId(from), to: chat.id });
    to.or_else(from).filter(|migration| migration.from != migration.to)
}

/// The number of the message that this one answers. Every message of a topic is an answer to the opening of the
/// topic, if to nothing else; that is no answer.
fn answered(message: &Fields<'_>) -> Option<i64> {
    let original = message.object("reply_to_message")?;
    let number = original.integer("message_id")?;
    let opens_topic = original.raw("forum_topic_created").is_some();
    (!opens_topic || message.integer("message_thread_id") != Some(number)).then_some(number)
}
