//! Calls to Telegram are handed to the one who has the lease, and nobody is told two things about one of them.

use std::time::Duration;

use desk::Holder;
use desk::outbox::{Outcome, Room, Settlement, Taken, Wanted};
use domain::{DeliveryState, ProjectId};
use tests::{Engine, on_both_engines};

use crate::stage::{Stage, eventually};

const SHORT: Duration = Duration::from_millis(100);
pub const LONG: Duration = Duration::from_secs(60);

pub async fn take(stage: &Stage, project_id: ProjectId, holder: &Holder) -> Taken {
    let wanted = Wanted { project_id, holder: holder.clone(), room: Room::of_each(9), holds: Vec::new() };
    stage.desk.take_calls(wanted).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_does_not_have_the_lease_of_a_bot_gets_none_of_its_calls() {
    if !Engine::Postgres.is_available().await {
        return;
    }
    let stage = Stage::new(Engine::Postgres).await;
    let project = stage.project().await;
    let (one, other) = (Holder::new(SHORT), Holder::new(LONG));
    let session = stage.hear(project, 1, 7, "Hello").await;
    stage.reply(session.id, "Hi").await;
    assert_eq!(take(&stage, project, &one).await.calls, []);
    assert!(stage.desk.acquire_bot(project, &one).await.unwrap());
    assert_eq!(take(&stage, project, &other).await.calls, []);

    let taken_over = async || stage.desk.acquire_bot(project, &other).await.unwrap().then_some(());
    eventually(taken_over).await;
    assert_eq!(take(&stage, project, &one).await.calls, [], "it was too long under way");
    assert_eq!(take(&stage, project, &other).await.calls.len(), 1);
}

on_both_engines! {
    async fn what_was_given_up_and_turns_out_not_to_be_sent_has_failed(engine: Engine) {
        let stage = Stage::new(engine).await;
        let (project, holder) = (stage.project().await, Holder::new(LONG));
        assert!(stage.desk.acquire_bot(project, &holder).await.unwrap());
        let session = stage.hear(project, 1, 7, "Hello").await;
        let reply = stage.reply(session.id, "Hi").await;
        let Taken { attempt, mut calls, .. } = take(&stage, project, &holder).await;
        assert_eq!(stage.desk.give_up_abandoned_calls(project).await.unwrap(), 1);

        let again = Outcome::Again { at: stage.desk.now(), counts: false, reason: "no route".to_owned() };
        let settlement = Settlement { call: calls.remove(0), attempt, outcome: again, hold_until: None };
        stage.desk.settle_call(settlement).await.unwrap();
        assert_eq!(take(&stage, project, &holder).await.calls, [], "the agent may have written it again");
        let delivery = stage.message(&reply).await.delivery.unwrap();
        assert_eq!(delivery.state, DeliveryState::Failed);
        let error = delivery.error.unwrap();
        assert!(error.contains("was not sent") && error.contains("no route"), "{error}");
    }
}
