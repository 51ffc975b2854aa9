//! Putting into a call what was not known when it was written.

use chrono::Duration;
use domain::message::ChangeKind;
use domain::{ChatId, DeliveryState, Message, MessageId, Time};
use serde_json::{Map, Value};
use store::Tx;
use store::outbox::{Lane, QueuedCall};

use crate::message::DESK_MESSAGE;
use crate::{Desk, Error, sla, staff};

/// How long a change waits for its message, whose call is not that of the change: an album has one for all its items.
const SOON: Duration = Duration::seconds(1);

/// What there is left of a notice to the staff that is about to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Recheck {
    /// It is no such notice.
    Other,
    /// It is put as it is now.
    Rewritten,
    /// Nothing of it is so any more, or for whom it was.
    Obsolete,
}

/// Whether a call can be made now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound {
    /// It can.
    Ready,
    /// Not before this time: its message is on its way.
    Later {
        /// The time on the wall clock.
        at: Time,
    },
    /// Never.
    Never {
        /// Why, in words for the agent.
        reason: String,
    },
    /// It is wanted no longer.
    Withdrawn,
}

impl Desk {
    /// Puts into a call that is about to be made the number of the message that it is about and the present number of
    /// the chat.
    pub(super) async fn bind(&self, tx: &mut Tx, call: &mut QueuedCall) -> Result<Bound, Error> {
        // What is no object is refused by whoever makes the call.
        let Ok(Value::Object(mut payload)) = serde_json::from_str(&call.payload) else { return Ok(Bound::Ready) };
        let is_moved = call.lane != Lane::Edit && move_to(&mut payload, call.chat_id.0);
        let is_reply_bound = bind_reply(tx, &mut payload).await?;
        let told = match sla::recheck(tx, call, &mut payload, self.now()).await? {
            Recheck::Other => staff::recheck(tx, call, &mut payload).await?,
            told => told,
        };
        if told == Recheck::Obsolete {
            return Ok(Bound::Withdrawn);
        }
        let change = ChangeKind::of_method(&call.method).zip(call.message_id);
        if let Some((kind, message_id)) = change {
            let place = match self.place(tx, message_id).await? {
                Ok(place) => place,
                Err(bound) => return Ok(bound),
            };
            put_place(kind, &call.method, &place, &mut payload);
        }
        if is_moved || is_reply_bound || told == Recheck::Rewritten || change.is_some() {
            call.payload = Value::Object(payload).to_string();
        }
        Ok(Bound::Ready)
    }

    /// Where Telegram has a message.
    async fn place(&self, tx: &mut Tx, id: MessageId) -> Result<Result<Place, Bound>, Error> {
        let never = |reason: &str| Bound::Never { reason: reason.to_owned() };
        let Some(message) = tx.message(id).await? else { return Ok(Err(never("the message is gone"))) };
        let Message { chat_id, telegram_message_id, delivery, .. } = message;
        Ok(match (telegram_message_id, delivery.map(|delivery| delivery.state)) {
            (Some(number), _) => Ok(Place { chat_id, number }),
            (None, Some(DeliveryState::Queued)) => Err(Bound::Later { at: self.now() + SOON }),
            (None, Some(DeliveryState::Failed)) => Err(never("the message did not get into the chat")),
            (None, Some(DeliveryState::Unknown)) => {
                Err(never("nobody can tell whether the message is in the chat: settle its delivery first"))
            }
            (None, Some(DeliveryState::Sent) | None) => {
                Err(never("Telegram did not say under which number it has the message"))
            }
        })
    }
}

/// Where Telegram has a message: numbers count within a chat.
struct Place {
    chat_id: ChatId,
    number: i64,
}

/// Names a message. Its chat may be another one than when the change was asked for, if it was on its way.
fn put_place(kind: ChangeKind, method: &str, place: &Place, payload: &mut Map<String, Value>) {
    let Place { chat_id, number } = *place;
    if kind == ChangeKind::Delete && method == "deleteBusinessMessages" {
        // The account is all that this method wants to know of the place.
        payload.remove("chat_id");
        payload.insert("message_ids".to_owned(), vec![number].into());
    } else {
        payload.insert("chat_id".to_owned(), chat_id.0.into());
        payload.insert("message_id".to_owned(), number.into());
    }
}

/// Names the chat by its present number, which a group changes at times. Answers whether it was another one.
fn move_to(payload: &mut Map<String, Value>, chat: i64) -> bool {
    match payload.get_mut("chat_id") {
        Some(named) if named.as_i64() != Some(chat) && named.is_i64() => {
            *named = chat.into();
            true
        }
        _ => false,
    }
}

/// Names the answered message by its number in Telegram, if the desk knows it by now. An answer does not wait for it.
async fn bind_reply(tx: &mut Tx, payload: &mut Map<String, Value>) -> Result<bool, Error> {
    let Some(reply) = payload.get_mut("reply_parameters").and_then(Value::as_object_mut) else { return Ok(false) };
    let Some(id) = reply.remove(DESK_MESSAGE).and_then(|id| id.as_i64()) else { return Ok(false) };
    let answered = tx.message(MessageId(id)).await?;
    match answered.and_then(|message| message.telegram_message_id) {
        Some(number) => {
            reply.insert("message_id".to_owned(), number.into());
        }
        None => {
            payload.remove("reply_parameters");
        }
    }
    Ok(true)
}
