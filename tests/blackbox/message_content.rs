//! What a message holds beside its text, as the API tells it.

use serde_json::{Value, json};
use tests::on_both_engines;

use crate::stage::{Desk, Telegram, messages, project_called, until_session, until_written};

const CONTENT: &str = "query Content($id: ID!) { node(id: $id) { ... on Message {
    kind text albumId album { id text media { kind } } writer { name } pinnedAt deletedAt
    media { kind sizeBytes width height durationSeconds mimeType }
    forward { from sentAt }
    quote { text entities { type offset length } }
    buttons { text url }
    reactions { emoji count telegramUserIds }
    details {
        __typename
        ... on MessageContact { phoneNumber name telegramUserId vcard }
        ... on MessageVenue { title address location { latitude longitude accuracyMetres livePeriodSeconds } }
        ... on MessagePoll { question options { text voterCount } totalVoterCount closed }
        ... on MessageDice { emoji value }
        ... on MessageUnsupported { json }
    }
} } }";

on_both_engines! {
    async fn the_api_tells_what_a_message_holds(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let shown = |number, content: Value| show(&desk, &telegram, number, content);

        let contact = json!({ "phone_number": "+49 30 1", "first_name": "Ada", "last_name": "L", "user_id": 9_007_199_254_740_991_i64 });
        let details = shown(500, json!({ "contact": contact })).await["details"].take();
        assert_eq!(details, json!({
            "__typename": "MessageContact", "phoneNumber": "+49 30 1", "name": "Ada L",
            "telegramUserId": "9007199254740991", "vcard": null,
        }));
        let location = json!({ "latitude": 52.5, "longitude": -13.25 });
        let venue = json!({ "location": location, "title": "Office", "address": "1 Main St" });
        let details = shown(501, json!({ "venue": venue, "location": location })).await["details"].take();
        assert_eq!(details, json!({
            "__typename": "MessageVenue", "title": "Office", "address": "1 Main St",
            "location": { "latitude": 52.5, "longitude": -13.25, "accuracyMetres": null, "livePeriodSeconds": null },
        }));
        let details = shown(502, json!({ "dice": { "emoji": "🎲", "value": 6 } })).await["details"].take();
        assert_eq!(details, json!({ "__typename": "MessageDice", "emoji": "🎲", "value": 6 }));

        let message = shown(503, json!({
            "text": "look",
            "forward_origin": { "type": "hidden_user", "sender_user_name": "Kim", "date": 1_767_225_600 },
            "quote": { "text": "old", "position": 0, "entities": [{ "type": "bold", "offset": 0, "length": 3 }] },
        })).await;
        assert_eq!(message["forward"], json!({ "from": "Kim", "sentAt": "2026-01-01T00:00:00.000000Z" }));
        assert_eq!(message["quote"]["entities"][0], json!({ "type": "bold", "offset": 0, "length": 3 }));
        for empty in ["buttons", "reactions", "album"] {
            assert_eq!(message[empty], json!([]), "{empty}");
        }
        for null in ["albumId", "media", "details", "writer", "pinnedAt", "deletedAt"] {
            assert_eq!(message[null], Value::Null, "{null}");
        }

        // A file larger than an `Int` can say.
        let huge = json!({ "file_id": "f", "file_unique_id": "u", "file_size": 3_000_000_000_i64, "duration": 60, "width": 1920, "height": 1080 });
        let media = shown(504, json!({ "video": huge })).await["media"].take();
        assert_eq!((&media["kind"], &media["sizeBytes"]), (&json!("VIDEO"), &json!(3_000_000_000_i64)));
        assert_eq!((&media["width"], &media["height"], &media["durationSeconds"]), (&json!(1920), &json!(1080), &json!(60)));

        // What nobody has heard of yet.
        let message = shown(505, json!({ "hologram": { "depth": 3 } })).await;
        assert_eq!((&message["kind"], &message["details"]["__typename"]), (&json!("hologram"), &json!("MessageUnsupported")));
        let json: Value = serde_json::from_str(message["details"]["json"].as_str().unwrap()).unwrap();
        assert_eq!(json, json!({ "depth": 3 }));
    }

    async fn the_items_of_an_album_know_each_other(engine: Engine) {
        let telegram = Telegram::start().await;
        let desk = Desk::start_with(engine, |settings| telegram.settings(settings)).await;
        let photo = |number: i64, album: &str| json!({
            "photo": [{ "file_id": format!("p{number}"), "file_unique_id": format!("u{number}"), "width": 9, "height": 9 }],
            "caption": format!("item {number}"),
            "media_group_id": album,
        });
        for number in 500..503 {
            show(&desk, &telegram, number, photo(number, "one")).await;
        }
        let other = show(&desk, &telegram, 503, photo(503, "other")).await;
        assert_eq!(other["album"].as_array().unwrap().len(), 1);
        let last = show(&desk, &telegram, 504, photo(504, "one")).await;
        let captions = |message: &Value| {
            let items = message["album"].as_array().unwrap().iter();
            items.map(|item| item["text"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(captions(&last), ["item 500", "item 501", "item 502", "item 504"]);
        assert_eq!(last["album"][0]["media"]["kind"], "PHOTO");
        assert_ne!(last["albumId"], other["albumId"]);
    }
}

/// Has a customer write a message with this content, and shows it.
async fn show(desk: &Desk, telegram: &Telegram, number: i64, content: Value) -> Value {
    let mut message = json!({
        "message_id": number,
        "date": 1_767_225_600,
        "chat": { "id": 7, "type": "private", "first_name": "Kim" },
        "from": { "id": 7, "is_bot": false, "first_name": "Kim" },
    });
    message
        .as_object_mut()
        .expect("a message is an object")
        .extend(content.as_object().expect("so is its content").clone());
    telegram.tells(&json!({ "message": message })).await;
    let project = project_called(&desk.admin, "Telegram").await;
    let count = usize::try_from(number - 499).expect("numbers begin at 500");
    until_written(&desk.admin, &project, 7, count).await;
    let session = until_session(&desk.admin, &project, 7).await;
    let id = messages(&desk.admin, &session).await[count - 1]["id"].take();
    desk.admin.query(CONTENT, json!({ "id": id })).await["node"].take()
}
