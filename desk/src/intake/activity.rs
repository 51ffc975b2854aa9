//! What customers do beside writing.

use domain::event::Cause;
use domain::message::Details;
use domain::{EventKind, Session};
use store::Tx;

use super::message::{answered, new_message};
use super::scene::{Scene, Shelf, Worked};
use super::{gate, hooks};
use crate::Error;
use crate::customer::Party;
use crate::message::{Incoming, message_event};

/// Shows in the customer's open session what they did. It opens none, and nobody has to answer it.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<Worked, Error> {
    let (party, newest) = Party::meet(tx, scene.project.id, incoming.chat_id, &incoming.customer).await?;
    let Some(customer) = party.customer else { return Ok(Worked::Off) };
    if gate::bans(scene, &customer) || gate::bans_writer(tx, scene, incoming).await? {
        return Ok(Worked::Shelved(Shelf::Banned));
    }
    if hooks::is_staff(tx, scene.project, incoming, None, scene.wall).await? {
        return Ok(Worked::Off);
    }
    let Some(mut session) = newest.filter(Session::is_open) else { return Ok(Worked::Off) };
    if let Some(shelf) = gate::count_aside(tx, scene, &customer, &mut session, incoming.sent_at).await? {
        return Ok(Worked::Shelved(shelf));
    }
    let now = scene.now();
    let reply_to_id = answered(tx, scene.project, incoming).await?;
    let Some(message) = tx.insert_new_message(&new_message(&session, incoming, reply_to_id, now)).await? else {
        return Ok(Worked::Off);
    };
    if let Some(Details::Poll(poll)) = &incoming.content.details {
        tx.insert_poll(scene.project.id, &poll.id, message.id).await?;
    }
    let event = message_event(&message, EventKind::MessageAdded, Cause::ChatEvent, now);
    tx.append_events(&[event], scene.wall).await?;
    Ok(Worked::Off)
}
