//! Deleted messages.

use desk::intake::Deletion;
use domain::ChatId;

use super::thread;
use crate::telegram::fields::Fields;

/// Messages that were deleted in a chat of a business account.
pub(super) fn read(update: &Fields<'_>) -> Option<Deletion> {
    let ids: Vec<_> = update.integers("message_ids");
    Some(Deletion {
        chat_id: ChatId(update.object("chat")?.integer("id")?),
        thread: thread::of(update),
        telegram_message_ids: (!ids.is_empty()).then_some(ids)?,
    })
}
