//! A group becomes a supergroup in the middle of a conversation.

use desk::intake::{Decoded, Migration};
use desk::message::Incoming;
use domain::{ChatId, CloseReason, Message, Session, Status, TelegramUserId};
use tests::on_both_engines;

use crate::play::{Play, reaction, text};
use crate::stage::Stage;

const OLD: i64 = -5;
const NEW: i64 = -1_005;

fn moves() -> Decoded {
    Decoded::Migration(Migration { from: ChatId(OLD), to: ChatId(NEW) })
}

/// A group has written, and an answer waits to be sent.
async fn conversation(play: &Play) -> Message {
    play.says(text(OLD, 1, "Hello")).await;
    let session = play.session().await;
    let said = &play.stage.messages(session.id).await[0];
    let reply = desk_reply(session.id, said);
    play.stage.desk.message_send(&play.stage.actor, &reply).await.unwrap();
    play.stage.messages(session.id).await.pop().unwrap()
}

fn desk_reply(session: domain::SessionId, said: &Message) -> desk::message::NewReply {
    desk::message::NewReply { reply_to_id: Some(said.id), ..desk::message::NewReply::text(session, "Hi") }
}

async fn assert_moved(play: &Play, session: &Session) {
    let customer = play.stage.customer(session).await;
    assert_eq!((customer.telegram_user_id, customer.chat_id), (TelegramUserId(NEW), ChatId(NEW)));
    assert_eq!(session.chat_id, ChatId(NEW));
    let calls = |what: &str| format!("FROM outbox WHERE {what}");
    assert_eq!(play.stage.count(&calls(&format!("chat_id = {OLD}"))).await, 0);
    assert_eq!(play.stage.count(&calls(&format!("payload NOT LIKE '%:{NEW}%'"))).await, 0);
    assert_eq!(play.stage.count(&calls("payload LIKE '%reply_parameters%'")).await, 0);
    assert_eq!(
        play.stage.count(&format!("FROM messages WHERE chat_id = {OLD} AND telegram_message_id IS NULL")).await,
        0
    );
}

on_both_engines! {
    async fn the_conversation_goes_on_in_the_new_chat_however_often_it_is_told(engine: Engine) {
        for chats in [[OLD, NEW], [NEW, OLD]] {
            let play = Play::on(Stage::new(engine).await).await;
            let reply = conversation(&play).await;
            for chat in chats {
                play.arrives(chat, moves()).await;
                assert_moved(&play, &play.session().await).await;
            }
            assert_eq!(play.events("SESSION_UPDATED", "MIGRATION").await, 1);
            assert_eq!(play.stage.message(&reply).await.chat_id, ChatId(NEW));
            // The supergroup counts anew: its number 1 is another message than that of the group.
            play.says(text(NEW, 1, "We are here now")).await;
            assert_eq!(play.messages().await.len(), 3);
            assert_eq!(play.session().await.inbound_count, 2);
        }
    }

    async fn what_comes_late_from_the_old_chat_is_still_the_same_conversation(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        conversation(&play).await;
        play.arrives(NEW, moves()).await;
        play.says(text(OLD, 2, "one more")).await;
        play.arrives(OLD, reaction(OLD, 1, 7, &["👍"])).await;
        let messages = play.messages().await;
        assert_eq!((messages.len(), messages[0].content.reactions.len()), (3, 1));
        assert_moved(&play, &play.session().await).await;
    }

    async fn what_waits_in_the_old_chat_keeps_its_place_before_what_is_written_in_the_new_one(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        conversation(&play).await;
        let updates = [(NEW, moves()), (OLD, moves())].map(|(chat, meaning)| play.update(chat, meaning));
        let late = [text(OLD, 2, "two"), text(OLD, 3, "three")].map(|said| play.update(OLD, crate::play::message(said)));
        play.store(updates.into_iter().chain(late).collect()).await;
        play.stage.desk.work_off_updates(&play).await.unwrap();
        assert_eq!(play.stage.count(&format!("FROM tg_inbox WHERE state = 'PENDING' AND chat_id = {OLD}")).await, 0);
        play.says(text(NEW, 1, "four")).await;
        let texts: Vec<_> = play.messages().await.into_iter().map(|message| message.text).collect();
        assert_eq!(texts, ["Hello", "Hi", "two", "three", "four"]);
    }

    async fn messages_of_the_new_chat_that_come_first_lead_to_the_same_customer(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        conversation(&play).await;
        let before = play.session().await;
        play.says(text(NEW, 1, "We are here now")).await;
        assert_eq!(play.stage.sessions(play.project).await.len(), 2);
        play.arrives(NEW, moves()).await;
        play.arrives(OLD, moves()).await;
        let sessions = play.stage.sessions(play.project).await;
        let (earlier, later) = (&sessions[0], &sessions[1]);
        assert_eq!(earlier.customer_id, later.customer_id);
        assert_eq!((earlier.status, earlier.close_reason), (Status::Closed, Some(CloseReason::Migration)));
        assert_eq!((later.status, later.assignee_id), (Status::Unread, before.assignee_id));
        assert_moved(&play, later).await;
        play.says(Incoming { chat_id: ChatId(OLD), ..text(OLD, 2, "late") }).await;
        play.says(text(NEW, 2, "and on")).await;
        assert_eq!(play.stage.messages(later.id).await.len(), 3);
        assert_eq!(play.stage.sessions(play.project).await.len(), 2);
    }

    async fn a_group_that_never_wrote_leaves_nothing_but_its_number(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.arrives(OLD, moves()).await;
        play.says(text(OLD, 1, "late")).await;
        assert_moved(&play, &play.session().await).await;
    }
}
