//! Updates: stored once, worked off in the order of each chat, by one at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use domain::{ChatId, ProjectId};
use store::inbox::{FailedUpdate, NewUpdate, StoredUpdate};
use store::{Store, Tx};
use tests::{eventually, on_both_engines};

use crate::dice::Dice;
use crate::fixture::{Fixture, at, open};

fn update(project_id: ProjectId, update_id: i64, chat: i64) -> NewUpdate {
    let raw = format!("{{\"update_id\":{update_id}}}");
    NewUpdate { project_id, epoch: 1, update_id, user_id: None, chat_id: ChatId(chat), kind: "message".to_owned(), raw }
}

async fn insert(store: &Store, updates: &[NewUpdate], now: i64) -> usize {
    let mut tx = store.begin().await.unwrap();
    let stored = tx.insert_updates(updates, at(now)).await.unwrap();
    tx.commit().await.unwrap();
    stored
}

async fn claim(tx: &mut Tx, now: i64, limit: i64) -> Vec<StoredUpdate> {
    tx.claim_updates(at(now), limit).await.unwrap()
}

/// What the updates say their numbers are.
fn numbers(updates: &[StoredUpdate]) -> Vec<i64> {
    let number = |raw: &str| raw.trim_start_matches("{\"update_id\":").trim_end_matches('}').parse().unwrap();
    updates.iter().map(|update| number(&update.raw)).collect()
}

fn rows(updates: &[StoredUpdate]) -> Vec<i64> {
    updates.iter().map(|update| update.id.0).collect()
}

on_both_engines! {
    async fn an_update_is_stored_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        let two = [update(project, 10, 1), update(project, 11, 1)];
        assert_eq!(insert(&fixture.store, &two, 0).await, 2);
        assert_eq!(insert(&fixture.store, &two, 1).await, 0);
        let twice_at_once = [update(project, 11, 1), update(project, 12, 1), update(project, 12, 1)];
        assert_eq!(insert(&fixture.store, &twice_at_once, 2).await, 1);
        assert_eq!(insert(&fixture.store, &[update(other, 10, 1)], 3).await, 1, "each bot numbers for itself");
        let next_epoch = NewUpdate { epoch: 2, raw: "again".to_owned(), ..update(project, 10, 1) };
        assert_eq!(insert(&fixture.store, &[next_epoch], 4).await, 1);
        assert_eq!(insert(&fixture.store, &[], 5).await, 0);

        let mut reader = fixture.read().await.unwrap();
        assert_eq!(reader.update_raw(project, 1, 10).await.unwrap().as_deref(), Some("{\"update_id\":10}"));
        assert_eq!(reader.update_raw(project, 2, 10).await.unwrap().as_deref(), Some("again"));
        assert_eq!(reader.update_raw(project, 2, 11).await.unwrap(), None);
    }

    async fn claims_keep_the_order_of_each_chat(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let (project, other) = (fixture.project.id, fixture.project().await.id);
        insert(&fixture.store, &[update(project, 1, 7), update(project, 2, 7), update(project, 3, 8)], 0).await;
        insert(&fixture.store, &[update(other, 4, 7), update(project, 5, 8), update(project, 6, 9)], 1).await;

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(numbers(&claim(&mut tx, 0, 10).await), [1, 3], "the others are not due yet");
        let first = claim(&mut tx, 10, 10).await;
        assert_eq!(numbers(&first), [1, 3, 4, 6], "those that arrived first come first");
        assert_eq!(first[0].chat_id, ChatId(7));
        assert_eq!((first[0].project_id, first[0].kind.as_str(), first[0].attempts), (project, "message", 0));
        assert_eq!(numbers(&claim(&mut tx, 10, 2).await), [1, 3], "at most so many");
        tx.finish_updates(&rows(&first[..2])).await.unwrap();
        tx.finish_updates(&[]).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = fixture.begin().await.unwrap();
        assert_eq!(numbers(&claim(&mut tx, 10, 10).await), [2, 4, 5, 6]);
        drop(tx);
        // An abandoned claim is void, as soon as PostgreSQL notices that its connection was dropped.
        eventually(Duration::from_secs(5), async || {
            let claimed = claim(&mut fixture.begin().await.unwrap(), 10, 10).await;
            (numbers(&claimed) == [2, 4, 5, 6]).then_some(())
        })
        .await;
    }

    async fn one_that_failed_holds_up_its_chat_until_it_is_given_up(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        insert(&fixture.store, &[update(project, 1, 7), update(project, 2, 7), update(project, 3, 8)], 0).await;
        let mut tx = fixture.begin().await.unwrap();
        let claimed = claim(&mut tx, 10, 10).await;
        tx.fail_update(claimed[0].id, "no luck", Some(at(20))).await.unwrap();
        assert_eq!(numbers(&claim(&mut tx, 19, 10).await), [3]);
        let again = claim(&mut tx, 20, 10).await;
        assert_eq!(numbers(&again), [1, 3]);
        assert_eq!(again[0].attempts, 1);
        tx.fail_update(again[0].id, "no luck at all", None).await.unwrap();
        assert_eq!(numbers(&claim(&mut tx, 20, 10).await), [2, 3]);
        tx.commit().await.unwrap();
    }

    async fn processes_share_the_work_and_never_a_chat(engine: Engine) {
        const CHATS: u64 = 6;
        const UPDATES: i64 = 150;
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.database).await;
        let project = fixture.project.id;
        let mut dice = Dice::new(1);
        let mut of_chat: HashMap<i64, Vec<i64>> = HashMap::new();
        for number in 0..UPDATES {
            let chat = dice.roll(CHATS).cast_signed();
            of_chat.entry(chat).or_default().push(number);
            insert(&fixture.store, &[update(project, number, chat)], dice.roll(3).cast_signed()).await;
        }
        let busy: Arc<Mutex<Vec<ChatId>>> = Arc::default();
        let done: Arc<Mutex<HashMap<i64, Vec<i64>>>> = Arc::default();
        let workers: Vec<_> = (0..4_u64)
            .map(|worker| {
                let store = if worker % 2 == 0 { fixture.store.clone() } else { other.clone() };
                let (busy, done) = (busy.clone(), done.clone());
                tokio::spawn(async move {
                    let mut dice = Dice::new(worker);
                    loop {
                        let mut tx = store.begin().await.unwrap();
                        let claimed = claim(&mut tx, 1000, 3).await;
                        if claimed.is_empty() {
                            tx.roll_back().await.unwrap();
                            if done.lock().unwrap().values().flatten().count() as i64 == UPDATES {
                                return;
                            }
                            tokio::time::sleep(Duration::from_millis(1)).await;
                            continue;
                        }
                        for update in &claimed {
                            let mut busy = busy.lock().unwrap();
                            assert!(!busy.contains(&update.chat_id), "{:?} is claimed twice", update.chat_id);
                            busy.push(update.chat_id);
                        }
                        tokio::time::sleep(Duration::from_micros(dice.roll(2000))).await;
                        let gives_up = dice.roll(5) == 0;
                        if !gives_up {
                            tx.finish_updates(&rows(&claimed)).await.unwrap();
                        }
                        {
                            let (mut busy, mut done) = (busy.lock().unwrap(), done.lock().unwrap());
                            for (update, number) in claimed.iter().zip(numbers(&claimed)) {
                                busy.retain(|chat| *chat != update.chat_id);
                                if !gives_up {
                                    done.entry(update.chat_id.0).or_default().push(number);
                                }
                            }
                        }
                        if gives_up {
                            drop(tx);
                        } else {
                            tx.commit().await.unwrap();
                        }
                    }
                })
            })
            .collect();
        for worker in workers {
            worker.await.unwrap();
        }
        assert_eq!(*done.lock().unwrap(), of_chat);
    }

    async fn a_bot_never_goes_back_to_an_earlier_series_of_numbers(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        assert_eq!(fixture.read().await.unwrap().intake_epoch(project).await.unwrap(), None);
        for (raised_to, stands) in [(2, 2), (3, 3), (2, 3), (3, 3)] {
            let mut tx = fixture.begin().await.unwrap();
            tx.raise_intake_epoch(project, raised_to).await.unwrap();
            tx.commit().await.unwrap();
            assert_eq!(fixture.read().await.unwrap().intake_epoch(project).await.unwrap(), Some(stands));
        }
    }

    async fn what_was_given_up_can_be_seen_and_tried_again(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let project = fixture.project.id;
        insert(&fixture.store, &[update(project, 1, 7), update(project, 2, 8)], 5).await;
        let mut tx = fixture.begin().await.unwrap();
        let claimed = claim(&mut tx, 10, 10).await;
        tx.fail_update(claimed[0].id, "no luck at all", None).await.unwrap();
        tx.commit().await.unwrap();

        let failed = fixture.read().await.unwrap().failed_updates(10).await.unwrap();
        assert_eq!(failed.len(), 1, "{failed:?}");
        let FailedUpdate { id, project_id, chat_id, ref error, received_at, attempts, .. } = failed[0];
        assert_eq!((id, project_id, chat_id), (claimed[0].id, project, ChatId(7)));
        assert_eq!((error.as_str(), received_at, attempts), ("no luck at all", at(5), 1));

        let mut tx = fixture.begin().await.unwrap();
        assert!(!tx.retry_update(claimed[1].id, at(20)).await.unwrap(), "it was not given up");
        assert!(tx.retry_update(id, at(20)).await.unwrap());
        assert!(!tx.retry_update(id, at(20)).await.unwrap());
        assert_eq!(numbers(&claim(&mut tx, 19, 10).await), [2]);
        let again = claim(&mut tx, 20, 10).await;
        assert_eq!(numbers(&again), [1, 2]);
        assert_eq!(again[0].attempts, 0);
        assert_eq!(tx.failed_updates(10).await.unwrap(), []);
        tx.commit().await.unwrap();
    }
}
