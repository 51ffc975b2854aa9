//! Changes of what was written.

use domain::event::Cause;
use domain::message::{Content, Details};
use domain::{Direction, Message};
use store::Tx;
use store::messages::Rewording;

use super::scene::{Scene, Shelf, Worked};
use super::{gate, known, message};
use crate::Error;
use crate::message::Incoming;

/// Changes a message as its author did. An edit that comes before its original stands in for it; the original is then
/// left out when it comes.
pub(super) async fn receive(tx: &mut Tx, scene: Scene<'_>, incoming: &Incoming) -> Result<Worked, Error> {
    let thread = &incoming.content.thread;
    let Some(mut known) = known::find(tx, scene, incoming.chat_id, thread, incoming.telegram_message_id).await? else {
        return message::receive(tx, scene, incoming).await;
    };
    let content = edited(&known.message, incoming);
    if is_same(&known.message, incoming, &content) {
        return Ok(Worked::Off);
    }
    if gate::bans_writer(tx, scene, incoming).await? {
        return Ok(Worked::Shelved(Shelf::Banned));
    }
    // Whoever shares their live location moves all the time.
    let is_move = matches!(content.details, Some(Details::Location(_)));
    if incoming.direction == Direction::Inbound
        && !is_move
        && let Some(shelf) = known.admit(tx, scene, incoming.sent_at).await?
    {
        return Ok(Worked::Shelved(shelf));
    }
    let rewording = Rewording {
        kind: &incoming.kind,
        text: &incoming.text,
        entities: incoming.entities.as_deref(),
        content: &content,
        edited_at: scene.now(),
        worded_at: incoming.sent_at,
    };
    if !tx.reword_message(known.message.id, &rewording).await? {
        return Ok(Worked::Off);
    }
    known.tell(tx, scene, Cause::CustomerEdit).await
}

/// What the message holds from now on. Reactions are told of on their own.
fn edited(message: &Message, incoming: &Incoming) -> Content {
    let mut content = incoming.content.clone();
    content.reactions.clone_from(&message.content.reactions);
    content
}

fn is_same(message: &Message, incoming: &Incoming, content: &Content) -> bool {
    message.text == incoming.text
        && message.entities == incoming.entities
        && message.content == *content
        && message.kind == incoming.kind
}
