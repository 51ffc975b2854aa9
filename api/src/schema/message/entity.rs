//! The formatting of a text.

use async_graphql::SimpleObject;
use domain::formatting::Entity;
use serde::Deserialize;
use serde_json::Value;

/// A stretch of a text that is formatted or means something, such as a link or a mention, after the type of the same
/// name in the Bot API (<https://core.telegram.org/bots/api#messageentity>).
#[derive(Debug, PartialEq, Eq, SimpleObject, Deserialize)]
pub(crate) struct MessageEntity {
    /// What the stretch is, as the Bot API names it: `bold`, `url`, `mention`, `text_link` and so on.
    r#type: String,
    /// Where the stretch begins in the text, in UTF-16 code units.
    offset: i32,
    /// How long the stretch is, in UTF-16 code units.
    length: i32,
    /// The address that a `text_link` opens. Null for all other types.
    url: Option<String>,
    /// The programming language of a `pre` block. Null if there is none, and for all other types.
    language: Option<String>,
    /// The number of a `custom_emoji`, in decimal digits. Null for all other types.
    custom_emoji_id: Option<String>,
    /// The number of the user of a `text_mention`, in decimal digits. Null for all other types.
    #[serde(default, rename = "user", deserialize_with = "number_of_user")]
    telegram_user_id: Option<String>,
}

impl MessageEntity {
    /// The entities of a text that the desk was given.
    pub(crate) fn all_of(entities: &[Entity]) -> Vec<Self> {
        serde_json::to_string(entities).as_deref().map_or_else(|_| Vec::new(), Self::read_all)
    }

    /// The entities in the Bot API's own JSON. One that has another form than today's is left out rather than making
    /// the whole message unreadable.
    pub(super) fn read_all(json: &str) -> Vec<Self> {
        let entities: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
        entities.into_iter().filter_map(|entity| serde_json::from_value(entity).ok()).collect()
    }
}

fn number_of_user<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let user = Option::<Value>::deserialize(deserializer)?;
    Ok(user.and_then(|user| user.get("id")?.as_i64()).map(|id| id.to_string()))
}

#[cfg(test)]
mod tests {
    use super::MessageEntity;

    fn entity(r#type: &str) -> MessageEntity {
        let r#type = r#type.to_owned();
        let (url, language, custom_emoji_id, telegram_user_id) = (None, None, None, None);
        MessageEntity { r#type, offset: 0, length: 4, url, language, custom_emoji_id, telegram_user_id }
    }

    #[test]
    fn entities_are_read_as_the_bot_api_writes_them() {
        let json = r#"[{"type":"bold","offset":0,"length":4},
            {"type":"text_link","offset":0,"length":4,"url":"https://example.com/"},
            {"type":"text_mention","offset":0,"length":4,"user":{"id":77,"is_bot":false,"first_name":"Ada"}}]"#;
        let link = MessageEntity { url: Some("https://example.com/".to_owned()), ..entity("text_link") };
        let mention = MessageEntity { telegram_user_id: Some("77".to_owned()), ..entity("text_mention") };
        assert_eq!(MessageEntity::read_all(json), [entity("bold"), link, mention]);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        let json = r#"[7, {"type":"bold"}, {"type":"bold","offset":0,"length":4,"novelty":[]}]"#;
        assert_eq!(MessageEntity::read_all(json), [entity("bold")]);
        for json in ["", "{}", "null", "[", "7"] {
            assert_eq!(MessageEntity::read_all(json), [], "{json}");
        }
    }
}
