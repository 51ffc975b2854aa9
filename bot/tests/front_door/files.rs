//! Files go up with the calls that send them and come down by their handles.

use bot::fake::{Fault, FaultScope, MadeUpFile, Repeat, png};
use serde_json::{Value, json};

use crate::{
    calls::{description, download, http, result, upload},
    stage::{CUSTOMER, PATIENCE, Stage, customer, token},
};

#[tokio::test]
async fn every_kind_of_file_can_be_uploaded_and_the_customer_has_its_bytes() {
    let stage = Stage::new().await;
    let picture = png(1000, 500);
    for (method, kind, bytes) in [
        ("sendPhoto", "photo", picture.as_slice()),
        ("sendDocument", "document", b"a document"),
        ("sendVideo", "video", b"a film"),
        ("sendAudio", "audio", b"a song"),
        ("sendAnimation", "animation", b"a film without sound"),
        ("sendVoice", "voice", b"a voice"),
        ("sendVideoNote", "video_note", b"a round film"),
        ("sendSticker", "sticker", b"a sticker"),
    ] {
        let texts = json!({"chat_id": CUSTOMER.0, "width": 20, "duration": 3});
        let answer = upload(&stage, method, texts, &[(kind, "name.x", bytes)]).await;
        let described = &answer["result"][kind];
        let file = described.as_array().and_then(|sizes| sizes.last()).unwrap_or(described);
        assert_eq!(file["file_size"], bytes.len(), "{method}: {answer}");
        assert!(file["file_unique_id"].is_string(), "{method}: {answer}");
        let shown = stage.shown().pop().expect("a message");
        assert_eq!(shown.file_id(), file["file_id"].as_str());
        let has = stage.api.file(stage.bot(), shown.file_id().expect("a handle")).expect("a file");
        assert_eq!((has.bytes.as_ref(), has.name.as_deref()), (bytes, Some("name.x")));
    }
    let ledger = stage.api.ledger();
    let last = ledger.sends().next_back().expect("a send");
    assert_eq!(last.payload["sticker"]["size_bytes"], 9);
}

#[tokio::test]
async fn a_photo_comes_in_several_sizes() {
    let stage = Stage::new().await;
    let answer =
        upload(&stage, "sendPhoto", json!({"chat_id": CUSTOMER.0}), &[("photo", "a.png", &png(1000, 500))]).await;
    let sizes = answer["result"]["photo"].as_array().expect("sizes");
    let sides: Vec<_> = sizes.iter().map(|size| (size["width"].as_u64(), size["height"].as_u64())).collect();
    assert_eq!(sides, [(90, 45), (320, 160), (800, 400), (1000, 500)].map(|(w, h)| (Some(w), Some(h))));
    let path = result(&stage, "getFile", json!({"file_id": sizes[0]["file_id"]})).await["file_path"].clone();
    let (status, bytes) = download(&stage, stage.token.expose_secret(), path.as_str().expect("a path")).await;
    assert_eq!((status, bytes), (200, png(90, 45)));
}

#[tokio::test]
async fn what_is_no_picture_is_no_photo() {
    let stage = Stage::new().await;
    for (bytes, words) in [
        (&b"no picture"[..], "IMAGE_PROCESS_FAILED"),
        (&b""[..], "file must be non-empty"),
        (&png(2_100, 100), "PHOTO_INVALID_DIMENSIONS"),
    ] {
        let answer = upload(&stage, "sendPhoto", json!({"chat_id": CUSTOMER.0}), &[("photo", "a.png", bytes)]).await;
        assert_eq!(answer["description"], format!("Bad Request: {words}"));
    }
    let linked = description(&stage, "sendPhoto", json!({"chat_id": CUSTOMER.0, "photo": "http://localhost/a"})).await;
    assert_eq!(linked, "Bad Request: failed to get HTTP URL content");
    assert!(stage.shown().is_empty());
}

#[tokio::test]
async fn an_album_takes_files_that_came_along_and_files_that_are_there() {
    let stage = Stage::new().await;
    let media = json!([
        {"type": "photo", "media": "attach://one", "caption": "first"},
        {"type": "video", "media": "attach://two", "duration": 4},
    ]);
    let files = [("one", "1.png", png(10, 10)), ("two", "2.mp4", b"a film".to_vec())];
    let files = files.each_ref().map(|(part, name, bytes)| (*part, *name, bytes.as_slice()));
    let answer = upload(&stage, "sendMediaGroup", json!({"chat_id": CUSTOMER.0, "media": media}), &files).await;
    let items = answer["result"].as_array().expect("messages").clone();
    assert_eq!(items[0]["media_group_id"], items[1]["media_group_id"]);
    assert_eq!(items[1]["video"]["duration"], 4);
    let shown = stage.shown();
    assert_eq!(shown[0].text(), Some("first"));
    let again = json!([
        {"type": "photo", "media": shown[0].file_id()},
        {"type": "video", "media": shown[1].file_id()},
    ]);
    let again = result(&stage, "sendMediaGroup", json!({"chat_id": CUSTOMER.0, "media": again})).await;
    assert_eq!(again[1]["video"]["file_size"], 6);
    assert_ne!(again[0]["media_group_id"], items[0]["media_group_id"]);

    let missing = json!([{"type": "photo", "media": "attach://gone"}, {"type": "photo", "media": "F"}]);
    let words = description(&stage, "sendMediaGroup", json!({"chat_id": CUSTOMER.0, "media": missing})).await;
    assert_eq!(words, "Bad Request: wrong file identifier/HTTP URL specified");
}

#[tokio::test]
async fn albums_mix_only_what_telegram_mixes() {
    let stage = Stage::new().await;
    let item = |kind: &str| json!({"type": kind, "media": "F"});
    let album = |kinds: &[&str]| {
        let media: Vec<_> = kinds.iter().copied().map(item).collect();
        json!({"chat_id": CUSTOMER.0, "media": media})
    };
    for kinds in [&["photo", "video"][..], &["document", "document"], &["audio"; 10]] {
        let messages = result(&stage, "sendMediaGroup", album(kinds)).await;
        assert_eq!(messages.as_array().map(Vec::len), Some(kinds.len()));
    }
    for kinds in [
        &["photo"][..],
        &["photo"; 11],
        &["photo", "document"],
        &["audio", "document"],
        &["voice", "voice"],
        &["animation", "photo"],
    ] {
        description(&stage, "sendMediaGroup", album(kinds)).await;
    }
}

#[tokio::test]
async fn a_file_of_a_customer_comes_down_by_its_handle() {
    let stage = Stage::new().await;
    let document = stage.api.file_for_bot(stage.bot(), "document", "bill.pdf", "application/pdf", &b"%PDF"[..]);
    let content = json!({"document": document, "caption": "my bill"});
    let (bot, ada) = (stage.bot(), customer("Ada"));
    let said = stage.api.customer_sends(bot, &ada, content.as_object().expect("an object"));
    said.await.expect("memory is available");
    let updates = stage.client.get_updates(&stage.endpoint, 0, 100, 0).await.expect("updates");
    let update: Value = serde_json::from_str(updates[0].json.as_str()).expect("JSON");
    assert_eq!(update["message"]["document"]["file_name"], "bill.pdf");

    let file = result(&stage, "getFile", json!({"file_id": document["file_id"]})).await;
    assert_eq!(file["file_size"], 4);
    let path = file["file_path"].as_str().expect("a path");
    assert!(path.ends_with(".pdf"), "{path}");
    let secret = stage.token.expose_secret();
    assert_eq!(download(&stage, secret, path).await, (200, b"%PDF".to_vec()));
    assert_eq!(download(&stage, secret, "documents/nothing.pdf").await.0, 404);
    assert_eq!(download(&stage, "1002:test-token", path).await.0, 401);
    stage.api.add_bot(token(1002));
    assert_eq!(download(&stage, "1002:test-token", path).await.0, 404, "a handle is good for one bot");
    assert_eq!(stage.api.ledger().calls("downloadFile"), 3);

    let next = |fault: Fault| stage.api.inject(FaultScope::method("downloadFile"), fault, Repeat::Times(1));
    next(Fault::server_error(500));
    assert_eq!(download(&stage, secret, path).await.0, 500);
    next(Fault::redirect("http://localhost/"));
    assert_eq!(download(&stage, secret, path).await.0, 302);
    next(Fault::break_off());
    let url = format!("{}/file/bot{secret}/{path}", stage.api.api_url());
    let answer = http().get(url).send().await.expect("the answer begins");
    assert_eq!(answer.content_length(), Some(4));
    assert!(answer.bytes().await.is_err(), "the answer does not end");
}

#[tokio::test]
async fn a_file_over_20_mib_is_too_big_and_one_below_is_not() {
    let stage = Stage::new().await;
    let limit = 20 * 1024 * 1024;
    let made_up = |size_bytes| MadeUpFile { number: 1, size_bytes, picture: None }.file_id();
    let words = description(&stage, "getFile", json!({"file_id": made_up(limit + 1)})).await;
    assert_eq!(words, "Bad Request: file is too big");
    let file = result(&stage, "getFile", json!({"file_id": made_up(limit)})).await;
    let path = file["file_path"].as_str().expect("a path");
    let (status, bytes) = download(&stage, stage.token.expose_secret(), path).await;
    assert_eq!((status, bytes.len() as u64), (200, limit));
    let words = description(&stage, "getFile", json!({"file_id": "unknown"})).await;
    assert_eq!(words, "Bad Request: wrong file_id or the file is temporarily unavailable");
    let sent = result(&stage, "sendDocument", json!({"chat_id": CUSTOMER.0, "document": made_up(limit + 1)})).await;
    assert_eq!(sent["document"]["file_size"], limit + 1, "it can be passed on all the same");
    let shown = stage.api.wait_for_chat(stage.bot(), CUSTOMER, |chat| chat.len() == 1, PATIENCE).await;
    assert!(shown.is_ok());
}
