//! Taps on buttons.

use desk::intake::Press;
use domain::ChatId;

use super::thread;
use crate::telegram::fields::Fields;
use crate::telegram::update::User;

/// A tap. Of a message that is too old, or that was sent by way of another chat, Telegram tells little.
pub(super) fn read(query: &Fields<'_>) -> Option<Press> {
    let message = query.object("message").unwrap_or_default();
    Some(Press {
        callback_id: query.string("id")?,
        profile: User::of(query, "from")?.profile(),
        chat_id: message.object("chat").and_then(|chat| chat.integer("id")).map(ChatId),
        thread: thread::of(&message),
        telegram_message_id: message.integer("message_id"),
        data: query.string("data"),
    })
}
