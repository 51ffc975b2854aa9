//! What somebody says to a customer past the desk, such as the owner of a business account.

use domain::event::Cause;
use domain::{Direction, EventKind};
use store::Tx;

use super::message::{answered, new_message};
use super::scene::{Scene, Worked};
use crate::Error;
use crate::customer::Party;
use crate::message::{Incoming, message_event};
use crate::session::{schedule_idle_close, touch};
use crate::sla;

/// Shows in the customer's open session what was said to them past the desk. It opens none and wakes nobody, but the
/// customer has been answered.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<Worked, Error> {
    let (_, newest) = Party::meet(tx, scene.project.id, incoming.chat_id, &incoming.customer).await?;
    let Some(mut session) = newest.filter(domain::Session::is_open) else { return Ok(Worked::Off) };
    let now = scene.now();
    let reply_to_id = answered(tx, scene.project, incoming).await?;
    let new = new_message(&session, incoming, reply_to_id, now);
    let Some(message) = tx.insert_new_message(&new).await? else { return Ok(Worked::Off) };
    let written_at = sla::Before::of(&session).written_at(incoming.sent_at, now);
    session.last_message_id = Some(message.id);
    session.last_message_at = now;
    if session.last_direction == Direction::Inbound {
        tx.note_first_answer(&session, None, now).await?;
    }
    session.last_direction = Direction::Outbound;
    session.waiting_since = None;
    let updated = touch(tx, &mut session, Cause::ChatEvent, now).await?;
    let added = message_event(&message, EventKind::MessageAdded, Cause::ChatEvent, now);
    tx.append_events(&[added, updated], scene.wall).await?;
    sla::session_answered(tx, scene.project, &session, written_at).await?;
    schedule_idle_close(tx, &session, scene.project.session_life, now, scene.wall).await?;
    Ok(Worked::Off)
}
