//! What a message consists of.

use domain::message::{Button, Details, Media};
use serde_json::value::RawValue;

use super::{details, media, service, wording};
use crate::telegram::fields::Fields;
use crate::telegram::storable;
use crate::telegram::update::MessageKind;

/// JSON that stands for what could not be kept.
pub(super) const NOTHING: &str = "null";

/// What a message consists of.
pub(super) struct Substance {
    /// The kind as the Bot API names it.
    pub(super) kind: String,
    /// The text, the caption, or the words found elsewhere.
    pub(super) text: String,
    /// The formatting of the text.
    pub(super) entities: Option<String>,
    /// The file.
    pub(super) media: Option<Media>,
    /// What else it says.
    pub(super) details: Option<Details>,
}

impl Substance {
    /// Reads a message; `json` is the whole of it. What there are no words for is kept as it is.
    pub(super) fn of(message: &Fields<'_>, json: Option<&RawValue>) -> Self {
        let named = MessageKind::of(message);
        let kind = named.as_str();
        let media = media::of(kind, message);
        let details = details::of(kind, message).or_else(|| service::of(kind, message));
        // Of what was paid for, the file is not all there is to know.
        let is_understood = named == MessageKind::Text || details.is_some() || media.is_some() && kind != "paid_media";
        let unsupported = || {
            let json = match named {
                MessageKind::Unsupported => json.and_then(storable),
                _ => message.json(kind),
            };
            Details::Unsupported { json: json.unwrap_or_else(|| NOTHING.to_owned()) }
        };
        let (text, entities) = text(message).unwrap_or_else(|| (wording::of(kind, message).unwrap_or_default(), None));
        let details = if is_understood { details } else { Some(unsupported()) };
        Self { kind: kind.to_owned(), text, entities, media, details }
    }

    /// Whether it tells of something that happened, and is nothing that somebody said to the bot.
    pub(super) fn is_mere_event(&self) -> bool {
        matches!(self.details, Some(Details::Service { .. })) && !service::is_addressed(&self.kind)
    }
}

/// The text or the caption, with its formatting.
pub(super) fn text(message: &Fields<'_>) -> Option<(String, Option<String>)> {
    [("text", "entities"), ("caption", "caption_entities")]
        .into_iter()
        .find_map(|(text, formatting)| Some((message.string(text)?, entities(message, formatting))))
}

/// The formatting in a field: an array, or there is none.
pub(super) fn entities(fields: &Fields<'_>, name: &str) -> Option<String> {
    fields.json(name).filter(|json| json.starts_with('['))
}

/// The buttons under a message, row by row.
pub(super) fn buttons(message: &Fields<'_>) -> Vec<Vec<Button>> {
    let markup = message.object("reply_markup").unwrap_or_default();
    let button = |button: Fields<'_>| {
        let (url, callback_data) = (button.string("url"), button.string("callback_data"));
        Some(Button { text: button.string("text")?, url, callback_data })
    };
    let rows = markup.arrays("inline_keyboard").into_iter().map(|row| row.into_iter().filter_map(button).collect());
    rows.filter(|row: &Vec<_>| !row.is_empty()).collect()
}
