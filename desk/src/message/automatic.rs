//! What the desk writes by itself.

use domain::event::Cause;
use domain::message::{Button, ButtonAction, Content, TEXT_KIND};
use domain::{DeliveryState, Direction, EventKind, Message, Project, Session, Time};
use store::Tx;
use store::messages::NewMessage;
use store::outbox::Lane;

use super::{call_of, message_event};
use crate::Error;
use crate::keys::random_id;

/// A button of a question of the desk: what it says, and what a tap on it does.
pub(crate) type Choice = (String, ButtonAction);

/// Has a text go to the customer of a session in which nobody in particular speaks. The caller writes the session:
/// the customer still waits for an answer as they did before.
pub(crate) async fn write(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    text: &str,
    wall: Time,
) -> Result<Message, Error> {
    ask(tx, project, session, text, &[], wall).await
}

/// As [`write()`], with buttons under the text, row by row, at whose taps the desk acts by itself.
pub(crate) async fn ask(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    text: &str,
    choices: &[Vec<Choice>],
    wall: Time,
) -> Result<Message, Error> {
    let now = project.time(wall);
    let button = |(label, _): &Choice| Button { text: label.clone(), url: None, callback_data: Some(random_id()) };
    let buttons = choices.iter().map(|row| row.iter().map(button).collect()).collect();
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
            content: Content { thread: session.thread.clone(), buttons, ..Content::default() },
            album_id: None,
            created_at: now,
        })
        .await?;
    store_buttons(tx, &message, choices, wall).await?;
    if let Some(call) = call_of(std::slice::from_ref(&message), None, Lane::LiveReply) {
        tx.insert_call(&call, wall).await?;
    }
    session.last_message_id = Some(message.id);
    session.last_message_at = now;
    tx.append_events(&[message_event(&message, EventKind::MessageAdded, Cause::Automatic, now)], wall).await?;
    Ok(message)
}

async fn store_buttons(tx: &mut Tx, message: &Message, choices: &[Vec<Choice>], wall: Time) -> Result<(), Error> {
    let buttons = message.content.buttons.iter().flatten();
    for (button, (label, action)) in buttons.zip(choices.iter().flatten()) {
        let Some(code) = button.callback_data.clone() else { continue };
        let (project_id, message_id) = (message.project_id, message.id);
        let button =
            store::buttons::Button { code, project_id, message_id, label: label.clone(), action: Some(*action) };
        tx.insert_button(&button, wall).await?;
    }
    Ok(())
}
