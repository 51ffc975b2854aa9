//! Simulated customers send everything that people send.

use serde_json::{Value, json};
use tests::on_both_engines;

use super::{ADA, Story};
use crate::stage::{customer_of, until_session};

on_both_engines! {
    async fn files_of_each_kind_arrive_with_what_is_known_of_them(engine: Engine) {
        let story = Story::begin(engine).await;
        for (kind, field) in [
            ("PHOTO", "photo"),
            ("VIDEO", "video"),
            ("ANIMATION", "animation"),
            ("VOICE", "voice"),
            ("VIDEO_NOTE", "video_note"),
            ("AUDIO", "audio"),
            ("DOCUMENT", "document"),
            ("STICKER", "sticker"),
        ] {
            story.sent(ADA, json!({"media": {"kind": kind}})).await;
            let message = story.until_message(ADA, |message| message["kind"] == field).await;
            assert_eq!(message["media"]["kind"], kind, "{message}");
            assert!(message["media"]["sizeBytes"].as_i64() >= Some(1), "{message}");
        }
        let bill = json!({"kind": "DOCUMENT", "name": "bill.pdf", "mimeType": "application/pdf", "sizeBytes": 30_000_000});
        story.sent(ADA, json!({"media": bill, "text": "my bill"})).await;
        let message = story.until_message(ADA, |message| message["text"] == "my bill").await;
        let media = &message["media"];
        assert_eq!((&media["name"], &media["mimeType"]), (&json!("bill.pdf"), &json!("application/pdf")));
        assert_eq!(media["sizeBytes"], 30_000_000);
        assert_eq!(media["downloadUrl"], Value::Null, "Telegram hands bots no file over 20 MB");
        assert!(media["downloadRefusal"].as_str().is_some_and(|words| words.contains("20 MB")), "{media}");
    }

    async fn a_photo_can_be_downloaded_and_is_a_picture(engine: Engine) {
        let story = Story::begin(engine).await;
        story.sent(ADA, json!({"media": {"kind": "PHOTO", "width": 400, "height": 300}, "text": "look"})).await;
        let message = story.until_message(ADA, |message| message["kind"] == "photo").await;
        assert_eq!((&message["media"]["width"], &message["media"]["height"]), (&json!(400), &json!(300)));
        let url = format!("{}{}", story.desk.server.url(), message["media"]["downloadUrl"].as_str().unwrap());
        let answer = reqwest::get(url).await.unwrap();
        assert_eq!(answer.status(), 200);
        let bytes = answer.bytes().await.unwrap();
        assert!(bytes.starts_with(b"\x89PNG"), "{bytes:?}");
        assert_eq!(message["media"]["sizeBytes"].as_u64(), Some(bytes.len() as u64));
    }

    async fn albums_and_replies_hang_together(engine: Engine) {
        let story = Story::begin(engine).await;
        for caption in ["first", "second"] {
            let photo = json!({"media": {"kind": "PHOTO"}, "albumId": "holiday", "text": caption});
            story.sent(ADA, photo).await;
        }
        let first = story.until_message(ADA, |message| message["text"] == "first").await;
        let second = story.until_message(ADA, |message| message["text"] == "second").await;
        assert!(first["albumId"].is_string());
        assert_eq!(first["albumId"], second["albumId"]);
        story.sent(ADA, json!({"text": "that was me", "replyToId": first["id"]})).await;
        let reply = story.until_message(ADA, |message| message["text"] == "that was me").await;
        assert_eq!(reply["replyTo"]["id"], first["id"]);
    }

    async fn places_people_polls_and_dice_arrive_as_what_they_are(engine: Engine) {
        let story = Story::begin(engine).await;
        let place = json!({"latitude": 52.52, "longitude": 13.4});
        for (more, kind, details) in [
            (json!({"location": place}), "location", json!({"__typename": "MessageLocation", "latitude": 52.52})),
            (
                json!({"venue": {"location": place, "title": "Museum", "address": "Island 1"}}),
                "venue",
                json!({"__typename": "MessageVenue", "title": "Museum", "address": "Island 1"}),
            ),
            (
                json!({"contact": {"phoneNumber": "+49301234", "name": "Grace"}}),
                "contact",
                json!({"__typename": "MessageContact", "phoneNumber": "+49301234", "contactName": "Grace"}),
            ),
            (
                json!({"poll": {"question": "Tea?", "options": ["yes", "no"]}}),
                "poll",
                json!({"question": "Tea?", "options": [{"text": "yes"}, {"text": "no"}]}),
            ),
            (json!({"dice": {"emoji": "🎲", "value": 6}}), "dice", json!({"emoji": "🎲", "value": 6})),
        ] {
            story.sent(ADA, more).await;
            let message = story.until_message(ADA, |message| message["kind"] == kind).await;
            for (name, value) in details.as_object().unwrap() {
                assert_eq!(&message["details"][name], value, "{message}");
            }
        }
    }

    async fn a_customer_has_a_user_name_and_a_language(engine: Engine) {
        let story = Story::begin(engine).await;
        story.sent(ADA, json!({"text": "olá", "username": "ada_lovelace", "languageCode": "pt-br"})).await;
        story.until_message(ADA, |message| message["text"] == "olá").await;
        let document = "query Customer($id: ID!) { sessions(projectId: $id, first: 1) {
            nodes { customer { name username languageCode } }
        } }";
        let data = story.desk.admin.query(document, json!({"id": story.sandbox})).await;
        let customer = &data["sessions"]["nodes"][0]["customer"];
        assert_eq!(*customer, json!({"name": "Ada", "username": "ada_lovelace", "languageCode": "pt-br"}));
    }

    async fn a_customer_keeps_their_name_until_they_get_another(engine: Engine) {
        let story = Story::begin(engine).await;
        for (customer, name) in [(ADA, "Ada"), (8, "Sandbox customer 8")] {
            if customer == ADA {
                story.session(ADA).await;
            }
            story.sent(customer, json!({"text": "it is me", "name": null})).await;
            story.until_message(customer, |message| message["text"] == "it is me").await;
            let session = until_session(&story.desk.admin, &story.sandbox, customer).await;
            assert_eq!(customer_of(&story.desk.admin, &session).await["name"], name);
        }
    }
}
