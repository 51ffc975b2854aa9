//! What the database itself does not let happen, whatever the processes do.

use domain::{CloseReason, Delivery, DeliveryState, SessionId};
use store::idempotency::Answered;
use store::{Error, Store};
use tests::{Engine, on_both_engines};

use crate::fixture::{Fixture, at, insert_agent, insert_customer, insert_session, message, open};

fn is_taken<T: std::fmt::Debug>(outcome: store::Result<T>) -> bool {
    matches!(outcome, Err(Error::Taken(_)))
}

/// Keeps an answer in place of one that has run out: after ten microseconds.
async fn answer(store: &Store, fixture: &Fixture, key: &str, object_id: i64, now: i64) -> store::Result<()> {
    let agent = fixture.read().await?.agent_by_email("ada@example.org").await?.unwrap().0.id;
    let answered = Answered {
        operation: "send".to_owned(),
        fingerprint: "digest".to_owned(),
        object_id,
        object_count: 1,
        details: None,
    };
    let mut tx = store.begin().await?;
    tx.insert_answered(agent, key, &answered, at(now - 10), at(now)).await?;
    tx.commit().await
}

on_both_engines! {
    async fn a_customer_has_one_open_session(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut tx = fixture.begin().await.unwrap();
        let customer = insert_customer(&mut tx, &fixture.project, 1).await.unwrap();
        let mut first = insert_session(&mut tx, &customer, at(0)).await.unwrap();
        tx.begin_part().await.unwrap();
        assert!(is_taken(insert_session(&mut tx, &customer, at(1)).await));
        tx.undo_part().await.unwrap();
        first.close(CloseReason::Agent, at(2));
        tx.update_session(&first).await.unwrap();
        let second = insert_session(&mut tx, &customer, at(3)).await.unwrap();
        assert_eq!(tx.lock_newest_session(customer.id).await.unwrap().as_ref(), Some(&second));
        assert_eq!(tx.lock_session(first.id).await.unwrap().as_ref(), Some(&first));
        assert_eq!(tx.lock_session(SessionId(-1)).await.unwrap(), None);
        tx.commit().await.unwrap();

        let mut tx = fixture.begin().await.unwrap();
        first.reopen(at(4));
        assert!(is_taken(tx.update_session(&first).await), "the closed one cannot be opened beside it");
    }

    async fn a_telegram_user_is_one_customer_of_each_project(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let other = fixture.project().await;
        let mut tx = fixture.begin().await.unwrap();
        insert_customer(&mut tx, &fixture.project, 1).await.unwrap();
        insert_customer(&mut tx, &other, 1).await.unwrap();
        assert!(is_taken(insert_customer(&mut tx, &fixture.project, 1).await));
    }

    async fn a_telegram_message_becomes_one_message(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let first = tx.insert_message(&message(&session, "Hello", Some(5))).await.unwrap();
        let unnumbered = tx.insert_message(&message(&session, "Hello", None)).await.unwrap();
        tx.insert_message(&message(&session, "Hello", None)).await.unwrap();
        tx.begin_part().await.unwrap();
        assert!(is_taken(tx.insert_message(&message(&session, "Hello", Some(5))).await));
        tx.undo_part().await.unwrap();
        tx.begin_part().await.unwrap();
        let sent = Delivery { state: DeliveryState::Sent, error: None };
        assert!(is_taken(tx.set_delivery(unnumbered.id, &sent, Some(5)).await));
        tx.undo_part().await.unwrap();
        tx.commit().await.unwrap();
        let mut reader = fixture.read().await.unwrap();
        let found = reader.message_by_telegram_id(session.project_id, first.chat_id, "", 5).await.unwrap();
        assert_eq!(found.as_ref(), Some(&first));
        assert_eq!(reader.message_by_telegram_id(session.project_id, first.chat_id, "", 6).await.unwrap(), None);
    }

    async fn two_agents_never_share_an_address(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        fixture.agent("ada@example.org").await;
        let mut tx = fixture.begin().await.unwrap();
        let error = insert_agent(&mut tx, fixture.workspace, "ada@example.org").await.unwrap_err();
        assert!(matches!(error, Error::Taken(_)) && !error.is_transient(), "{error}");
    }

    async fn an_answer_is_found_until_its_key_runs_out(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let agent = fixture.agent("ada@example.org").await;
        let stranger = fixture.agent("bob@example.org").await;
        answer(&fixture.store, &fixture, "key", 1, 10).await.unwrap();
        let mut reader = fixture.read().await.unwrap();
        let found = reader.answered(agent, "key", at(9)).await.unwrap().unwrap();
        assert_eq!((found.operation.as_str(), found.fingerprint.as_str(), found.object_id), ("send", "digest", 1));
        assert_eq!(reader.answered(agent, "key", at(10)).await.unwrap(), None, "it is not younger");
        assert_eq!(reader.answered(agent, "other", at(0)).await.unwrap(), None);
        assert_eq!(reader.answered(stranger, "key", at(0)).await.unwrap(), None);
        drop(reader);
        answer(&fixture.store, &fixture, "key", 2, 20).await.unwrap();
        let found = fixture.read().await.unwrap().answered(agent, "key", at(10)).await.unwrap();
        assert_eq!(found.unwrap().object_id, 2, "one that ran out is replaced");
        assert!(is_taken(answer(&fixture.store, &fixture, "key", 3, 29).await), "one that has not stays");
        let found = fixture.read().await.unwrap().answered(agent, "key", at(19)).await.unwrap();
        assert_eq!(found.unwrap().object_id, 2);
    }

    async fn the_number_of_a_session_is_given_once(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let other = open(&fixture.database).await;
        let project = fixture.project.id;
        let mut tasks = Vec::new();
        for task in 0..10 {
            let store = if task % 2 == 0 { fixture.store.clone() } else { other.clone() };
            tasks.push(tokio::spawn(async move {
                let mut tx = store.begin().await.unwrap();
                let number = tx.next_session_number(project).await.unwrap();
                tx.commit().await.unwrap();
                number
            }));
        }
        let mut numbers = Vec::new();
        for task in tasks {
            numbers.push(task.await.unwrap());
        }
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    }

    async fn rows_that_others_refer_to_must_be_there(engine: Engine) {
        let fixture = Fixture::new(engine).await;
        let mut session = fixture.session(1, at(0)).await;
        session.assignee_id = Some(domain::AgentId(999));
        let mut tx = fixture.begin().await.unwrap();
        assert!(matches!(tx.update_session(&session).await, Err(Error::Broken(_))));
    }
}

/// PostgreSQL keeps no NUL character in a text, SQLite does.
#[tokio::test(flavor = "multi_thread")]
async fn a_nul_character_is_refused_by_postgres_alone() {
    let text = "before\0after";
    for engine in [Engine::Sqlite, Engine::Postgres] {
        if !engine.is_available().await {
            continue;
        }
        let fixture = Fixture::new(engine).await;
        let session = fixture.session(1, at(0)).await;
        let mut tx = fixture.begin().await.unwrap();
        let outcome = tx.insert_message(&message(&session, text, None)).await;
        match engine {
            Engine::Sqlite => assert_eq!(tx.message(outcome.unwrap().id).await.unwrap().unwrap().text, text),
            Engine::Postgres => {
                let error = outcome.unwrap_err();
                assert!(matches!(error, Error::Internal(_)), "{error}");
                assert!(error.to_string().contains("invalid byte sequence for encoding \"UTF8\": 0x00"), "{error}");
            }
        }
    }
}
