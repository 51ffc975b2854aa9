//! Text with formatting, files, albums, replies, buttons, long texts: Telegram gets what the agent meant.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::{Story, id_of, mutate};
use crate::stage::{errors_of, messages};

on_both_engines! {
    async fn a_formatted_answer_to_a_message_arrives_as_such(engine: Engine) {
        let story = Story::begin(engine).await;
        let said = messages(&story.desk.admin, &story.session).await;
        let entities = json!([
            { "type": "bold", "offset": 0, "length": 2 },
            { "type": "text_link", "offset": 3, "length": 4, "url": "https://example.com/" },
        ]);
        let buttons = json!([[{ "text": "Yes" }, { "text": "Site", "url": "https://example.com/" }]]);
        let input = json!({
            "text": "👍 read this", "entities": entities, "replyToId": said[0]["id"], "quote": "ell", "buttons": buttons,
        });
        let sent = story.send(input).await;
        assert_eq!(sent[0]["entities"].as_array().map(Vec::len), Some(2), "{sent:?}");
        assert_eq!(sent[0]["buttons"][0][1]["url"], "https://example.com/");
        story.until_delivery(&id_of(&sent[0]), "SENT").await;

        let call = &story.calls(&["sendMessage"])[0].payload;
        assert_eq!(call["entities"], entities);
        let reply = &call["reply_parameters"];
        assert_eq!(reply["message_id"].to_string(), said_number(&story).await);
        assert_eq!((&reply["quote"], &reply["allow_sending_without_reply"]), (&json!("ell"), &json!(true)));
        let keyboard = &call["reply_markup"]["inline_keyboard"][0];
        assert_eq!(keyboard[1], buttons[0][1]);
        let code = keyboard[0]["callback_data"].as_str().expect("the tap of the first is told");
        assert!((16..=64).contains(&code.len()), "{code}");
    }

    async fn an_answer_to_an_answer_that_is_still_on_its_way_finds_it(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.api.refuse_connections().await.unwrap();
        let first = story.say("first").await;
        let second = story.send(json!({ "text": "second", "replyToId": first })).await;
        story.telegram.api.accept_connections().await.unwrap();
        story.until_delivery(&id_of(&second[0]), "SENT").await;
        let calls = story.calls(&["sendMessage"]);
        assert_eq!(calls[1].payload["reply_parameters"]["message_id"], calls[0].message_id);
    }

    async fn a_photo_is_uploaded_once_and_then_sent_by_its_name(engine: Engine) {
        let story = Story::begin(engine).await;
        let file = story.upload_picture("cat.jpg").await;
        let media = json!([{ "fileId": file, "kind": "PHOTO" }]);
        let first = story.send(json!({ "text": "look", "media": media })).await;
        assert_eq!((&first[0]["kind"], &first[0]["media"]["name"]), (&json!("photo"), &json!("cat.jpg")));
        story.until_delivery(&id_of(&first[0]), "SENT").await;
        let second = story.send(json!({ "media": media })).await;
        story.until_delivery(&id_of(&second[0]), "SENT").await;

        let calls = story.calls(&["sendPhoto"]);
        assert_eq!(calls[0].text.as_deref(), Some("look"));
        assert_eq!(calls[0].payload["photo"], "attach://file0");
        let name = calls[1].payload["photo"].as_str().expect("the photo is named");
        assert!(!name.starts_with("attach://"), "{name}");
        // As something else it has no name yet.
        let third = story.send(json!({ "media": [{ "fileId": file, "kind": "DOCUMENT" }] })).await;
        story.until_delivery(&id_of(&third[0]), "SENT").await;
        assert_eq!(story.calls(&["sendDocument"])[0].payload["document"], "attach://file0");
    }

    async fn an_album_is_one_call_and_several_messages(engine: Engine) {
        let story = Story::begin(engine).await;
        let mut media = Vec::new();
        for (name, kind) in [("1.jpg", "PHOTO"), ("2.mp4", "VIDEO"), ("3.jpg", "PHOTO")] {
            media.push(json!({ "fileId": story.upload_picture(name).await, "kind": kind }));
        }
        let input = json!({ "text": "the trip", "media": media, "idempotencyKey": "album" });
        let sent = story.send(input.clone()).await;
        let kinds: Vec<_> = sent.iter().map(|message| &message["kind"]).collect();
        assert_eq!(kinds, ["photo", "video", "photo"]);
        assert!(sent.iter().all(|item| item["albumId"].is_string() && item["albumId"] == sent[0]["albumId"]), "{sent:?}");
        let again = story.send(input).await;
        assert_eq!(again.iter().map(id_of).collect::<Vec<_>>(), sent.iter().map(id_of).collect::<Vec<_>>());

        let mut numbers = Vec::new();
        for item in &sent {
            let item = story.until_delivery(&id_of(item), "SENT").await;
            let number: i64 = item["delivery"]["telegramMessageId"].as_str().unwrap().parse().unwrap();
            numbers.push(number);
        }
        let calls = story.calls(&["sendMediaGroup"]);
        assert_eq!((calls.len(), calls[0].message_id), (1, numbers[0]));
        assert!(numbers.is_sorted() && numbers[0] < numbers[2], "{numbers:?}");
    }

    async fn a_long_text_becomes_several_messages_in_their_order(engine: Engine) {
        let story = Story::begin(engine).await;
        let sentence = "All work and no play makes Jack a dull boy. ";
        let text = sentence.repeat(200);
        let text = text.trim();
        let bold = json!([{ "type": "bold", "offset": 0, "length": text.encode_utf16().count() }]);
        let input = json!({ "text": text, "entities": bold, "buttons": [[{ "text": "Enough" }]] });
        let sent = story.send(input).await;
        assert_eq!(sent.len(), 3);
        for (index, part) in sent.iter().enumerate() {
            let text = part["text"].as_str().unwrap();
            assert!(text.starts_with("All work") && text.ends_with("boy.") && text.len() <= 4096, "{text}");
            assert_eq!(part["entities"][0]["length"], text.len());
            assert_eq!(part["buttons"].as_array().map(Vec::len), Some(usize::from(index == 2)));
        }
        story.until_delivery(&id_of(&sent[2]), "SENT").await;
        let received = story.telegram.received_by(7);
        let parts: Vec<_> = sent.iter().map(|part| part["text"].as_str().unwrap()).collect();
        assert_eq!(received, parts);

        let file = story.upload("report.pdf", "application/pdf", b"the report".to_vec()).await;
        let media = json!([{ "fileId": file, "kind": "DOCUMENT" }]);
        let sent = story.send(json!({ "text": sentence.repeat(30), "media": media })).await;
        let kinds: Vec<_> = sent.iter().map(|message| &message["kind"]).collect();
        assert_eq!(kinds, ["document", "text"]);
        assert!(sent[0]["text"].as_str().unwrap().len() <= 1024);
    }

    async fn what_telegram_would_not_take_is_refused_with_its_place(engine: Engine) {
        let story = Story::begin(engine).await;
        let picture = story.upload_picture("1.jpg").await;
        let item = |kind: &str| json!({ "fileId": picture, "kind": kind });
        let bold = |offset: i64, length: i64| json!({ "type": "bold", "offset": offset, "length": length });
        let cases = [
            (json!({}), "TEXT_EMPTY", "text"),
            (json!({ "text": "x ".repeat(30_000) }), "TEXT_TOO_LONG", "text"),
            (json!({ "text": "👍", "entities": [bold(0, 2), bold(1, 1)] }), "ENTITIES_INVALID", "entities 1"),
            (json!({ "text": "ab", "entities": [bold(-1, 2)] }), "ENTITIES_INVALID", "entities 0 offset"),
            (json!({ "text": "ab", "entities": [{ "type": "glow", "offset": 0, "length": 1 }] }), "ENTITIES_INVALID", "entities 0 type"),
            (json!({ "media": [item("PHOTO"), item("DOCUMENT")] }), "MEDIA_INVALID", "media 1"),
            (json!({ "media": [{ "fileId": "RmlsZTo5OTk", "kind": "PHOTO" }] }), "FILE_NOT_FOUND", "media 0"),
            (json!({ "media": [item("PHOTO"), { "fileId": "x", "kind": "PHOTO" }] }), "INVALID_ID", "media 1 fileId"),
            (json!({ "media": [item("PHOTO"), item("PHOTO")], "buttons": [[{ "text": "a" }]] }), "BUTTONS_INVALID", "buttons"),
            (json!({ "text": "a", "buttons": [[{ "text": "a", "url": "javascript:1" }]] }), "BUTTONS_INVALID", "buttons 0 0 url"),
            (json!({ "text": "a", "quote": "hello" }), "QUOTE_NOT_FOUND", "quote"),
        ];
        for (mut input, code, place) in cases {
            input["sessionId"] = json!(story.session);
            let payload = mutate(&story.desk.admin, "messageSend", "messages", input).await;
            assert_eq!(errors_of(&payload), [code], "{payload}");
            let path: Vec<_> = payload["userErrors"][0]["path"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
            assert_eq!(path.join(" "), format!("input {place}"));
            assert_eq!(payload["messages"], json!([]));
            let words = payload["userErrors"][0]["message"].as_str().unwrap();
            let is_misspelt = ["Entities[", "Media[", "Buttons["].iter().any(|field| words.starts_with(field));
            assert!(!is_misspelt, "a field keeps its name at the beginning of a sentence: {words}");
        }
        assert!(story.calls(&["sendMessage", "sendPhoto", "sendMediaGroup"]).is_empty());
    }
}

/// The number of what the customer said.
async fn said_number(story: &Story) -> String {
    let sql = tests::Sql::connect(&story.desk.database).await.expect("the database is there");
    let number = sql.number("SELECT MIN(telegram_message_id) FROM messages").await.expect("the message has a number");
    Value::from(number).to_string()
}
