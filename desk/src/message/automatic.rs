//! What the desk writes by itself.

use domain::event::Cause;
use domain::message::{Content, TEXT_KIND, Thread};
use domain::{ChatId, DeliveryState, Direction, EventKind, Message, Project, Session, Time};
use serde_json::{Value, json};
use store::Tx;
use store::messages::NewMessage;
use store::outbox::{Lane, NewCall};

use super::message_event;
use crate::Error;

/// Has a text go to the customer of a session in which nobody in particular speaks. The caller writes the session:
/// the customer still waits for an answer as they did before.
pub(crate) async fn write(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    text: &str,
    wall: Time,
) -> Result<Message, Error> {
    let now = project.time(wall);
    let message = tx
        .insert_message(&NewMessage {
            project_id: project.id,
            session_id: session.id,
            customer_id: session.customer_id,
            chat_id: session.chat_id,
            direction: Direction::Outbound,
            kind: TEXT_KIND.to_owned(),
            text: text.to_owned(),
            entities: None,
            author_id: None,
            reply_to_id: None,
            telegram_message_id: None,
            delivery: Some(DeliveryState::Queued),
            content: Content { thread: session.thread.clone(), ..Content::default() },
            album_id: None,
            created_at: now,
        })
        .await?;
    let call = NewCall {
        project_id: project.id,
        chat_id: session.chat_id,
        lane: Lane::LiveReply,
        message_id: Some(message.id),
        method: "sendMessage".to_owned(),
        payload: payload(session.chat_id, &session.thread, text).to_string(),
        attachments: Vec::new(),
        cost: 1,
    };
    tx.insert_call(&call, wall).await?;
    session.last_message_id = Some(message.id);
    session.last_message_at = now;
    tx.append_events(&[message_event(&message, EventKind::MessageAdded, Cause::Automatic, now)], wall).await?;
    Ok(message)
}

/// The parameters of the Bot API's `sendMessage`.
fn payload(chat: ChatId, thread: &Thread, text: &str) -> Value {
    let mut payload = json!({ "chat_id": chat.0, "text": text });
    if let Some(connection) = &thread.business_connection_id {
        payload["business_connection_id"] = json!(connection);
    }
    if let Some(topic) = thread.message_thread_id {
        payload["message_thread_id"] = json!(topic);
    }
    if let Some(topic) = thread.direct_messages_topic_id {
        payload["direct_messages_topic_id"] = json!(topic);
    }
    payload
}
