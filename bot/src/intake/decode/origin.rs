//! Where a message was forwarded from, and what it answers elsewhere.

use domain::Time;
use domain::message::{Forward, Quote};

use super::substance::entities;
use crate::telegram::fields::Fields;
use crate::telegram::update::{Chat, User, known_kind};

/// Where a message was forwarded from.
pub(super) fn forward(message: &Fields<'_>, sent_at: Option<Time>) -> Option<Forward> {
    let origin = message.object("forward_origin")?;
    let sent_at = origin.moment("date").or(sent_at).unwrap_or(Time::UNIX_EPOCH);
    Some(Forward { from: name_of(&origin).unwrap_or_default(), sent_at })
}

/// The part of another message that is answered. Of a message in another chat, and of a story, Telegram may tell
/// nothing that could be quoted; then it is said what it was, in brackets.
pub(super) fn quote(message: &Fields<'_>) -> Option<Quote> {
    let quoted = message
        .object("quote")
        .and_then(|quote| Some(Quote { text: quote.string("text")?, entities: entities(&quote, "entities") }));
    let described = || {
        let elsewhere = message.object("external_reply");
        let story = message.object("reply_to_story");
        let description = match (elsewhere, story) {
            (Some(reply), _) => {
                let kind = known_kind(&reply).unwrap_or("message");
                described(kind, reply.object("origin").and_then(|origin| name_of(&origin)))
            }
            (None, Some(story)) => described("story", Chat::of(&story, "chat").map(|chat| chat.name)),
            (None, None) => return None,
        };
        Some(Quote { text: description, entities: None })
    };
    quoted.or_else(described)
}

fn described(kind: &str, name: Option<String>) -> String {
    let kind = kind.replace('_', " ");
    match name {
        Some(name) => format!("[{kind} from {name}]"),
        None => format!("[{kind}]"),
    }
}

/// The name of whoever wrote the original, as far as Telegram tells it. The signature says who wrote in the name of a
/// chat.
fn name_of(origin: &Fields<'_>) -> Option<String> {
    let user = || User::of(origin, "sender_user").map(|user| user.name);
    let hidden = || origin.string("sender_user_name");
    let chat = || Chat::of(origin, "sender_chat").or_else(|| Chat::of(origin, "chat")).map(|chat| chat.name);
    let name = user().or_else(hidden).or_else(chat)?;
    Some(match origin.string("author_signature") {
        Some(signature) => format!("{name} ({signature})"),
        None => name,
    })
}
