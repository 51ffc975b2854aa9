//! Formatted texts, as clients send them.

use async_graphql::InputObject;
use domain::formatting::{Entity, EntityKind, FormattingRefusal};

/// A stretch of a text that is to be formatted, after the type `MessageEntity` of the Bot API
/// (<https://core.telegram.org/bots/api#messageentity>). Stretches lie apart or one inside the other; nothing is formatted
/// within code.
#[derive(InputObject)]
pub(crate) struct MessageEntityInput {
    /// What the stretch is, as the Bot API names it: `bold`, `italic`, `underline`, `strikethrough`, `spoiler`,
    /// `blockquote`, `expandable_blockquote`, `code`, `pre`, `text_link`, `text_mention` or `custom_emoji`. Those that
    /// Telegram finds by itself, such as `url` and `mention`, may be given as well.
    r#type: String,
    /// Where the stretch begins in the text, in UTF-16 code units.
    offset: i32,
    /// How long the stretch is, in UTF-16 code units.
    length: i32,
    /// The address that a `text_link` opens, beginning with `https://`, `http://` or `tg://`.
    url: Option<String>,
    /// The programming language of a `pre` block.
    language: Option<String>,
    /// The number of a `custom_emoji`, in decimal digits.
    custom_emoji_id: Option<String>,
    /// The number of the user of a `text_mention`, in decimal digits.
    telegram_user_id: Option<String>,
}

/// What is wrong with an entity before its text is looked at.
pub(crate) struct BadEntity {
    index: usize,
    field: &'static str,
    pub(crate) message: String,
}

impl BadEntity {
    /// Where it is in the input.
    pub(crate) fn place(&self) -> [String; 3] {
        ["entities".to_owned(), self.index.to_string(), self.field.to_owned()]
    }
}

/// The entities as the desk takes them.
pub(crate) fn entities(input: Option<Vec<MessageEntityInput>>) -> Result<Vec<Entity>, BadEntity> {
    let read = |(index, entity): (usize, MessageEntityInput)| {
        let bad = |field, message: String| BadEntity { index, field, message };
        let kind: EntityKind = entity.r#type.parse().map_err(|_| {
            bad(
                "type",
                format!("`entities[{index}]` is of a type that the desk does not know: use one of the Bot API's"),
            )
        })?;
        let place = |value: i32, field| {
            usize::try_from(value).map_err(|_| bad(field, format!("`{field}` of `entities[{index}]` is below zero")))
        };
        let user = entity.telegram_user_id.map(|number| number.parse()).transpose();
        let user: Option<i64> = user.map_err(|_| {
            bad("telegramUserId", format!("`telegramUserId` of `entities[{index}]` is no number: give decimal digits"))
        })?;
        let plain = Entity::new(kind, place(entity.offset, "offset")?, place(entity.length, "length")?);
        let whole =
            Entity { url: entity.url, language: entity.language, custom_emoji_id: entity.custom_emoji_id, ..plain };
        Ok(match user {
            Some(number) => whole.of_user(number),
            None => whole,
        })
    };
    input.unwrap_or_default().into_iter().enumerate().map(read).collect()
}

/// Where in the input a formatting is wrong.
pub(crate) fn place_of(refusal: &FormattingRefusal) -> Vec<String> {
    std::iter::once("entities".to_owned()).chain(refusal.index().map(|index| index.to_string())).collect()
}
