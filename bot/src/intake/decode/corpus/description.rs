//! What an update was read as, in lines that people can check.

use std::fmt::Write;

use desk::intake::Decoded;
use desk::message::Incoming;
use domain::customer::Profile;
use domain::message::{Content, Details, Media, Thread};

use crate::telegram::Update;
use crate::telegram::update::RoutingKey;

/// Says what becomes of an update: whose it is and what it is kept in order with, and then all that is not empty.
pub(in crate::intake::decode) fn describe(raw: &str, decoded: &Decoded) -> String {
    let update = Update::decode(raw).unwrap();
    let user = update.user_id.map_or_else(|| "nobody".to_owned(), |user| user.0.to_string());
    // The number of a tap is a hash, which another compiler may make otherwise.
    let order = match update.routing_key {
        RoutingKey::Tap(_) => "itself".to_owned(),
        key => format!("{key:?}"),
    };
    let mut lines = vec![format!("{} of {user}, in order with {order}", update.kind)];
    match decoded {
        Decoded::Message(incoming) => message("Message", incoming, &mut lines),
        Decoded::Edit(incoming) => message("Edit", incoming, &mut lines),
        Decoded::Activity(incoming) => message("Activity", incoming, &mut lines),
        Decoded::Reaction(change) => {
            lines.push(format!(
                "Reaction to #{} in {}{}",
                change.telegram_message_id,
                change.chat_id.0,
                thread(&change.thread)
            ));
            lines.push(format!("{:?}", change.reactions));
        }
        Decoded::Press(press) => {
            let chat = press.chat_id.map_or_else(|| "nowhere".to_owned(), |chat| chat.0.to_string());
            let number = press.telegram_message_id.map(|number| format!(" #{number}")).unwrap_or_default();
            lines.push(format!("Press {} in {chat}{number}{}", press.callback_id, thread(&press.thread)));
            lines.push(format!("by {}", profile(&press.profile)));
            lines.extend(press.data.as_ref().map(|data| format!("data {data:?}")));
        }
        Decoded::Reachability(it) => {
            lines.push(format!("Reachability {} in {} at {}", it.reachable, it.chat_id.0, it.at.timestamp()));
            lines.push(format!("of {}", profile(&it.profile)));
        }
        Decoded::Membership(it) => {
            lines.push(format!("Membership {} in {} at {}", it.member, it.chat_id.0, it.at.timestamp()));
            lines.push(format!("of {}", profile(&it.chat)));
            lines.push(format!("by {}", profile(&it.by)));
        }
        Decoded::Migration(it) => lines.push(format!("Migration from {} to {}", it.from.0, it.to.0)),
        Decoded::Deletion(it) => {
            lines.push(format!("Deletion of {:?} in {}{}", it.telegram_message_ids, it.chat_id.0, thread(&it.thread)));
        }
        Decoded::PollState(poll) => lines.push(format!("{poll:?}")),
        Decoded::Nothing => lines.push("Nothing".to_owned()),
    }
    lines.iter().fold(String::new(), |mut text, line| {
        writeln!(text, "  {line}").unwrap();
        text
    })
}

fn message(what: &str, it: &Incoming, lines: &mut Vec<String>) {
    let at = it.sent_at.map(|at| format!(" at {}", at.timestamp())).unwrap_or_default();
    lines.push(format!(
        "{what} {} #{} in {}{}{at}",
        it.direction.name(),
        it.telegram_message_id,
        it.chat_id.0,
        thread(&it.content.thread)
    ));
    lines.push(format!("of {}", profile(&it.customer)));
    lines.push(format!("{} {:?}", it.kind, it.text));
    lines.extend(it.entities.as_ref().map(|entities| format!("entities {entities}")));
    lines.extend(it.reply_to.map(|number| format!("reply to #{number}")));
    lines.extend(it.album_id.as_ref().map(|album| format!("album {album}")));
    let Content { media, details, forward, quote, writer, thread: _, buttons, reactions } = &it.content;
    lines.extend(media.as_ref().map(file));
    lines.extend(details.as_ref().map(particulars));
    lines.extend(forward.as_ref().map(|it| format!("forward from {:?} at {}", it.from, it.sent_at.timestamp())));
    lines.extend(quote.as_ref().map(|it| format!("quote {:?} entities {:?}", it.text, it.entities)));
    lines.extend(writer.as_ref().map(|it| format!("writer {} {:?} {:?}", it.telegram_id, it.name, it.username)));
    lines.extend(buttons.iter().map(|row| format!("buttons {row:?}")));
    lines.extend(reactions.iter().map(|it| format!("reaction {it:?}")));
}

fn profile(it: &Profile) -> String {
    let mut text = format!("{} {} {:?}", it.kind.name(), it.telegram_user_id.0, it.name);
    text.extend(it.username.as_ref().map(|username| format!(" @{username}")));
    text.extend(it.language_code.as_ref().map(|language| format!(" {language}")));
    text
}

fn thread(it: &Thread) -> String {
    let mut text = String::new();
    text.extend(it.business_connection_id.as_ref().map(|id| format!(" connection {id}")));
    text.extend(it.message_thread_id.map(|id| format!(" topic {id}")));
    text.extend(it.direct_messages_topic_id.map(|id| format!(" direct messages {id}")));
    text
}

fn file(it: &Media) -> String {
    let mut text = format!("media {}", it.kind.name());
    text.extend(it.telegram_file_id.as_ref().map(|id| format!(" {id}")));
    text.extend(it.telegram_unique_id.as_ref().map(|id| format!(" {id}")));
    text.extend(it.size_bytes.map(|bytes| format!(" {bytes} bytes")));
    text.extend(it.name.as_ref().map(|name| format!(" {name:?}")));
    text.extend(it.mime_type.as_ref().map(|mime_type| format!(" {mime_type}")));
    text.extend(it.width.zip(it.height).map(|(width, height)| format!(" {width}x{height}")));
    text.extend(it.duration_seconds.map(|seconds| format!(" {seconds} s")));
    text
}

/// The details; of JSON the beginning will do.
fn particulars(it: &Details) -> String {
    let start = |json: &str| json.chars().take(60).collect::<String>();
    match it {
        Details::Service { summary, json } => format!("service {summary:?} {}", start(json)),
        Details::Unsupported { json } => format!("unsupported {}", start(json)),
        other => format!("{other:?}"),
    }
}
