//! What the desk writes by itself.

use domain::event::Cause;
use domain::message::{Content, TEXT_KIND};
use domain::{DeliveryState, Direction, EventKind, Message, Project, Session, Time};
use store::Tx;
use store::messages::NewMessage;
use store::outbox::Lane;

use super::{call_of, message_event};
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
    if let Some(call) = call_of(std::slice::from_ref(&message), None, Lane::LiveReply) {
        tx.insert_call(&call, wall).await?;
    }
    session.last_message_id = Some(message.id);
    session.last_message_at = now;
    tx.append_events(&[message_event(&message, EventKind::MessageAdded, Cause::Automatic, now)], wall).await?;
    Ok(message)
}
