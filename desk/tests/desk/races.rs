//! Two processes on PostgreSQL that meet at the same customer. On SQLite there is one.

use desk::intake::Decoded;
use domain::{Customer, Session};
use tests::{Engine, Sql};

use crate::play::{Play, message, reachable, text};
use crate::stage::{Stage, eventually};

/// A play on PostgreSQL, if there is one.
async fn play() -> Option<Play> {
    if !Engine::Postgres.is_available().await {
        return None;
    }
    Some(Play::on(Stage::new(Engine::Postgres).await).await)
}

/// Works an update off while another process is in the midst of a transaction, which has begun with `first`, and goes on
/// with `then` when the update waits for it.
async fn work_off_meanwhile(play: &Play, meaning: Decoded, first: &str, then: &str) {
    let other = Sql::connect(&play.stage.database).await.unwrap();
    let observer = Sql::connect(&play.stage.database).await.unwrap();
    other.execute_alone("BEGIN").await.unwrap();
    other.execute_alone(first).await.unwrap();
    play.store(vec![play.update(7, meaning)]).await;
    let other_ends = async {
        eventually(async || {
            let waiting = "SELECT count(*) FROM pg_stat_activity \
                           WHERE datname = current_database() AND wait_event_type = 'Lock'";
            (observer.number(waiting).await.unwrap() > 0).then_some(())
        })
        .await;
        if !then.is_empty() {
            other.execute_alone(then).await.unwrap();
        }
        other.execute_alone("COMMIT").await.unwrap();
    };
    tokio::join!(play.work_off(), other_ends);
    assert_eq!(
        play.stage.count("FROM tg_inbox WHERE state <> 'DONE' OR attempts > 0").await,
        0,
        "it went well at once"
    );
}

async fn customer_of(play: &Play, session: &Session) -> Customer {
    play.stage.customer(session).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_becomes_a_customer_in_another_process_at_the_same_time_is_the_same_customer() {
    let Some(play) = play().await else { return };
    let project = play.project.0;
    let met = format!(
        "INSERT INTO customers (project_id, telegram_user_id, chat_id, name, created_at) VALUES ({project}, 7, 7, 'Kim', 0)"
    );
    work_off_meanwhile(&play, message(text(7, 1, "Hello")), &met, "").await;
    assert_eq!(play.message().await.text, "Hello");
    assert_eq!(play.stage.count("FROM customers WHERE telegram_user_id = 7").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_writes_while_they_are_erased_is_somebody_new() {
    let Some(play) = play().await else { return };
    play.says(text(7, 1, "Hello")).await;
    let before = play.session().await;
    let erasing = "UPDATE sessions SET status = 'CLOSED', close_reason = 'AGENT', closed_at = 1; \
                   UPDATE customers SET telegram_user_id = -99, chat_id = -99, name = '', erased_at = 1";
    work_off_meanwhile(&play, message(text(7, 2, "And again")), "SELECT id FROM sessions FOR UPDATE", erasing).await;
    let sessions = play.stage.sessions(play.project).await;
    assert_eq!(sessions.len(), 2);
    let (erased, new) = (customer_of(&play, &before).await, customer_of(&play, &sessions[1]).await);
    assert_eq!((erased.telegram_user_id.0, erased.name.as_str()), (-99, ""));
    assert_ne!(erased.id, new.id);
    assert_eq!((new.telegram_user_id.0, new.name.as_str()), (7, "Kim"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_changes_about_a_customer_is_not_written_over() {
    let Some(play) = play().await else { return };
    play.says(text(7, 1, "Hello")).await;
    let ban = "UPDATE customers SET banned_at = 1, ban_reason = 'spam'";
    work_off_meanwhile(&play, reachable(7, false, 1_000_000_000), "SELECT id FROM sessions FOR UPDATE", ban).await;
    let customer = customer_of(&play, &play.session().await).await;
    assert!(customer.unreachable_since.is_some());
    assert_eq!(customer.ban_reason.as_deref(), Some("spam"));
}
