//! What customers write, as the front door understands it.

use domain::customer::Profile;
use domain::message::Content;
use domain::{ChatId, Direction, Time};

/// A message of a customer, as the front door understood it.
#[derive(Debug, Clone, PartialEq)]
pub struct Incoming {
    /// The chat it was written in.
    pub chat_id: ChatId,
    /// The customer whose conversation it belongs to: the person, or the group or channel where several write.
    pub customer: Profile,
    /// From the customer, or to the customer by somebody who wrote past the desk, such as the owner of a business
    /// account.
    pub direction: Direction,
    /// Its number in Telegram, within the chat; not above zero for what is no message.
    pub telegram_message_id: i64,
    /// When it was written or last changed, by Telegram's clock, if that is known.
    pub sent_at: Option<Time>,
    /// The kind as the Bot API names it.
    pub kind: String,
    /// The text or the caption.
    pub text: String,
    /// The formatting, as JSON.
    pub entities: Option<String>,
    /// The number of the message that it answers.
    pub reply_to: Option<i64>,
    /// What the items of its album have in common.
    pub album_id: Option<String>,
    /// What it holds beside the text.
    pub content: Content,
}

impl Incoming {
    /// Its number in Telegram, if it has one.
    pub(crate) fn number(&self) -> Option<i64> {
        Some(self.telegram_message_id).filter(|number| *number > 0)
    }
}
