//! Where answers go, and what happens beside the conversation.

use desk::intake::Decoded;
use desk::message::Incoming;
use domain::message::{Content, Thread, Writer};
use domain::{ChatId, CustomerKind, Status};
use tests::on_both_engines;

use crate::play::{Play, group, person, text};
use crate::stage::Stage;

on_both_engines! {
    async fn answers_go_to_where_the_customer_wrote_last(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "Hello")).await;
        let topic = Thread { direct_messages_topic_id: Some(7), ..Thread::default() };
        let content = Content { thread: topic.clone(), ..Content::default() };
        play.says(Incoming { chat_id: ChatId(-100), content, ..text(7, 9, "and here") }).await;
        let session = play.session().await;
        assert_eq!((session.chat_id, &session.thread), (ChatId(-100), &topic));
        assert_eq!(play.stage.customer(&session).await.chat_id, ChatId(7), "their own chat stays known");
        play.says(text(7, 2, "back again")).await;
        let session = play.session().await;
        assert_eq!((session.chat_id, session.thread.is_main()), (ChatId(7), true));
    }

    async fn a_group_is_one_customer_whoever_writes_in_it(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        for (writer, number) in [(7, 1), (8, 2)] {
            let writer = Writer { telegram_id: writer, name: "Kim".to_owned(), username: None };
            let content = Content { writer: Some(writer), ..Content::default() };
            play.says(Incoming { content, ..text(-5, number, "Hello") }).await;
        }
        let customer = play.stage.customer(&play.session().await).await;
        assert_eq!((customer.kind, customer.name.as_str()), (CustomerKind::Group, "The club"));
        let messages = play.messages().await;
        let writers = messages.iter().filter_map(|message| message.content.writer.as_ref());
        assert_eq!(writers.map(|writer| writer.telegram_id).collect::<Vec<_>>(), [7, 8]);
    }

    async fn what_is_no_message_shows_in_an_open_session_and_does_nothing_else(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let activity = || {
            let incoming = Incoming { kind: "poll_answer".to_owned(), ..text(7, 0, "") };
            Decoded::Activity(Box::new(incoming))
        };
        play.arrives(7, activity()).await;
        assert_eq!(play.stage.sessions(play.project).await, []);
        play.says(text(7, 1, "Hello")).await;
        let before = play.session().await;
        play.arrives(7, activity()).await;
        play.arrives(7, activity()).await;
        assert_eq!(play.messages().await.len(), 3);
        let mut after = play.session().await;
        after.pace = before.pace;
        assert_eq!(after, before);
        play.stage.desk.session_close(&play.stage.actor, before.id, None).await.unwrap();
        play.arrives(7, activity()).await;
        assert_eq!((play.session().await.status, play.messages().await.len()), (Status::Closed, 3));
    }

    async fn a_customer_is_known_as_telegram_describes_them_now(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "Hello")).await;
        let mut profile = person(7);
        (profile.name, profile.language_code) = ("Ada".to_owned(), Some("de".to_owned()));
        play.says(Incoming { customer: profile, ..text(7, 2, "Hello") }).await;
        play.says(Incoming { customer: group(-5), ..text(-5, 2, "Hello") }).await;
        let sessions = play.stage.sessions(play.project).await;
        let customer = play.stage.customer(&sessions[0]).await;
        assert_eq!((customer.name.as_str(), customer.language_code.as_deref()), ("Ada", Some("de")));
    }
}
