//! Taps on buttons: each counts once, and what somebody makes up counts for nothing.

use desk::intake::{Decoded, Press};
use domain::message::{Details, Thread};
use domain::{ChatId, Message};
use tests::on_both_engines;

use crate::play::{Play, person, press, text};
use crate::stage::Stage;

const ANSWERS: &str = "FROM outbox WHERE method = 'answerCallbackQuery'";

/// A conversation with a button under the message 2.
async fn button(play: &Play) -> Message {
    play.says(text(7, 1, "Hello")).await;
    let question = play.stage.reply(play.session().await.id, "Better?").await;
    let project = play.project;
    play.stage
        .tamper(&format!(
            "UPDATE messages SET telegram_message_id = 2 WHERE id = {id}; \
             INSERT INTO buttons (code, project_id, message_id, label, created_at) \
             VALUES ('yes', {project}, {id}, 'Yes, thanks', 0), ('no', {project}, {id}, 'No', 0)",
            id = question.id,
        ))
        .await;
    question
}

fn tap(press: Press) -> Decoded {
    Decoded::Press(Box::new(press))
}

on_both_engines! {
    async fn a_tap_is_said_once_and_answered_each_time(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let question = button(&play).await;
        let taps = (1..=3).map(|lane| play.update(-1_000_000 - lane, tap(press(7, "yes", 2)))).collect();
        play.store(taps).await;
        play.work_off().await;
        let messages = play.messages().await;
        assert_eq!(messages.len(), 3);
        let said = &messages[2];
        assert_eq!((said.kind.as_str(), said.text.as_str()), ("callback_query", "Yes, thanks"));
        assert_eq!(said.content.details, Some(Details::Press { label: "Yes, thanks".to_owned() }));
        assert_eq!(said.reply_to_id, Some(question.id));
        assert_eq!(play.session().await.inbound_count, 2);
        assert_eq!(play.stage.count(ANSWERS).await, 3);
        play.arrives(7, tap(press(7, "no", 2))).await;
        assert_eq!(play.messages().await.len(), 4, "another button is another answer");
    }

    async fn a_tap_may_come_before_the_desk_knows_that_its_message_was_sent(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let question = button(&play).await;
        play.stage.tamper(&format!("UPDATE messages SET telegram_message_id = NULL WHERE id = {}", question.id)).await;
        play.arrives(7, tap(press(7, "yes", 2))).await;
        assert_eq!(play.messages().await.len(), 3);
    }

    async fn what_somebody_makes_up_is_answered_and_left_alone(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let question = button(&play).await;
        let other = play.stage.project().await;
        play.stage
            .tamper(&format!(
                "INSERT INTO buttons (code, project_id, message_id, label, created_at) \
                 VALUES ('foreign', {other}, {}, 'Yes', 0)",
                question.id
            ))
            .await;
        let yes = || press(7, "yes", 2);
        let connection = Thread { business_connection_id: Some("x".to_owned()), ..Thread::default() };
        let forged = [
            Press { data: Some("oh".to_owned()), ..yes() },
            Press { data: Some("x".repeat(10_000)), ..yes() },
            Press { data: Some("foreign".to_owned()), ..yes() },
            Press { data: None, ..yes() },
            Press { telegram_message_id: Some(3), ..yes() },
            Press { chat_id: Some(ChatId(8)), ..yes() },
            Press { thread: connection, ..yes() },
            Press { profile: person(8), ..yes() },
        ];
        let count = i64::try_from(forged.len()).unwrap();
        for press in forged {
            play.arrives(7, tap(press)).await;
        }
        assert_eq!(play.messages().await.len(), 2);
        assert_eq!(play.stage.count(ANSWERS).await, count);
        assert_eq!(play.stage.count("FROM tg_inbox WHERE state <> 'DONE'").await, 0);
    }
}
