//! Where the bot is let in.

use desk::intake::{Decoded, Membership, Reachability};

use crate::telegram::fields::Fields;
use crate::telegram::update::{Chat, ChatKind, User};

/// What the bot's new place in a chat means. In a private chat it is only told that the user blocked the bot or let
/// it in again.
pub(super) fn read(update: &Fields<'_>) -> Option<Decoded> {
    let chat = Chat::of(update, "chat")?;
    let new = update.object("new_chat_member")?;
    let member = is_member(&new)?;
    let at = update.moment("date")?;
    let from = User::of(update, "from");
    let by = from.map_or_else(|| chat.profile(), |from| from.profile());
    Some(match chat.kind {
        ChatKind::Private => {
            let profile = if by.telegram_user_id.0 == chat.id.0 { by } else { chat.profile() };
            Decoded::Reachability(Reachability { profile, chat_id: chat.id, reachable: member, at })
        }
        _ => Decoded::Membership(Membership { chat: chat.profile(), chat_id: chat.id, member, by, at }),
    })
}

/// Whether somebody with this status is in the chat. One who is restricted may be in it or not.
fn is_member(status: &Fields<'_>) -> Option<bool> {
    match status.string("status")?.as_str() {
        "left" | "kicked" => Some(false),
        "restricted" => Some(status.is_true("is_member")),
        "member" | "administrator" | "creator" => Some(true),
        _ => None,
    }
}
