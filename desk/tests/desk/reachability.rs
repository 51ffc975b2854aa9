//! Whether messages reach a customer, as Telegram tells it in any order.

use desk::Holder;
use desk::intake::{Decoded, Membership};
use desk::message::Incoming;
use desk::outbox::{Outcome, Settlement, Taken};
use domain::ChatId;
use tests::on_both_engines;

use crate::outbox::{LONG, take};
use crate::play::{Play, at, group, person, reachable, text};
use crate::stage::Stage;

async fn is_reachable(play: &Play) -> bool {
    play.stage.customer(&play.session().await).await.unreachable_since.is_none()
}

on_both_engines! {
    async fn what_happened_last_counts_and_not_what_is_told_last(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.arrives(7, reachable(7, false, 0)).await;
        assert_eq!(play.stage.sessions(play.project).await, [], "who never wrote is no customer");
        play.says(Incoming { sent_at: Some(at(0)), ..text(7, 1, "Hello") }).await;
        for (step, (now, second, expected)) in
            [(false, 10, false), (true, 20, true), (false, 15, true), (false, 30, false), (true, 25, false)]
                .into_iter()
                .enumerate()
        {
            play.arrives(7, reachable(7, now, second)).await;
            assert_eq!(is_reachable(&play).await, expected, "step {step}");
        }
        assert_eq!(play.events("SESSION_UPDATED", "REACHABILITY").await, 3);
    }

    async fn who_writes_can_be_reached_unless_they_ended_it_later(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let says = |number, second| Incoming { sent_at: Some(at(second)), ..text(7, number, "Hello") };
        play.says(says(1, 0)).await;
        play.arrives(7, reachable(7, false, 20)).await;
        play.says(says(2, 10)).await;
        assert!(!is_reachable(&play).await, "written before");
        play.says(says(3, 30)).await;
        assert!(is_reachable(&play).await);
        play.arrives(7, reachable(7, false, 25)).await;
        assert!(is_reachable(&play).await, "that was before the last message");
    }

    async fn who_wrote_lately_was_not_lost_before(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        play.says(Incoming { sent_at: Some(at(30)), ..text(7, 1, "Hello") }).await;
        play.arrives(7, reachable(7, false, 20)).await;
        assert!(is_reachable(&play).await);
    }

    async fn a_group_that_puts_the_bot_out_cannot_be_reached(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let membership = |member, second| {
            let (chat, by) = (group(-5), person(7));
            Decoded::Membership(Membership { chat, chat_id: ChatId(-5), member, by, at: at(second) })
        };
        play.arrives(-5, membership(true, 0)).await;
        assert_eq!(play.stage.sessions(play.project).await, []);
        play.says(Incoming { sent_at: Some(at(1)), ..text(-5, 1, "Hello") }).await;
        play.arrives(-5, membership(false, 10)).await;
        assert!(!is_reachable(&play).await);
        play.arrives(-5, membership(true, 20)).await;
        assert!(is_reachable(&play).await);
    }

    async fn a_refused_message_tells_it_as_well_and_does_not_depend_on_the_clock_of_the_desk(engine: Engine) {
        let play = Play::on(Stage::new(engine).await).await;
        let says = |number, second| Incoming { sent_at: Some(at(second)), ..text(7, number, "Hello") };
        play.says(says(1, 10)).await;
        let holder = Holder::new(LONG);
        assert!(play.stage.desk.acquire_bot(play.project, &holder).await.unwrap());
        let session = play.session().await;
        play.stage.reply(session.id, "Hi").await;
        let Taken { attempt, mut calls, .. } = take(&play.stage, play.project, &holder).await;
        let outcome = Outcome::Failed { reason: "blocked".to_owned(), unreachable: true };
        let settlement = Settlement { call: calls.remove(0), attempt, outcome, hold_until: None };
        play.stage.desk.settle_call(settlement).await.unwrap();
        assert!(!is_reachable(&play).await);
        assert_eq!(play.events("SESSION_UPDATED", "REACHABILITY").await, 1);
        play.arrives(7, reachable(7, true, 9)).await;
        assert!(!is_reachable(&play).await, "that was before the last message");
        play.says(says(2, 11)).await;
        assert!(is_reachable(&play).await);
    }
}
