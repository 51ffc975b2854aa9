//! Those who are banned, and those who write too much, keep nobody from working; and nothing of theirs is lost.

use desk::intake::{Decoded, KeptUpdate, Shelf, UpdateRetryRefusal, UpdateState};
use desk::message::Incoming;
use desk::{PageRequest, Rejected};
use domain::{Direction, UpdateRowId};
use tests::on_both_engines;

use crate::play::{Play, at, edit, reaction, text};
use crate::stage::Stage;

fn says(number: i64, second: i64) -> Incoming {
    Incoming { sent_at: Some(at(second)), ..text(7, number, "Hello") }
}

async fn shelved(play: &Play) -> Vec<KeptUpdate> {
    let updates = shelved_page(play, true).await;
    assert_eq!(shelved_page(play, false).await, updates, "they are the same if they are not counted");
    updates
}

async fn shelved_page(play: &Play, counted: bool) -> Vec<KeptUpdate> {
    let page = PageRequest { first: Some(100), after: None, last: None, before: None, counted };
    let state = Some(UpdateState::Shelved);
    let updates = play.stage.desk.telegram_updates(&play.stage.actor, play.project, state, page).await.unwrap();
    assert_eq!(updates.total, counted.then(|| i64::try_from(updates.edges.len()).unwrap()));
    updates.edges.into_iter().map(|edge| edge.node).collect()
}

async fn ban(play: &Play) {
    play.stage.tamper("UPDATE customers SET banned_at = 1, ban_reason = 'spam'").await;
}

on_both_engines! {
    async fn one_who_writes_too_much_waits_and_is_told_once(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        for number in 1..=65 {
            play.says(says(number, 0)).await;
        }
        assert_eq!(play.session().await.inbound_count, 60);
        let notices: Vec<_> =
            play.messages().await.into_iter().filter(|message| message.direction == Direction::Outbound).collect();
        assert_eq!(notices.len(), 1, "{notices:?}");
        assert!(notices[0].text.contains("wait a minute"));
        assert_eq!(play.stage.count("FROM outbox WHERE method = 'sendMessage'").await, 1);
        let kept = shelved(&play).await;
        assert_eq!(kept.len(), 5);
        assert!(kept.iter().all(|update| update.shelf == Some(Shelf::Flood)));
        assert_eq!(kept[0].raw, "65", "newest first");

        play.says(says(66, 200)).await;
        assert_eq!(play.session().await.inbound_count, 61, "the flood is over");
        let oldest = kept.last().unwrap().id;
        play.stage.desk.telegram_update_retry(&play.stage.actor, oldest).await.unwrap();
        play.work_off().await;
        assert_eq!((play.session().await.inbound_count, shelved(&play).await.len()), (62, 4));
        let again = play.stage.desk.telegram_update_retry(&play.stage.actor, oldest).await;
        assert!(matches!(again, Err(Rejected::Refused(UpdateRetryRefusal::NotSetAside))), "{again:?}");
        let unknown = play.stage.desk.telegram_update_retry(&play.stage.actor, UpdateRowId(-1)).await;
        assert!(matches!(unknown, Err(Rejected::Refused(UpdateRetryRefusal::NotFound))), "{unknown:?}");
    }

    async fn edits_and_reactions_are_a_flood_as_well_and_others_are_not_in_it(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "Hello")).await;
        for time in 0..40 {
            play.arrives(7, edit(text(7, 1, &time.to_string()))).await;
            play.arrives(7, reaction(7, 1, 7, if time % 2 == 0 { &["👍"] } else { &[] })).await;
        }
        let changes = play.events("MESSAGE_UPDATED", "CUSTOMER_EDIT").await
            + play.events("MESSAGE_UPDATED", "CUSTOMER_REACTION").await;
        assert_eq!(changes, 59);
        play.says(text(8, 1, "I am somebody else")).await;
        assert_eq!(play.stage.sessions(play.project).await.len(), 2);
    }

    async fn nothing_of_one_who_is_banned_comes_in_and_all_of_it_is_kept(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(text(7, 1, "Hello")).await;
        ban(&play).await;
        play.says(text(7, 2, "Hello?")).await;
        play.arrives(7, edit(text(7, 1, "!"))).await;
        play.arrives(7, reaction(7, 1, 7, &["👎"])).await;
        play.arrives(7, Decoded::Activity(Box::new(text(7, 0, "")))).await;
        let message = play.message().await;
        assert_eq!((message.text.as_str(), message.content.reactions.len()), ("Hello", 0));
        let kept = shelved(&play).await;
        assert_eq!(kept.len(), 4);
        assert!(kept.iter().all(|update| update.shelf == Some(Shelf::Banned)));

        play.stage.desk.telegram_update_retry(&play.stage.actor, kept[3].id).await.unwrap();
        play.work_off().await;
        assert_eq!(play.messages().await.len(), 2, "somebody wants to see this one");
        play.stage.tamper("UPDATE customers SET banned_at = NULL").await;
        play.says(text(7, 3, "Thank you")).await;
        assert_eq!(play.messages().await.len(), 3);
    }
}
