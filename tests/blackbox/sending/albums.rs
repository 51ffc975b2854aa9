//! Albums, whose items go out by one call and are messages of their own.

use bot::fake::LedgerEntry;
use domain::ChatId;
use serde_json::json;
use tests::on_both_engines;

use super::{Story, id_of, parameter};

on_both_engines! {
    async fn one_item_of_an_album_is_changed_without_the_others(engine: Engine) {
        let story = Story::begin(engine).await;
        let media = story.upload_album(3).await;
        story.hold_back(1).await;
        let sent = story.send(json!({ "text": "three", "media": media })).await;
        let ids: Vec<_> = sent.iter().map(id_of).collect();
        story.change("messageDelete", json!({ "messageId": ids[0] })).await;
        story.edit(&ids[1], "two").await;
        story.let_go();
        story.until_delivery(&ids[1], "SENT").await;
        story.until_delivery(&ids[2], "SENT").await;
        assert_eq!(story.message(&ids[0]).await["delivery"]["state"], "FAILED");
        let media = parameter(&story.calls(&["sendMediaGroup"])[0], "media");
        assert_eq!(media.as_array().map(Vec::len), Some(2));
        assert_eq!(media[0]["caption"], "two");
        story.edit(&ids[2], "the last one").await;
        story.until_change(&ids[2], "EDIT", "DONE").await;
        assert_eq!(story.calls(&["editMessageCaption"])[0].text.as_deref(), Some("the last one"));
    }

    async fn an_album_answers_a_message_whichever_of_its_items_are_taken_back(engine: Engine) {
        let story = Story::begin(engine).await;
        let said = story.first_message().await;
        let media = story.upload_album(3).await;
        story.hold_back(1).await;
        let mut albums = Vec::new();
        for text in ["three", "two", "one"] {
            let input = json!({ "text": text, "media": media, "replyToId": said, "quote": "ell" });
            let sent = story.send(input).await;
            assert!(sent.iter().all(|item| item["replyTo"]["id"] == *said), "{sent:?}");
            albums.push(sent.iter().map(id_of).collect::<Vec<_>>());
        }
        story.change("messageDelete", json!({ "messageId": albums[1][0] })).await;
        for taken_back in &albums[2][..2] {
            story.change("messageDelete", json!({ "messageId": taken_back })).await;
        }
        story.let_go();
        for album in &albums {
            story.until_delivery(&album[2], "SENT").await;
        }
        let calls = story.calls(&["sendMediaGroup", "sendPhoto"]);
        let sizes: Vec<_> = calls.iter().map(items).collect();
        assert_eq!(sizes, [Some(3), Some(2), None]);
        let chat = story.telegram.api.chat(story.telegram.bot(), ChatId(7));
        let hello = chat.iter().find(|message| message.text() == Some("hello")).unwrap();
        for call in &calls {
            let reply = parameter(call, "reply_parameters");
            assert_eq!((&reply["message_id"], &reply["quote"]), (&json!(hello.message_id), &json!("ell")), "{}", call.method);
        }
    }
}

/// How many items the album of a call has, if it sends one.
fn items(call: &LedgerEntry) -> Option<usize> {
    call.payload.get("media").map(|_| parameter(call, "media").as_array().map_or(0, Vec::len))
}
