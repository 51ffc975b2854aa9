//! What was written changes, or is gone.

use desk::intake::{Decoded, Deletion};
use desk::message::Incoming;
use domain::message::details::{Location, Poll, PollOption};
use domain::message::{Content, Details, Media, MediaKind, Thread};
use domain::{ChatId, Direction};
use tests::on_both_engines;

use crate::play::{Play, at, edit, message, reaction, text};
use crate::stage::Stage;

fn with(details: Details, kind: &str, incoming: Incoming) -> Incoming {
    Incoming { kind: kind.to_owned(), content: Content { details: Some(details), ..Content::default() }, ..incoming }
}

fn location(degrees: f64) -> Incoming {
    let details = Location { latitude: degrees, longitude: 0.0, accuracy_metres: None, live_period_seconds: Some(900) };
    with(Details::Location(details), "location", text(7, 1, ""))
}

fn poll(votes: i64, closed: bool) -> Poll {
    Poll {
        id: "poll 1".to_owned(),
        question: "Well?".to_owned(),
        options: vec![PollOption { text: "Yes".to_owned(), voter_count: votes }],
        total_voter_count: votes,
        closed,
    }
}

on_both_engines! {
    async fn an_edit_that_comes_before_its_original_stands_in_for_it(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let (better, original) = (text(7, 1, "Hello, Ada"), text(7, 1, "Helo"));
        play.store(vec![play.update(7, edit(better)), play.update(7, message(original))]).await;
        play.work_off().await;
        let message = play.message().await;
        assert_eq!((message.text.as_str(), play.session().await.inbound_count), ("Hello, Ada", 1));
    }

    async fn an_older_edit_that_comes_late_changes_nothing(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "one")).await;
        for (second, words) in [(20, "three"), (10, "two"), (20, "three!")] {
            play.arrives(7, edit(Incoming { sent_at: Some(at(second)), ..text(7, 1, words) })).await;
        }
        assert_eq!(play.message().await.text, "three!", "of the same second the later one counts");
        assert_eq!(play.events("MESSAGE_UPDATED", "CUSTOMER_EDIT").await, 2);
    }

    async fn an_edit_may_change_the_file_and_leaves_the_reactions(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let photo = |file: &str| {
            let media = Media { telegram_file_id: Some(file.to_owned()), ..Media::new(MediaKind::Photo) };
            let content = Content { media: Some(media), ..Content::default() };
            Incoming { kind: "photo".to_owned(), content, ..text(7, 1, "look") }
        };
        play.says(photo("one")).await;
        play.arrives(7, reaction(7, 1, 7, &["👍"])).await;
        play.arrives(7, edit(photo("two"))).await;
        play.arrives(7, edit(photo("two"))).await;
        let message = play.message().await;
        assert_eq!(message.content.media.unwrap().telegram_file_id.as_deref(), Some("two"));
        assert_eq!(message.content.reactions.len(), 1);
        assert!(message.edited_at.is_some());
        assert_eq!(play.events("MESSAGE_UPDATED", "CUSTOMER_EDIT").await, 1, "the same again is no news");
    }

    async fn a_live_location_moves_as_often_as_it_likes(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(location(0.0)).await;
        for step in 1..=70 {
            play.arrives(7, edit(location(f64::from(step)))).await;
        }
        let Some(Details::Location(place)) = play.message().await.content.details else { panic!("no place") };
        assert!((place.latitude - 70.0).abs() < f64::EPSILON, "{place:?}");
        assert_eq!(play.stage.count("FROM tg_inbox WHERE state <> 'DONE'").await, 0);
    }

    async fn every_message_that_shows_a_poll_follows_it(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.arrives(0, Decoded::PollState(poll(9, false))).await;
        for (customer, number) in [(7, 1), (8, 2)] {
            play.says(with(Details::Poll(poll(0, false)), "poll", text(customer, number, ""))).await;
        }
        play.arrives(0, Decoded::PollState(poll(3, true))).await;
        play.arrives(0, Decoded::PollState(poll(3, true))).await;
        for session in play.stage.sessions(play.project).await {
            let message = play.stage.messages(session.id).await.pop().unwrap();
            assert_eq!(message.content.details, Some(Details::Poll(poll(3, true))));
        }
        assert_eq!(play.events("MESSAGE_UPDATED", "CHAT_EVENT").await, 2);
    }

    async fn what_is_deleted_in_a_chat_stays_in_the_desk_and_is_marked(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let thread = Thread { business_connection_id: Some("shop".to_owned()), ..Thread::default() };
        let of_shop = |number| {
            let content = Content { thread: thread.clone(), ..Content::default() };
            Incoming { content, ..text(7, number, "Hello") }
        };
        play.says(of_shop(1)).await;
        play.says(of_shop(2)).await;
        // The bot's own chat counts for itself.
        play.says(text(7, 2, "Hello")).await;
        let deletion =
            Deletion { chat_id: ChatId(7), thread: thread.clone(), telegram_message_ids: vec![2, 3] };
        play.arrives(7, Decoded::Deletion(deletion.clone())).await;
        play.arrives(7, Decoded::Deletion(deletion)).await;
        let deleted: Vec<_> = play.messages().await.iter().map(|message| message.deleted_at.is_some()).collect();
        assert_eq!(deleted, [false, true, false]);
        assert_eq!(play.messages().await[1].text, "Hello");
        assert_eq!(play.events("MESSAGE_UPDATED", "CUSTOMER_DELETE").await, 1);
    }

    async fn what_the_owner_of_an_account_changes_is_no_message_of_the_customer(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let owner = |words: &str| Incoming { direction: Direction::Outbound, ..text(7, 5, words) };
        play.arrives(7, edit(owner("nobody wrote yet"))).await;
        assert_eq!(play.stage.sessions(play.project).await, []);
        play.says(text(7, 1, "Hello")).await;
        play.says(owner("Hi")).await;
        play.arrives(7, edit(owner("Hi!"))).await;
        let messages = play.messages().await;
        assert_eq!((messages[1].text.as_str(), messages[1].direction), ("Hi!", Direction::Outbound));
        assert_eq!((messages[1].delivery.as_ref(), messages[1].author_id), (None, None));
        let session = play.session().await;
        assert_eq!((session.inbound_count, session.last_direction), (1, Direction::Outbound));
    }
}
