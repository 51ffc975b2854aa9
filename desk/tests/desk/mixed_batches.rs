//! What is worked off together comes out as if it had been worked off one by one.

use desk::intake::{Decoded, Update};
use desk::message::Incoming;
use domain::EventKind;
use domain::event::Cause;
use tests::on_both_engines;

use crate::play::{Play, at, edit, message, text};
use crate::stage::Stage;

fn says(customer: i64, number: i64, words: &str) -> Incoming {
    Incoming { sent_at: Some(at(0)), ..text(customer, number, words) }
}

/// Customers of all kinds: 3 is banned, 4 has said as much as one may, 5 cannot be reached, 6 has a closed session, and
/// 9 is not there yet.
async fn cast(stage: Stage) -> Play {
    let play = Play::on(stage).await;
    for customer in 1..=8 {
        play.says(says(customer, 1, "Hello")).await;
    }
    for number in 2..=60 {
        play.says(says(4, number, "Hello")).await;
    }
    let sessions = play.stage.sessions(play.project).await;
    play.stage.desk.session_close(&play.stage.actor, sessions[5].id, None).await.unwrap();
    play.stage.tamper("UPDATE customers SET banned_at = 1 WHERE telegram_user_id = 3").await;
    play.stage.tamper("UPDATE customers SET unreachable_since = 1 WHERE telegram_user_id = 5").await;
    play
}

/// One update of each customer.
fn updates(play: &Play) -> Vec<Update> {
    let meanings: Vec<(i64, Decoded)> = vec![
        (1, message(says(1, 101, "usual"))),
        (2, message(says(2, 1, "a duplicate"))),
        (3, message(says(3, 101, "banned"))),
        (4, message(says(4, 101, "too much"))),
        (5, message(says(5, 101, "back again"))),
        (6, message(says(6, 101, "reopens"))),
        (7, edit(says(7, 1, "changed"))),
        (8, message(Incoming { reply_to: Some(1), ..says(8, 101, "/help") })),
        (9, message(says(9, 101, "new"))),
        (10, message(says(10, 101, "usual as well"))),
    ];
    meanings.into_iter().map(|(chat, meaning)| play.update(chat, meaning)).collect()
}

/// Everything that matters of what there is.
async fn picture(play: &Play) -> Vec<String> {
    let mut picture = Vec::new();
    for session in play.stage.sessions(play.project).await {
        let customer = play.stage.customer(&session).await;
        picture.push(format!(
            "{} {:?} {} {:?} {:?} {} reachable: {}",
            customer.telegram_user_id.0,
            session.status,
            session.inbound_count,
            session.pace,
            session.last_direction,
            session.version,
            customer.unreachable_since.is_none()
        ));
        let messages = play.stage.messages(session.id).await;
        assert_eq!(session.last_message_id, messages.last().map(|message| message.id));
        picture.extend(messages.iter().map(|message| {
            let answered = message.reply_to_id.is_some();
            format!(
                "  {:?} {} answers: {answered}, edited: {}",
                message.telegram_message_id,
                message.text,
                message.edited_at.is_some()
            )
        }));
    }
    for state in ["PENDING", "DONE", "POISON", "SHELVED"] {
        picture.push(format!("{state} {}", play.stage.count(&format!("FROM tg_inbox WHERE state = '{state}'")).await));
    }
    for kind in EventKind::ALL {
        for cause in Cause::ALL {
            picture.push(format!("{kind} {cause} {}", play.events(kind.name(), cause.name()).await));
        }
    }
    picture
}

on_both_engines! {
    async fn a_mixed_batch_comes_out_as_one_by_one(engine: Engine) {
        let (together, alone) = (cast(Stage::new(engine).await).await, cast(Stage::new(engine).await).await);
        for play in [&together, &alone] {
            play.says(says(10, 1, "Hello")).await;
        }
        let batch = updates(&together);
        let count = batch.len();
        together.store(batch).await;
        assert_eq!(together.stage.desk.work_off_updates(&together).await.unwrap(), count);
        for update in updates(&alone) {
            alone.store(vec![update]).await;
            alone.work_off().await;
        }
        let (together, alone) = (picture(&together).await, picture(&alone).await);
        assert_eq!(together, alone);
        assert!(together.iter().any(|line| line == "SHELVED 2"), "{together:#?}");
    }
}
