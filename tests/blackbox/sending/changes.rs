//! Edits, deletions and pins come to what was asked for last, also while the message is still on its way.

use std::time::Duration;

use bot::fake::Fault;
use domain::ChatId;
use serde_json::{Value, json};
use tests::on_both_engines;

use super::{Story, id_of};

/// How long Telegram takes for a call while a story acts, which takes far less.
const MEANWHILE: Duration = Duration::from_secs(5);

on_both_engines! {
    async fn the_newest_edit_is_what_the_chat_shows(engine: Engine) {
        let story = Story::begin(engine).await;
        let buttons = json!([[{ "text": "Site", "url": "https://example.com/" }]]);
        let message = id_of(&story.send(json!({ "text": "frist", "buttons": buttons })).await[0]);
        story.until_delivery(&message, "SENT").await;
        story.telegram.next("editMessageText", Fault::delay(MEANWHILE));
        story.edit(&message, "1st").await;
        story.telegram.until(|ledger| ledger.calls("editMessageText") == 1).await;
        for text in ["2nd", "3rd", "first"] {
            assert_eq!(story.edit(&message, text).await["text"], text);
        }
        let edited = story.until_change(&message, "EDIT", "DONE").await;
        assert_eq!(edited["text"], "first");
        assert!(edited["editedAt"].is_string());
        let edits = story.calls(&["editMessageText"]);
        let texts: Vec<_> = edits.iter().filter_map(|edit| edit.text.as_deref()).collect();
        assert_eq!(texts, ["1st", "first"], "those between were never made");
        assert_eq!(edits[1].payload["reply_markup"]["inline_keyboard"], buttons, "the buttons stay");
        assert_eq!(edits[1].message_id, story.calls(&["sendMessage"])[0].message_id);
    }

    async fn what_waits_to_be_sent_is_sent_as_it_was_edited_last_or_not_at_all(engine: Engine) {
        let story = Story::begin(engine).await;
        story.hold_back(1).await;
        let first = story.say("first").await;
        let second = story.say("second").await;
        let third = story.say("third").await;
        let edited = story.edit(&first, "first, corrected").await;
        assert_eq!(edited["changes"], json!([]), "there is nothing to wait for: {edited}");
        let deleted = story.change("messageDelete", json!({ "messageId": second })).await;
        assert_eq!((&deleted["delivery"]["state"], &deleted["deletedAt"].is_string()), (&json!("FAILED"), &true));
        assert!(deleted["delivery"]["error"].as_str().unwrap().contains("deleted before"), "{deleted}");
        story.let_go();
        story.until_delivery(&third, "SENT").await;
        assert_eq!(story.telegram.received_by(7), ["wait", "first, corrected", "third"]);
        assert!(story.calls(&["editMessageText", "deleteMessage"]).is_empty());
        assert_eq!(story.refusal("messageEdit", json!({ "messageId": second, "text": "x" })).await, "MESSAGE_DELETED");
    }

    async fn what_is_asked_of_a_message_that_is_just_being_sent_waits_for_it(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::delay(MEANWHILE));
        let message = story.say("wrong").await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        let edited = story.edit(&message, "right").await;
        assert_eq!(edited["changes"][0]["state"], "QUEUED");
        story.change("messagePin", json!({ "messageId": message })).await;
        story.until_change(&message, "EDIT", "DONE").await;
        let pinned = story.until_change(&message, "PIN", "DONE").await;
        assert!(pinned["pinnedAt"].is_string());
        let number = story.calls(&["sendMessage"])[0].message_id;
        let changes = story.calls(&["editMessageText", "pinChatMessage"]);
        assert_eq!(changes.iter().map(|change| change.message_id).collect::<Vec<_>>(), [number, number]);

        story.change("messageUnpin", json!({ "messageId": message })).await;
        let unpinned = story.until_change(&message, "UNPIN", "DONE").await;
        assert_eq!(unpinned["pinnedAt"], Value::Null);
        story.change("messageDelete", json!({ "messageId": message })).await;
        let deleted = story.until_change(&message, "DELETE", "DONE").await;
        assert!(deleted["deletedAt"].is_string());
        let again = story.change("messageDelete", json!({ "messageId": message })).await;
        assert_eq!(again["changes"], deleted["changes"]);
    }

    async fn what_customers_wrote_can_be_pinned_and_nothing_else(engine: Engine) {
        let story = Story::begin(engine).await;
        story.say("hi").await;
        let said = id_of(&crate::stage::messages(&story.desk.admin, &story.session).await[0]);
        story.change("messagePin", json!({ "messageId": said })).await;
        story.until_change(&said, "PIN", "DONE").await;
        assert_eq!(story.refusal("messageDelete", json!({ "messageId": said })).await, "NOT_OWN_MESSAGE");
        assert_eq!(story.refusal("messageEdit", json!({ "messageId": said, "text": "x" })).await, "NOT_OWN_MESSAGE");
        let other = story.desk.add_agent("other@example.com", "Telegram", "supervisor").await;
        let input = json!({ "messageId": said });
        let payload = super::mutate(&other, "messageUnpin", "message", input).await;
        assert_eq!(crate::stage::errors_of(&payload), ["NOT_ACTIVE_REPLIER"]);
    }

    async fn a_change_that_telegram_refuses_is_taken_back_and_told(engine: Engine) {
        let story = Story::begin(engine).await;
        let message = story.say("as it was").await;
        story.until_delivery(&message, "SENT").await;
        let refusal = |words: &str| Fault::answer(400, json!({ "ok": false, "error_code": 400, "description": words }).to_string());
        story.telegram.next("editMessageText", refusal("Bad Request: message can't be edited"));
        story.edit(&message, "as it should be").await;
        let kept = story.until_change(&message, "EDIT", "FAILED").await;
        assert_eq!((&kept["text"], &kept["editedAt"]), (&json!("as it was"), &Value::Null));
        assert!(kept["changes"][0]["error"].as_str().unwrap().contains("does not let the bot change"), "{kept}");
        story.telegram.next("deleteMessage", refusal("Bad Request: message can't be deleted for everyone"));
        story.change("messageDelete", json!({ "messageId": message })).await;
        let kept = story.until_change(&message, "DELETE", "FAILED").await;
        assert_eq!(kept["deletedAt"], Value::Null);
        // What is wanted is there already.
        story.telegram.next("deleteMessage", refusal("Bad Request: message to delete not found"));
        story.change("messageDelete", json!({ "messageId": message })).await;
        story.until_change(&message, "DELETE", "DONE").await;
    }

    async fn what_telegram_did_not_take_yet_never_goes_out_once_it_was_deleted(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::too_many_requests(2).delayed(MEANWHILE));
        let message = story.say("wrong").await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        story.change("messagePin", json!({ "messageId": message })).await;
        let asked = story.change("messageDelete", json!({ "messageId": message })).await;
        assert_eq!(asked["changes"][0]["state"], "QUEUED", "nobody can tell yet whether it was sent: {asked}");
        let deleted = story.until_change(&message, "DELETE", "DONE").await;
        assert_eq!((&deleted["delivery"]["state"], deleted["deletedAt"].is_string()), (&json!("FAILED"), true));
        let after = story.say("after").await;
        story.until_delivery(&after, "SENT").await;
        assert_eq!(story.telegram.received_by(7), ["after"]);
        let ledger = story.telegram.api.ledger();
        assert_eq!((ledger.calls("deleteMessage"), ledger.calls("pinChatMessage")), (0, 0), "there was nothing to change");
    }

    async fn what_telegram_did_not_take_yet_goes_out_as_it_was_edited_last(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::too_many_requests(15).delayed(MEANWHILE));
        let message = story.say("1st").await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        story.edit(&message, "2nd").await;
        let waiting = story.until_change(&message, "EDIT", "DONE").await;
        assert_eq!(waiting["delivery"]["state"], "QUEUED");
        story.edit(&message, "3rd").await;
        story.until_delivery(&message, "SENT").await;
        let after = story.say("after").await;
        story.until_delivery(&after, "SENT").await;
        assert_eq!(story.telegram.received_by(7), ["3rd", "after"]);
        assert_eq!(story.telegram.api.ledger().calls("editMessageText"), 0);
    }

    async fn an_edit_that_waited_for_a_message_of_unknown_fate_does_not_undo_a_later_one(engine: Engine) {
        let story = Story::begin(engine).await;
        story.telegram.next("sendMessage", Fault::drop_before_accepting().delayed(MEANWHILE));
        let message = story.say("1st").await;
        story.telegram.until(|ledger| ledger.calls("sendMessage") == 1).await;
        story.edit(&message, "2nd").await;
        story.until_delivery(&message, "UNKNOWN").await;
        story.telegram.api.refuse_connections().await.unwrap();
        story.change("messageDeliverySettle", json!({ "messageId": message, "resolution": "RETRY" })).await;
        story.edit(&message, "3rd").await;
        story.telegram.api.accept_connections().await.unwrap();
        story.until_delivery(&message, "SENT").await;
        let after = story.say("after").await;
        story.until_delivery(&after, "SENT").await;
        let chat = story.telegram.api.chat(story.telegram.bot(), ChatId(7));
        let shown: Vec<_> = chat.iter().filter(|message| message.from_bot).filter_map(|message| message.text()).collect();
        assert_eq!(shown, ["3rd", "after"]);
    }
}
