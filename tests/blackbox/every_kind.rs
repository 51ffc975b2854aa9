//! Everything that Telegram can tell a bot, pushed through the product.
//!
//! The updates are those of `bot/tests/corpus`, where what each means is checked; here each has to arrive.

use std::collections::{BTreeMap, BTreeSet};

use bot::intake::TelegramUpdates;
use desk::intake::{Decode, Decoded};
use desk::message::Incoming;
use domain::CustomerKind;
use serde_json::{Map, Value, json};
use tests::{Client, eventually, on_both_engines};

use crate::stage::{Desk, PATIENCE, Telegram, messages, project_called, sessions};

const FILES: [&str; 4] = [
    include_str!("../../bot/tests/corpus/contents.json"),
    include_str!("../../bot/tests/corpus/circumstances.json"),
    include_str!("../../bot/tests/corpus/events.json"),
    include_str!("../../bot/tests/corpus/updates.json"),
];

/// What everybody says first, so that there is a conversation in which the rest can show.
const GREETING: &str = "Good morning";
/// When the first update was sent, and how many seconds lie between two: nobody floods the desk.
const FIRST_DATE: i64 = 1_767_225_600;
const SECONDS_BETWEEN: i64 = 60;

/// A message as it is seen: its kind, its text and which way it went.
type Seen = (String, String, String);

on_both_engines! {
    async fn every_kind_of_update_arrives_and_none_is_set_aside(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let project = project_called(&desk.admin, "Telegram").await;

        let updates = corpus();
        let messages: Vec<_> = updates.iter().filter_map(message_of).collect();
        let customers: BTreeMap<_, _> =
            messages.iter().map(|incoming| (incoming.customer.telegram_user_id.0, incoming.customer.kind)).collect();
        for (customer, kind) in &customers {
            telegram.tells(&greeting(*customer, *kind)).await;
        }
        until_all_seen(&desk.admin, &project, customers.keys().map(|customer| (*customer, seen_greeting())).collect()).await;

        for update in &updates {
            telegram.tells(update).await;
        }
        let expected = messages.iter().map(|incoming| (incoming.customer.telegram_user_id.0, seen(incoming))).collect();
        until_all_seen(&desk.admin, &project, expected).await;
        desk.server.assert_never_printed("an update could not be worked off");
    }
}

/// Every update, each sent a while after the one before.
fn corpus() -> Vec<Value> {
    let groups = FILES.map(|text| serde_json::from_str::<Map<String, Value>>(text).expect("the corpus is JSON"));
    let mut updates: Vec<_> =
        groups.into_iter().flat_map(|group| group.into_iter().map(|(_, update)| update)).collect();
    for (date, update) in (FIRST_DATE..).step_by(SECONDS_BETWEEN as usize).zip(&mut updates) {
        let body = update.as_object_mut().and_then(|update| update.values_mut().next()).expect("an update has a body");
        for field in ["date", "edit_date"] {
            if body.get(field).is_some() {
                body[field] = json!(date);
            }
        }
    }
    updates
}

/// The message that an update shows as, if it shows.
fn message_of(update: &Value) -> Option<Incoming> {
    let mut numbered = update.clone();
    numbered["update_id"] = json!(1);
    match TelegramUpdates.decode(&numbered.to_string()).expect("the corpus can be read") {
        Decoded::Message(incoming) | Decoded::Edit(incoming) | Decoded::Activity(incoming) => Some(*incoming),
        _ => None,
    }
}

fn greeting(customer: i64, kind: CustomerKind) -> Value {
    let (update, sort) = match kind {
        CustomerKind::Person => ("message", "private"),
        CustomerKind::Group => ("message", "supergroup"),
        CustomerKind::Channel => ("channel_post", "channel"),
    };
    let writer = if customer > 0 { customer } else { 7_000_000_002 };
    json!({ update: {
        "message_id": 1,
        "from": { "id": writer, "is_bot": false, "first_name": "Somebody" },
        "chat": { "id": customer, "type": sort, "title": "Somewhere" },
        "date": FIRST_DATE - SECONDS_BETWEEN,
        "text": GREETING,
    } })
}

fn seen_greeting() -> Seen {
    ("text".to_owned(), GREETING.to_owned(), "INBOUND".to_owned())
}

fn seen(incoming: &Incoming) -> Seen {
    (incoming.kind.clone(), incoming.text.clone(), incoming.direction.name().to_owned())
}

/// Waits until everybody's messages are seen through the API, each as often as it was sent.
async fn until_all_seen(client: &Client, project: &str, expected: Vec<(i64, Seen)>) {
    let missing = || async {
        let mut shown = shown(client, project).await;
        let missing: BTreeSet<_> = expected.iter().filter(|message| !take(&mut shown, message)).cloned().collect();
        if missing.is_empty() { Ok(()) } else { Err(missing) }
    };
    eventually(PATIENCE, missing).await;
}

/// Every message of a project, with its customer.
async fn shown(client: &Client, project: &str) -> Vec<(i64, Seen)> {
    let mut shown = Vec::new();
    for session in sessions(client, project).await {
        let text = |value: &Value| value.as_str().expect("the field is a string").to_owned();
        let customer = text(&session["customer"]["telegramUserId"]).parse().expect("the number of a user");
        let messages = messages(client, &text(&session["id"])).await;
        let seen = |message: &Value| (text(&message["kind"]), text(&message["text"]), text(&message["direction"]));
        shown.extend(messages.iter().map(|message| (customer, seen(message))));
    }
    shown
}

fn take(shown: &mut Vec<(i64, Seen)>, message: &(i64, Seen)) -> bool {
    let place = shown.iter().position(|candidate| candidate == message);
    place.map(|place| shown.swap_remove(place)).is_some()
}
