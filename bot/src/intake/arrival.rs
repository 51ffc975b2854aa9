//! What the desk has to know of an update in order to store it.

use desk::intake;

use crate::telegram::{DecodeError, RawUpdate, Update};

/// The envelope of an update around its raw text: its number, its kind and the conversation it
/// has to be kept in order with. An error only for what is not a JSON object with a number.
pub(super) fn arrival(raw: String) -> Result<intake::Update, DecodeError> {
    let update = Update::decode(&raw)?;
    let chat_id = domain::ChatId(update.routing_key.as_i64());
    Ok(intake::Update { update_id: update.update_id, chat_id, user_id: update.user_id, kind: update.kind, raw })
}

/// As [`arrival`], for what was found to be an update before.
pub(super) fn kept_arrival(update: RawUpdate) -> intake::Update {
    arrival(update.json.into()).expect("a raw update is a JSON object with a number, and nothing else is asked of it")
}
