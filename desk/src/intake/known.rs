//! Messages that the desk knows, for what happens to them later.

use domain::event::Cause;
use domain::message::Thread;
use domain::{ChatId, Customer, EventKind, Message, MessageId, Session, Time};
use store::Tx;

use super::gate;
use super::scene::{Scene, Shelf, Worked};
use crate::Error;
use crate::message::message_event;

/// A message that the desk knows, with its session, which nobody else changes meanwhile.
pub(super) struct Known {
    pub(super) session: Session,
    pub(super) message: Message,
}

/// The message that has a number in a conversation. Its session is locked, and thereby its content.
pub(super) async fn find(
    tx: &mut Tx,
    scene: Scene<'_>,
    chat: ChatId,
    thread: &Thread,
    number: i64,
) -> Result<Option<Known>, Error> {
    match tx.message_by_telegram_id(scene.project.id, chat, thread.connection(), number).await? {
        Some(message) => lock(tx, message.id).await,
        None => Ok(None),
    }
}

/// A message with its session, locked.
pub(super) async fn lock(tx: &mut Tx, id: MessageId) -> Result<Option<Known>, Error> {
    let Some(message) = tx.message(id).await? else { return Ok(None) };
    let session = tx.lock_session(message.session_id).await?.ok_or(Error::NotFound("session"))?;
    // It may have changed until the session was locked.
    let message = tx.message(id).await?.ok_or(Error::NotFound("message"))?;
    Ok(Some(Known { session, message }))
}

impl Known {
    /// Whether the customer may do something to the message now; it counts as one of their messages. Answers why it
    /// has to wait, if it has to.
    pub(super) async fn admit(
        &mut self,
        tx: &mut Tx,
        scene: Scene<'_>,
        done_at: Option<Time>,
    ) -> Result<Option<Shelf>, Error> {
        let customer = self.customer(tx).await?;
        if gate::bans(scene, &customer) {
            return Ok(Some(Shelf::Banned));
        }
        gate::count_aside(tx, scene, &customer, &mut self.session, done_at).await
    }

    /// The customer of the message.
    pub(super) async fn customer(&self, tx: &mut Tx) -> Result<Customer, Error> {
        tx.customers(&[self.message.customer_id.0]).await?.pop().ok_or(Error::NotFound("customer"))
    }

    /// Tells those who see the message that it has changed.
    pub(super) async fn tell(&self, tx: &mut Tx, scene: Scene<'_>, cause: Cause) -> Result<Worked, Error> {
        let event = message_event(&self.message, EventKind::MessageUpdated, cause, scene.now());
        tx.append_events(&[event], scene.wall).await?;
        Ok(Worked::Off)
    }
}
