//! What is erased at a wish and purged with time.

use domain::{ChatId, ProjectId, Session, TelegramUserId, Time};
use store::Tx;

use crate::now;

pub async fn erase(tx: &mut Tx, project: ProjectId, session: &Session) {
    tx.erase_customer_notes(session.customer_id).await.unwrap();
    tx.erase_attributes(session.customer_id).await.unwrap();
    for number in [1, -1] {
        tx.erase_updates(project, TelegramUserId(number), ChatId(number), -5).await.unwrap();
    }
    tx.lock_sessions_of(session.customer_id).await.unwrap();
    let messages = tx.message_ids_of(&[session.id.0]).await.unwrap();
    let messages: Vec<i64> = messages.iter().map(|message| message.0).collect();
    tx.erase_calls(project, &messages, ChatId(1), -5, now()).await.unwrap();
    tx.erase_belongings(project, &messages, TelegramUserId(1)).await.unwrap();
    tx.erase_messages(&[session.id.0], -5).await.unwrap();
    tx.erase_customer_tags(session.customer_id).await.unwrap();
    let notes = tx.erase_notes(&[session.id.0]).await.unwrap();
    tx.forget_requests("noteCreate", &notes).await.unwrap();
    tx.erase_trigger_firings(&[session.id.0]).await.unwrap();
    tx.erase_scheduled_messages(&[session.id.0]).await.unwrap();
    tx.erase_files(session.customer_id).await.unwrap();
    tx.erase_chat_migrations(project, ChatId(1)).await.unwrap();
    tx.tell_erasure("erasure_version").await.unwrap();
}

pub async fn purge(tx: &mut Tx) {
    tx.purge_outbox(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_inbox(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_idempotency_keys(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_token_families(Time::UNIX_EPOCH).await.unwrap();
    tx.purge_sla_clocks(Time::UNIX_EPOCH).await.unwrap();
}
