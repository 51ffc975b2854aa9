//! Messages whose call waits: as long as nobody makes it, it is written anew whenever they change.

use domain::{Delivery, DeliveryState, Message, MessageId, OutboxId, Time};
use store::Tx;
use store::outbox::{Lane, NewCall, OutboxState};

use super::call_of;
use crate::Error;
use crate::outbox::sent_together;

/// Why a message was not delivered that was taken back in time.
const WITHDRAWN: &str = "the message was deleted before it was sent";

/// Writes a call that waits to send messages anew, from the messages as they are now. Without any left it is dropped.
pub(crate) async fn rewrite(tx: &mut Tx, call: OutboxId, message_id: MessageId, wall: Time) -> Result<(), Error> {
    let mut items = sent_together(tx, message_id).await?;
    items.retain(|item| item.deleted_at.is_none());
    match call_for(tx, &items).await? {
        Some(new) => tx.replace_call(call, &new).await?,
        None => tx.settle_call(call, OutboxState::Failed, Some(WITHDRAWN), wall).await?,
    }
    Ok(())
}

/// The call that sends one message or the items of one album, which answer the same message.
pub(super) async fn call_for(tx: &mut Tx, items: &[Message]) -> Result<Option<NewCall>, Error> {
    let answered = match items.first().and_then(|first| first.reply_to_id) {
        Some(answered) => tx.message(answered).await?,
        None => None,
    };
    Ok(call_of(items, answered.as_ref(), Lane::LiveReply))
}

/// Takes a message back that waits to be sent, whose call has to be written anew then.
pub(crate) async fn take_back(tx: &mut Tx, id: MessageId, now: Time) -> Result<(), Error> {
    let delivery = Delivery { state: DeliveryState::Failed, error: Some(WITHDRAWN.to_owned()) };
    tx.set_delivery(id, &delivery, None).await?;
    Ok(tx.set_deleted(id, now).await?)
}
