//! Taking in what customers write.

use domain::customer::Profile;
use domain::event::Cause;
use domain::message::Content;
use domain::session::{Arrival, arrival};
use domain::{ChatId, Customer, Direction, EventKind, Message, Project, Session, Time};
use store::Tx;
use store::messages::NewMessage;
use store::sessions::NewSession;

use super::message_event;
use crate::Error;
use crate::session::{session_event, touch};

/// A message of a customer, as the front door understood it.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The chat it was written in.
    pub chat_id: ChatId,
    /// The customer whose conversation it belongs to: the person, or the group or channel where several write.
    pub customer: Profile,
    /// From the customer, or to the customer by somebody who wrote past the desk, such as the owner of a business
    /// account.
    pub direction: Direction,
    /// Its number in Telegram, within the chat.
    pub telegram_message_id: i64,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The text or the caption.
    pub text: String,
    /// The formatting, as JSON.
    pub entities: Option<String>,
    /// The number of the message that it answers.
    pub reply_to: Option<i64>,
    /// What the items of its album have in common.
    pub album_id: Option<String>,
    /// What it holds beside the text.
    pub content: Content,
}

/// Adds a customer's message to the session that it belongs to. A message that is there
/// already is left as it is.
pub(crate) async fn receive(tx: &mut Tx, project: &Project, incoming: &Incoming, wall: Time) -> Result<(), Error> {
    if find(tx, project, incoming).await?.is_some() {
        return Ok(());
    }
    let now = project.time(wall);
    let customer = crate::customer::take_in(tx, project.id, incoming.chat_id, &incoming.customer, now).await?;
    let (mut session, opened) = session_for(tx, &customer, incoming, now).await?;
    let reply_to_id = match incoming.reply_to {
        Some(number) => {
            let connection = incoming.content.thread.connection();
            tx.message_by_telegram_id(project.id, incoming.chat_id, connection, number).await?.map(|message| message.id)
        }
        None => None,
    };
    let message = tx
        .insert_message(&NewMessage {
            project_id: project.id,
            session_id: session.id,
            customer_id: customer.id,
            chat_id: incoming.chat_id,
            direction: Direction::Inbound,
            kind: incoming.kind.clone(),
            text: incoming.text.clone(),
            entities: incoming.entities.clone(),
            author_id: None,
            reply_to_id,
            telegram_message_id: Some(incoming.telegram_message_id),
            delivery: None,
            content: incoming.content.clone(),
            album_id: incoming.album_id.clone(),
            created_at: now,
        })
        .await?;
    session.last_message_id = Some(message.id);
    session.last_message_at = now;
    session.last_direction = Direction::Inbound;
    session.inbound_count += 1;
    let cause = Cause::CustomerMessage;
    let updated = touch(tx, &mut session, cause, now).await?;
    let added = message_event(&message, EventKind::MessageAdded, cause, now);
    let events = match opened {
        true => [session_event(&session, EventKind::SessionOpened, cause, now), added],
        false => [added, updated],
    };
    tx.append_events(&events, wall).await?;
    Ok(())
}

/// Changes the text of a customer's message. An edit that comes before its original stands in
/// for it; the original is then left out when it comes.
pub(crate) async fn receive_edit(tx: &mut Tx, project: &Project, incoming: &Incoming, wall: Time) -> Result<(), Error> {
    let Some(message) = find(tx, project, incoming).await? else {
        return receive(tx, project, incoming, wall).await;
    };
    if message.text == incoming.text && message.entities == incoming.entities {
        return Ok(());
    }
    let now = project.time(wall);
    tx.set_message_text(message.id, &incoming.text, incoming.entities.as_deref(), now).await?;
    tx.append_events(&[message_event(&message, EventKind::MessageUpdated, Cause::CustomerEdit, now)], wall).await?;
    Ok(())
}

async fn find(tx: &mut Tx, project: &Project, incoming: &Incoming) -> Result<Option<Message>, store::Error> {
    let connection = incoming.content.thread.connection();
    tx.message_by_telegram_id(project.id, incoming.chat_id, connection, incoming.telegram_message_id).await
}

/// The session that a message of this customer belongs to now, and whether it is new.
async fn session_for(
    tx: &mut Tx,
    customer: &Customer,
    incoming: &Incoming,
    now: Time,
) -> Result<(Session, bool), store::Error> {
    let newest = tx.lock_newest_session(customer.id).await?;
    match (arrival(newest.as_ref(), now), newest) {
        (Arrival::Continues(status), Some(mut session)) => {
            session.status = status;
            Ok((session, false))
        }
        (Arrival::Reopens, Some(mut session)) => {
            session.reopen();
            Ok((session, false))
        }
        _ => {
            let number = tx.next_session_number(customer.project_id).await?;
            let new = NewSession {
                project_id: customer.project_id,
                number,
                customer_id: customer.id,
                chat_id: incoming.chat_id,
                thread: incoming.content.thread.clone(),
                created_at: now,
            };
            Ok((tx.insert_session(&new).await?, true))
        }
    }
}
