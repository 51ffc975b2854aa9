//! How polls stand.

use domain::event::Cause;
use domain::message::Details;
use domain::message::details::Poll;
use store::Tx;

use super::known;
use super::scene::{Scene, Worked};
use crate::Error;

/// Brings every message up to date that shows a poll.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, poll: &Poll) -> Result<Worked, Error> {
    for id in tx.poll_messages(scene.project.id, &poll.id).await? {
        let Some(mut known) = known::lock(tx, id).await? else { continue };
        let details = Some(Details::Poll(poll.clone()));
        if known.message.content.details == details {
            continue;
        }
        known.message.content.details = details;
        tx.set_content(known.message.id, &known.message.content).await?;
        known.tell(tx, scene, Cause::ChatEvent).await?;
    }
    Ok(Worked::Off)
}
