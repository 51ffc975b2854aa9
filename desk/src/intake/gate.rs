//! Keeping out what would keep agents from working: those who are banned, and floods.

use domain::session::{Pace, Rush};
use domain::{Customer, Direction, Session, TelegramUserId, Time};
use store::Tx;

use super::scene::{Scene, Shelf};
use crate::Error;
use crate::message::{Incoming, automatic};
use crate::session::touch;

/// What a customer is told at the beginning of a flood.
const TOO_MUCH: &str = "You are sending more messages than we can read. \
    Please wait a minute before you write again; we keep what you have sent.";

/// Whether nothing of a customer is let in.
pub(super) fn bans(scene: Scene<'_>, customer: &Customer) -> bool {
    customer.banned_at.is_some() && !scene.let_in
}

/// Whether nothing is let in of a person who does something in a group: they were banned for what they wrote to the bot.
/// `number` is theirs in Telegram.
pub(super) async fn bans_person(tx: &mut Tx, scene: Scene<'_>, number: i64) -> Result<bool, Error> {
    let person = tx.customer_by_telegram_user(scene.project.id, TelegramUserId(number)).await?;
    Ok(person.is_some_and(|person| bans(scene, &person)))
}

/// As [`bans_person`], of who wrote a message, where that is not the customer.
pub(super) async fn bans_writer(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<bool, Error> {
    match &incoming.content.writer {
        Some(writer) if incoming.direction == Direction::Inbound => bans_person(tx, scene, writer.telegram_id).await,
        _ => Ok(false),
    }
}

/// Counts what a customer wrote, in the newest of their sessions. Answers why it has to wait, or nothing when it is let
/// in; then the caller writes the session.
pub(super) async fn count(
    tx: &mut Tx,
    scene: Scene<'_>,
    customer: &Customer,
    newest: &mut Session,
    written_at: Option<Time>,
) -> Result<Option<Shelf>, Error> {
    if scene.let_in {
        return Ok(None);
    }
    match newest.pace.count(written_at.unwrap_or(scene.wall), Pace::limit(customer.kind)) {
        Rush::Calm => Ok(None),
        Rush::Flood { first } => {
            if first && newest.is_open() {
                tell(tx, scene, newest).await?;
            } else {
                tx.set_pace(newest.id, newest.pace).await?;
            }
            metrics::counter!("switchboard_updates_shelved_total", "reason" => Shelf::Flood.name()).increment(1);
            Ok(Some(Shelf::Flood))
        }
    }
}

/// As [`count`], for what changes nothing about a session.
pub(super) async fn count_aside(
    tx: &mut Tx,
    scene: Scene<'_>,
    customer: &Customer,
    session: &mut Session,
    written_at: Option<Time>,
) -> Result<Option<Shelf>, Error> {
    let shelf = count(tx, scene, customer, session, written_at).await?;
    if shelf.is_none() && !scene.let_in {
        tx.set_pace(session.id, session.pace).await?;
    }
    Ok(shelf)
}

async fn tell(tx: &mut Tx, scene: Scene<'_>, session: &mut Session) -> Result<(), Error> {
    automatic::write(tx, scene.project, session, TOO_MUCH, scene.wall).await?;
    let event = touch(tx, session, domain::event::Cause::Automatic, scene.now()).await?;
    Ok(tx.append_events(&[event], scene.wall).await?)
}
