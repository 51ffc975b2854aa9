//! The process is killed while a change or an album is on its way. A change is made again, since making it twice is as good
//! as once; an album is UNKNOWN as a whole and never sent again by itself.

use bot::fake::Fault;
use serde_json::json;
use tests::on_both_engines;

use super::{Story, id_of};

on_both_engines! {
    async fn an_edit_under_way_is_made_again(engine: Engine) {
        for fault in [Fault::vanish_before_accepting(), Fault::vanish_after_accepting()] {
            let mut story = Story::begin(engine).await;
            let message = story.say("before").await;
            story.until_delivery(&message, "SENT").await;
            story.telegram.next("editMessageText", fault);
            story.edit(&message, "after").await;
            story.telegram.until(|ledger| ledger.calls("editMessageText") == 1).await;
            story.desk.server.kill();

            story.telegram.api.clear_faults();
            story.desk.restart().await;
            let edited = story.until_change(&message, "EDIT", "DONE").await;
            assert_eq!((&edited["text"], &edited["delivery"]["state"]), (&json!("after"), &json!("SENT")));
            assert_eq!(story.calls(&["editMessageText"]).len(), 1, "to Telegram the second one changes nothing");
        }
    }

    async fn an_album_under_way_is_unknown_as_a_whole_until_somebody_settles_it(engine: Engine) {
        let mut story = Story::begin(engine).await;
        let mut media = Vec::new();
        for name in ["1.jpg", "2.jpg"] {
            media.push(json!({ "fileId": story.upload_picture(name).await, "kind": "PHOTO" }));
        }
        story.telegram.next("sendMediaGroup", Fault::vanish_before_accepting());
        let sent: Vec<_> = story.send(json!({ "media": media })).await.iter().map(id_of).collect();
        story.telegram.until(|ledger| ledger.calls("sendMediaGroup") == 1).await;
        story.desk.server.kill();

        story.telegram.api.clear_faults();
        story.desk.restart().await;
        for item in &sent {
            story.until_delivery(item, "UNKNOWN").await;
        }
        let input = json!({ "messageId": sent[1], "resolution": "RETRY" });
        story.change("messageDeliverySettle", input).await;
        for item in &sent {
            story.until_delivery(item, "SENT").await;
        }
        assert_eq!(story.calls(&["sendMediaGroup"]).len(), 1);
    }
}
