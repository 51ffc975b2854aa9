//! What is kept for a while only.

use domain::{ChatId, ProjectId, UpdateRowId};
use store::Tx;
use store::idempotency::Answered;
use store::inbox::{NewUpdate, Shelf};
use store::outbox::{Lane, NewCall, OutboxState, Room, Turn};
use store::retention::BATCH;
use tests::{Sql, on_both_engines};

use crate::fixture::{Fixture, at};

fn update(fixture: &Fixture, update_id: i64) -> NewUpdate {
    NewUpdate {
        user_id: None,
        project_id: fixture.project.id,
        epoch: 1,
        update_id,
        chat_id: ChatId(update_id),
        kind: "message".to_owned(),
        raw: String::new(),
    }
}

fn call(project_id: ProjectId, chat: i64) -> NewCall {
    NewCall {
        attachments: Vec::new(),
        cost: 1,
        project_id,
        chat_id: ChatId(chat),
        lane: Lane::LiveReply,
        message_id: None,
        method: "sendMessage".to_owned(),
        payload: String::new(),
    }
}

/// The calls whose turn it is.
async fn claim(tx: &mut Tx, project_id: ProjectId, now: i64) -> Vec<Turn> {
    tx.claim_calls(Lane::LiveReply, &[Room { project_id, limit: 9 }], at(now)).await.unwrap()
}

on_both_engines! {
    async fn old_updates_that_were_worked_off_are_deleted(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        for number in 0..5 {
            tx.insert_updates(&[update(&fixture, number)], at(number)).await.unwrap();
        }
        let rows: Vec<UpdateRowId> = tx.claim_updates(at(9), 9).await.unwrap().iter().map(|update| update.id).collect();
        tx.finish_updates(&[rows[0].0, rows[3].0]).await.unwrap();
        tx.fail_update(rows[1], "poison", None).await.unwrap();
        tx.shelve_updates(&[rows[4].0], Shelf::Flood).await.unwrap();
        assert_eq!(tx.purge_inbox(at(3)).await.unwrap(), 1, "not the poison, what is pending, and what is younger");
        assert_eq!(tx.purge_inbox(at(4)).await.unwrap(), 1);
        assert_eq!(tx.purge_inbox(at(5)).await.unwrap(), 1, "what nobody let in");
        tx.commit().await.unwrap();
        let mut reader = fixture.read().await.unwrap();
        for (number, there) in [(0, false), (1, true), (2, true), (3, false), (4, false)] {
            let raw = reader.update_raw(fixture.project.id, 1, number).await.unwrap();
            assert_eq!(raw.is_some(), there, "{number}");
        }
    }

    async fn old_calls_that_were_settled_are_deleted(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project_id = fixture.project.id;
        let mut tx = fixture.begin().await.unwrap();
        for chat in 0..3 {
            tx.insert_call(&call(project_id, chat), at(0)).await.unwrap();
        }
        let calls = claim(&mut tx, project_id, 0).await;
        tx.settle_call(calls[0].id, OutboxState::Sent, None, at(10)).await.unwrap();
        tx.settle_call(calls[1].id, OutboxState::Failed, Some("blocked"), at(20)).await.unwrap();
        assert_eq!(tx.purge_outbox(at(20)).await.unwrap(), 1);
        assert_eq!(tx.purge_outbox(at(21)).await.unwrap(), 1);
        assert_eq!(tx.purge_outbox(at(99)).await.unwrap(), 0, "the open one stays");
        assert_eq!(claim(&mut tx, project_id, 99).await.len(), 1);
    }

    async fn a_call_that_is_made_again_is_not_deleted_however_long_ago_it_was_settled(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project_id = fixture.project.id;
        let mut tx = fixture.begin().await.unwrap();
        tx.insert_call(&call(project_id, 1), at(0)).await.unwrap();
        let id = claim(&mut tx, project_id, 0).await[0].id;
        tx.settle_call(id, OutboxState::Unknown, Some("nobody can tell"), at(10)).await.unwrap();
        tx.requeue_call(id, at(20), false, "it was not sent").await.unwrap();
        assert_eq!(tx.purge_outbox(at(99)).await.unwrap(), 0);
        assert_eq!(claim(&mut tx, project_id, 99).await.len(), 1);
    }

    async fn one_purge_deletes_so_many_rows_and_no_more(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let batch = usize::try_from(BATCH).unwrap();
        let mut tx = fixture.begin().await.unwrap();
        for number in 0..batch + 5 {
            let answered = Answered { operation: String::new(), fingerprint: String::new(), object_id: 1, object_count: 1, details: None };
            tx.insert_answered(agent, &number.to_string(), &answered, at(-1), at(0)).await.unwrap();
            tx.insert_token_family(agent, at(0), at(0)).await.unwrap();
        }
        for left in [batch, 5, 0] {
            assert_eq!(tx.purge_idempotency_keys(at(1)).await.unwrap(), left);
            assert_eq!(tx.purge_token_families(at(1)).await.unwrap(), left);
        }
        let updates: Vec<_> = (0..BATCH + 5).map(|number| update(&fixture, number)).collect();
        tx.insert_updates(&updates, at(0)).await.unwrap();
        let rows: Vec<i64> = tx.claim_updates(at(0), i64::MAX).await.unwrap().iter().map(|update| update.id.0).collect();
        assert_eq!(rows.len(), updates.len());
        tx.finish_updates(&rows).await.unwrap();
        assert_eq!(tx.purge_inbox(at(1)).await.unwrap(), batch);
        assert_eq!(tx.purge_inbox(at(1)).await.unwrap(), 5);
    }

    async fn old_keys_and_families_of_tokens_are_deleted(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        for (key, now) in [("old", 10), ("young", 20)] {
            let answered = Answered { operation: String::new(), fingerprint: String::new(), object_id: 1, object_count: 1, details: None };
            tx.insert_answered(agent, key, &answered, at(-1), at(now)).await.unwrap();
        }
        assert_eq!(tx.purge_idempotency_keys(at(20)).await.unwrap(), 1);
        assert!(tx.answered(agent, "young", at(0)).await.unwrap().is_some());

        let old = tx.insert_token_family(agent, at(0), at(10)).await.unwrap();
        let young = tx.insert_token_family(agent, at(0), at(20)).await.unwrap();
        tx.insert_refresh_token("of the old", old).await.unwrap();
        tx.insert_refresh_token("of the young", young).await.unwrap();
        assert_eq!(tx.purge_token_families(at(20)).await.unwrap(), 1);
        assert_eq!(tx.lock_refresh_token("of the old").await.unwrap(), None, "its tokens went with it");
        assert!(tx.lock_refresh_token("of the young").await.unwrap().is_some());
    }

    async fn clocks_that_ended_long_ago_are_deleted_with_their_histories(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(7, at(0)).await;
        let sql = Sql::connect(&fixture.database).await.unwrap();
        for (id, metric, ended_at) in [
            (901, "FIRST_RESPONSE", at(10).timestamp_micros().to_string()),
            (902, "NEXT_RESPONSE", at(20).timestamp_micros().to_string()),
            (903, "RESOLUTION", "NULL".to_owned()),
        ] {
            let (project, session, customer) = (session.project_id, session.id, session.customer_id);
            sql.execute(&format!(
                "INSERT INTO sla_clocks (id, project_id, session_id, customer_id, metric, kind, policy_version, started_at,
                    terms, state, ended_at, changes)
                VALUES ({id}, {project}, {session}, {customer}, '{metric}', 'STANDARD', 1, 1, '', 'PENDING', {ended_at}, 1);
                INSERT INTO sla_clock_events (clock_id, place, at, change) VALUES ({id}, 1, 1, 'WARNED')"
            ))
            .await
            .unwrap();
        }
        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(tx.purge_sla_clocks(at(10)).await.unwrap(), 0);
        assert_eq!(tx.purge_sla_clocks(at(20)).await.unwrap(), 1);
        assert_eq!(tx.purge_sla_clocks(at(99)).await.unwrap(), 1);
        assert_eq!(tx.purge_sla_clocks(at(99)).await.unwrap(), 0, "what is still promised stays");
        tx.commit().await.unwrap();
        for table in ["sla_clocks", "sla_clock_events"] {
            assert_eq!(sql.number(&format!("SELECT count(*) FROM {table}")).await.unwrap(), 1, "{table}");
        }
    }
}
