//! The queues of the outbox, which the database itself keeps in step with the calls, however many change these at once.

use domain::{ChatId, OutboxId, ProjectId};
use futures_util::future::join_all;
use store::outbox::{Lane, NewCall, OutboxState, Room};
use store::{Error, Store};
use tests::{Sql, on_both_engines};

use crate::fixture::{Fixture, at};

const LANES: [Lane; 3] = [Lane::LiveReply, Lane::Notice, Lane::Edit];
const WORKERS: i64 = 4;
const ROUNDS: i64 = 25;

fn call(project_id: ProjectId, chat: i64, lane: Lane) -> NewCall {
    NewCall {
        attachments: Vec::new(),
        cost: 1,
        project_id,
        chat_id: ChatId(chat),
        lane,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: "{}".to_owned(),
    }
}

/// Adds calls to several queues, takes what is due, and has some of that sent, some put back and some moved.
async fn round(store: &Store, project: ProjectId, number: i64) -> store::Result<()> {
    let mut tx = store.begin().await?;
    for step in 0..3 {
        let lane = LANES[usize::try_from((number + step) % 3).unwrap()];
        tx.insert_call(&call(project, (number * 7 + step * 5) % 4, lane), at(number)).await?;
    }
    let mut taken = Vec::new();
    for lane in LANES {
        let turns = tx.claim_calls(lane, &[Room { project_id: project, limit: 2 }], at(1_000)).await?;
        taken.extend(turns.into_iter().map(|turn| turn.id.0));
    }
    let started: Vec<OutboxId> = tx.start_calls(&taken, "try").await?.into_iter().map(|call| call.id).collect();
    let mut sent = Vec::new();
    for (place, id) in started.into_iter().enumerate() {
        match place % 4 {
            0 | 1 => sent.push(id.0),
            2 => tx.settle_call(id, OutboxState::Failed, Some("refused"), at(number)).await?,
            _ => {
                tx.requeue_call(id, at(number), true, "later").await?;
                tx.move_call(id, ChatId(number % 4), "{}").await?;
            }
        }
    }
    tx.settle_calls_as_sent(&sent, at(number)).await?;
    tx.commit().await
}

on_both_engines! {
    async fn the_queues_count_what_waits_however_many_change_it_at_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        join_all((0..WORKERS).map(|worker| {
            let store = fixture.store.clone();
            tokio::spawn(async move {
                for number in 0..ROUNDS {
                    loop {
                        match round(&store, project, worker * ROUNDS + number).await {
                            // It is tried again, as everything that writes does.
                            Err(Error::Contended(_)) => {}
                            outcome => break outcome.unwrap(),
                        }
                    }
                }
            })
        }))
        .await
        .into_iter()
        .for_each(Result::unwrap);
        let sql = Sql::connect(&fixture.database).await.unwrap();
        let calls = sql.number("SELECT count(*) FROM outbox").await.unwrap();
        assert_eq!(calls, 3 * WORKERS * ROUNDS);
        let wrong = "SELECT count(*) FROM outbox_queues AS queue WHERE \
            waiting <> (SELECT count(*) FROM outbox WHERE state = 'QUEUED' AND outbox.project_id = queue.project_id \
                AND outbox.chat_id = queue.chat_id AND outbox.lane = queue.lane) \
            OR sending <> (SELECT count(*) FROM outbox WHERE state = 'SENDING' AND outbox.project_id = queue.project_id \
                AND outbox.chat_id = queue.chat_id AND outbox.lane = queue.lane) \
            OR (due IS NOT NULL) <> (waiting > 0 AND sending = 0)";
        assert_eq!(sql.number(wrong).await.unwrap(), 0);
        let counted = sql.number("SELECT CAST(sum(waiting) AS BIGINT) FROM outbox_queues").await.unwrap();
        let waiting = sql.number("SELECT count(*) FROM outbox WHERE state = 'QUEUED'").await.unwrap();
        assert_eq!(counted, waiting);
    }
}
