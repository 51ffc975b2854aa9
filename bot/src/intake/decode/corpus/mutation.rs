//! Updates in which something is missing, or something else than one would think.

use desk::intake::{Decode, Decoded};
use desk::message::Incoming;
use domain::message::Details;
use serde_json::{Value, json};

use super::{Entry, TelegramUpdates, decoded, entries};

/// Whatever stands where something else should.
fn replacements() -> [Value; 8] {
    [json!(null), json!(-1), json!(1.5), json!(u64::MAX), json!("x"), json!([]), json!([[{}]]), json!({})]
}

/// How deep a place may be that is tried.
const DEEPEST: usize = 4;

/// Every place within the value, by JSON pointer.
pub(in crate::intake::decode) fn places(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut visit = |name: &str, inner: &Value| {
        let place = format!("{at}/{name}");
        found.push(place.clone());
        places(inner, &place, found);
    };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, inner)| visit(name, inner)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, inner)| visit(&index.to_string(), inner)),
        _ => {}
    }
}

/// Takes out what stands in a place.
pub(in crate::intake::decode) fn remove(value: &mut Value, place: &str) {
    let (parent, name) = place.rsplit_once('/').unwrap();
    match value.pointer_mut(parent) {
        Some(Value::Object(fields)) => drop(fields.remove(name)),
        Some(Value::Array(items)) => drop(items.remove(name.parse().unwrap())),
        _ => {}
    }
}

/// Whether what becomes of a changed update still is what became of the whole one.
fn is_kept(entry: &Entry, whole: &Decoded, changed: &Decoded) -> bool {
    // Who is no bot in the name of a chat is a bot.
    let by_bot = entry.body().get("from").is_some_and(|from| from["is_bot"] == true);
    match whole {
        Decoded::Message(_) => matches!(changed, Decoded::Message(_)) || by_bot,
        Decoded::Edit(_) => matches!(changed, Decoded::Edit(_)) || by_bot,
        // What happened may be lost, and an empty message then is all there is to show.
        Decoded::Activity(_) => matches!(changed, Decoded::Activity(_) | Decoded::Message(_)) || by_bot,
        _ => true,
    }
}

#[test]
fn a_message_stays_a_message_whatever_becomes_of_a_part_of_it() {
    for entry in entries() {
        let whole = decoded(&entry.update);
        let mut found = Vec::new();
        places(&entry.update[&entry.kind], &format!("/{}", entry.kind), &mut found);
        // Deeper ones are within what is kept as it came.
        found.retain(|place| place.matches('/').count() <= DEEPEST);
        let identity = ["chat", "chat/id", "message_id"].map(|name| format!("/{}/{name}", entry.kind));
        for place in found {
            let is_lost = !entry.is_message() || identity.contains(&place);
            let judge = |changed: &Value| {
                let read = decoded(changed);
                assert!(is_lost || is_kept(&entry, &whole, &read), "{} at {place}: {changed}", entry.name);
            };
            for replacement in replacements() {
                let mut changed = entry.update.clone();
                *changed.pointer_mut(&place).unwrap() = replacement;
                judge(&changed);
            }
            let mut changed = entry.update.clone();
            remove(&mut changed, &place);
            judge(&changed);
        }
    }
}

#[test]
fn nothing_gets_through_that_a_database_refuses() {
    for entry in entries() {
        for odd in [r"\u0000", r"\ud800", r"\udc00\ud800", r"\\\u0000"] {
            let mut marked = entry.update.clone();
            mark_strings(&mut marked);
            let raw = marked.to_string().replace("MARK", odd);
            let Ok(read) = TelegramUpdates.decode(&raw) else { panic!("{} is refused: {raw}", entry.name) };
            assert_storable(&read);
        }
    }
}

/// Every string but those that say what sort of thing something is.
fn mark_strings(value: &mut Value) {
    match value {
        Value::String(text) => text.push_str("MARK"),
        Value::Array(items) => items.iter_mut().for_each(mark_strings),
        Value::Object(fields) => {
            let is_sort = |name: &str| matches!(name, "type" | "status");
            fields.iter_mut().filter(|(name, _)| !is_sort(name)).for_each(|(_, inner)| mark_strings(inner));
        }
        _ => {}
    }
}

/// That both databases can hold what was read, and readers can read the JSON in it.
pub(in crate::intake::decode) fn assert_storable(read: &Decoded) {
    let shown = format!("{read:?}");
    assert!(!shown.contains(r"\0") && !shown.contains(r"\\u0000"), "{shown}");
    let (Decoded::Message(incoming) | Decoded::Edit(incoming) | Decoded::Activity(incoming)) = read else { return };
    let Incoming { entities, content, .. } = &**incoming;
    let json = match &content.details {
        Some(Details::Service { json, .. } | Details::Unsupported { json }) => Some(json),
        _ => None,
    };
    let quoted = content.quote.as_ref().and_then(|quote| quote.entities.as_ref());
    for json in entities.iter().chain(json).chain(quoted) {
        assert!(serde_json::from_str::<Value>(json).is_ok(), "{json}");
    }
    let stored = serde_json::to_string(content).expect("content can be written");
    assert_eq!(serde_json::from_str::<domain::message::Content>(&stored).expect("and read"), *content);
}

#[test]
fn depth_and_size_and_repetition_do_no_harm() {
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let odd = [
        deep.as_str(),
        "1e400",
        "-0",
        "123456789012345678901234567890",
        "7.0",
        r#""7""#,
        r#""\ud83d""#,
        r#"{"id":1,"id":"2","id":[3]}"#,
        r#"[{"id":1},null,7,"x",[[]]]"#,
    ];
    for entry in entries() {
        for name in entry.body().keys() {
            for value in odd {
                let mut changed = entry.update.clone();
                changed[&entry.kind][name] = json!("HERE");
                let raw = changed.to_string().replace(r#""HERE""#, value);
                let Ok(read) = TelegramUpdates.decode(&raw) else { panic!("{} at {name} is refused", entry.name) };
                assert_storable(&read);
            }
            // Twice, of which one has to be taken.
            let field = format!("{}:", json!(name));
            let raw = entry.update.to_string().replacen(&field, &format!("{field}[],{field}"), 1);
            assert!(TelegramUpdates.decode(&raw).is_ok(), "{} with {name} twice is refused", entry.name);
        }
    }
}
