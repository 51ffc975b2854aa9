//! The words of messages that have them elsewhere than in a text or a caption.

use serde_json::Value;

use crate::telegram::fields::Fields;

/// What a message of this kind says in words.
pub(super) fn of(kind: &str, message: &Fields<'_>) -> Option<String> {
    let object = message.object(kind)?;
    let lines = match kind {
        "game" | "invoice" => vec![object.string("title"), object.string("description")],
        "gift" => vec![object.string("text")],
        "giveaway" | "giveaway_winners" => vec![object.string("prize_description")],
        "checklist" => checklist(&object),
        "rich_message" => vec![rich_text(&object)],
        _ => Vec::new(),
    };
    let lines: Vec<_> = lines.into_iter().flatten().filter(|line| !line.is_empty()).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// The title, and each task with a mark.
fn checklist(list: &Fields<'_>) -> Vec<Option<String>> {
    let task = |task: Fields<'_>| {
        let is_done = task.integer("completion_date").is_some_and(|date| date > 0);
        Some(format!("{} {}", if is_done { "☑" } else { "☐" }, task.string("text")?))
    };
    let tasks = list.objects("tasks").into_iter().map(task);
    std::iter::once(list.string("title")).chain(tasks).collect()
}

/// The words of a rich message, without its formatting: blocks are lines
/// (<https://core.telegram.org/bots/api#richmessage>).
fn rich_text(message: &Fields<'_>) -> Option<String> {
    let blocks: Value = serde_json::from_str(&message.json("blocks")?).ok()?;
    let mut text = String::new();
    write_words(&blocks, "blocks", &mut text);
    Some(text.trim().to_owned())
}

/// Where the words of a block are, in the order in which they are shown.
const WORDS: [&str; 15] = [
    "label",
    "summary",
    "alternative_text",
    "expression",
    "button",
    "text",
    "blocks",
    "items",
    "cells",
    "rows",
    "buttons",
    "media",
    "caption",
    "credit",
    "footer",
];
/// Lists of which each item stands on a line of its own.
const LINES: [&str; 5] = ["blocks", "items", "cells", "rows", "buttons"];

fn write_words(value: &Value, name: &str, text: &mut String) {
    match value {
        Value::String(words) => text.push_str(words),
        Value::Array(items) => {
            for item in items {
                write_words(item, "", text);
                if LINES.contains(&name) && !text.ends_with('\n') {
                    text.push('\n');
                }
            }
        }
        Value::Object(fields) => {
            for name in WORDS {
                let Some(inner) = fields.get(name) else { continue };
                if !text.is_empty() && !text.ends_with(char::is_whitespace) && name != "text" {
                    text.push(' ');
                }
                write_words(inner, name, text);
            }
            // The cells of a table are objects beside each other, as the parts of a text are; only the cells are aligned.
            if fields.contains_key("align") && !text.ends_with('\n') {
                text.push('\t');
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
