//! Keeping out what would keep agents from working: those who are banned, and floods.

use domain::session::{Pace, Rush};
use domain::{Customer, Session, Time};
use store::Tx;

use super::scene::{Scene, Shelf};
use crate::Error;
use crate::message::automatic;
use crate::session::touch;

/// What a customer is told at the beginning of a flood.
const TOO_MUCH: &str = "You are sending more messages than we can read. \
    Please wait a minute before you write again; we keep what you have sent.";

/// Whether nothing of a customer is let in.
pub(super) fn bans(scene: Scene<'_>, customer: &Customer) -> bool {
    customer.banned_at.is_some() && !scene.let_in
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
