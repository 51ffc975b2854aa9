//! Who a bot is.

use super::{BotId, RawJson, fields::Fields};

/// What Telegram says of a bot (`getMe`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BotProfile {
    /// The number of the bot.
    pub id: BotId,
    /// The name that customers see.
    pub first_name: String,
    /// The user name without `@`.
    pub username: Option<String>,
}

impl BotProfile {
    pub(super) fn read(json: &RawJson) -> Option<Self> {
        let fields = Fields::parse(json.as_str())?;
        Some(Self {
            id: BotId(fields.integer("id")?),
            first_name: fields.string("first_name").unwrap_or_default(),
            username: fields.string("username"),
        })
    }
}
