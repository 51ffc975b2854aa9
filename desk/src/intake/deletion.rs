//! Messages that are gone from their chat.

use domain::event::Cause;
use store::Tx;

use super::decoded::Deletion;
use super::known;
use super::scene::{Scene, Worked};
use crate::Error;

/// Notes which messages are gone. What they said stays in the desk.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, deletion: &Deletion) -> Result<Worked, Error> {
    for number in &deletion.telegram_message_ids {
        let found = known::find(tx, scene, deletion.chat_id, &deletion.thread, *number).await?;
        let Some(known) = found.filter(|known| known.message.deleted_at.is_none()) else { continue };
        tx.set_deleted(known.message.id, scene.now()).await?;
        known.tell(tx, scene, Cause::CustomerDelete).await?;
    }
    Ok(Worked::Off)
}
