//! What Telegram takes as formatting.

use super::ruler::Ruler;
use super::{Entity, EntityKind};

/// The most stretches of one text. Telegram shows no more and says nothing about it.
pub const ENTITIES: usize = 100;

/// The longest address of a link, in bytes.
const URL_BYTES: usize = 2048;

/// Why the formatting of a text cannot be sent. `index` counts the stretches from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FormattingRefusal {
    /// More than [`ENTITIES`].
    #[error("the text has {count} entities and Telegram takes {ENTITIES}: leave some out")]
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// Nothing is formatted.
    #[error("`entities[{index}]` is empty: give it a length of 1 or more, or leave it out")]
    Empty {
        /// Which.
        index: usize,
    },
    /// It does not lie within the text.
    #[error("`entities[{index}]` ends at {end} and the text has {units} UTF-16 units: count in UTF-16 units")]
    OutOfText {
        /// Which.
        index: usize,
        /// Where it ends.
        end: usize,
        /// The length of the text.
        units: usize,
    },
    /// It begins or ends within a character.
    #[error("`entities[{index}]` begins or ends at {unit}, in the middle of a character of two UTF-16 units")]
    SplitsCharacter {
        /// Which.
        index: usize,
        /// Where.
        unit: usize,
    },
    /// Something is missing that its type needs.
    #[error("`entities[{index}]` of type {kind} needs `{field}`")]
    Incomplete {
        /// Which.
        index: usize,
        /// Its type.
        kind: EntityKind,
        /// What is missing, as the API calls it.
        field: &'static str,
    },
    /// The address of a link is none.
    #[error(
        "the address of `entities[{index}]` cannot be opened: give one that begins with https://, http:// or tg://"
    )]
    BadUrl {
        /// Which.
        index: usize,
    },
    /// Two overlap and neither contains the other.
    #[error("`entities[{index}]` and `entities[{other}]` overlap in part: put one inside the other or apart")]
    Crossing {
        /// The one that begins later.
        index: usize,
        /// The other one.
        other: usize,
    },
    /// Two are in one place that Telegram does not take together.
    #[error("`entities[{index}]` of type {kind} cannot be inside `entities[{other}]` of type {other_kind}")]
    Nested {
        /// The inner one.
        index: usize,
        /// Its type.
        kind: EntityKind,
        /// The outer one.
        other: usize,
        /// Its type.
        other_kind: EntityKind,
    },
}

impl FormattingRefusal {
    /// Which of the entities is wrong; nothing if all of them together are.
    pub fn index(&self) -> Option<usize> {
        match self {
            Self::TooMany { .. } => None,
            Self::Empty { index }
            | Self::OutOfText { index, .. }
            | Self::SplitsCharacter { index, .. }
            | Self::Incomplete { index, .. }
            | Self::BadUrl { index }
            | Self::Crossing { index, .. }
            | Self::Nested { index, .. } => Some(*index),
        }
    }
}

/// Checks that Telegram can take the formatting of a text
/// (<https://core.telegram.org/bots/api#formatting-options>).
pub fn check(text: &str, entities: &[Entity]) -> Result<(), FormattingRefusal> {
    if entities.is_empty() {
        return Ok(());
    }
    if entities.len() > ENTITIES {
        return Err(FormattingRefusal::TooMany { count: entities.len() });
    }
    let ruler = Ruler::of(text);
    for (index, entity) in entities.iter().enumerate() {
        check_place(index, entity, &ruler)?;
        check_parts(index, entity)?;
    }
    check_together(entities)
}

fn check_place(index: usize, entity: &Entity, ruler: &Ruler) -> Result<(), FormattingRefusal> {
    if entity.length == 0 {
        return Err(FormattingRefusal::Empty { index });
    }
    let (units, end) = (ruler.units(), entity.range().end);
    if end > units {
        return Err(FormattingRefusal::OutOfText { index, end, units });
    }
    match [entity.offset, end].into_iter().find(|unit| ruler.byte(*unit).is_none()) {
        Some(unit) => Err(FormattingRefusal::SplitsCharacter { index, unit }),
        None => Ok(()),
    }
}

fn check_parts(index: usize, entity: &Entity) -> Result<(), FormattingRefusal> {
    let kind = entity.kind;
    let missing = |field| Err(FormattingRefusal::Incomplete { index, kind, field });
    match kind {
        EntityKind::TextLink => match &entity.url {
            None => missing("url"),
            Some(url) if !is_link(url) => Err(FormattingRefusal::BadUrl { index }),
            Some(_) => Ok(()),
        },
        EntityKind::TextMention if entity.user.is_none() => missing("telegramUserId"),
        EntityKind::CustomEmoji if entity.custom_emoji_id.as_deref().is_none_or(str::is_empty) => {
            missing("customEmojiId")
        }
        _ => Ok(()),
    }
}

/// Whether Telegram opens the address.
pub(crate) fn is_link(url: &str) -> bool {
    let starts_with = |scheme: &str| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme));
    let scheme = ["https://", "http://", "tg://"].into_iter().find(|scheme| starts_with(scheme));
    let is_clean = !url.chars().any(|character| character.is_whitespace() || character.is_control());
    is_clean && url.len() <= URL_BYTES && scheme.is_some_and(|scheme| url.len() > scheme.len())
}

/// Each pair is apart, or one is inside the other and may be.
fn check_together(entities: &[Entity]) -> Result<(), FormattingRefusal> {
    let mut order: Vec<usize> = (0..entities.len()).collect();
    order.sort_by_key(|index| {
        let range = entities[*index].range();
        (range.start, std::cmp::Reverse(range.end))
    });
    let mut around: Vec<usize> = Vec::new();
    for index in order {
        let inner = &entities[index];
        around.retain(|outer| entities[*outer].range().end > inner.offset);
        for other in &around {
            let outer = &entities[*other];
            if inner.range().end > outer.range().end {
                return Err(FormattingRefusal::Crossing { index, other: *other });
            }
            // Of two in the same place either may be the outer one.
            let is_same_place = inner.range() == outer.range();
            if !(may_contain(outer.kind, inner.kind) || is_same_place && may_contain(inner.kind, outer.kind)) {
                let (kind, other_kind) = (inner.kind, outer.kind);
                return Err(FormattingRefusal::Nested { index, kind, other: *other, other_kind });
            }
        }
        around.push(index);
    }
    Ok(())
}

fn may_contain(outer: EntityKind, inner: EntityKind) -> bool {
    if outer.is_quotation() {
        return !inner.is_quotation();
    }
    if outer.is_code() || inner.is_code() {
        return false;
    }
    outer.is_look() || inner.is_look() || inner == EntityKind::CustomEmoji
}

#[cfg(test)]
mod tests {
    use super::*;
    use EntityKind::{Blockquote, Bold, Code, Italic, Pre, TextLink, TextMention, Url};

    fn bold(offset: usize, length: usize) -> Entity {
        Entity::new(Bold, offset, length)
    }

    #[test]
    fn a_stretch_lies_within_the_text_and_between_characters() {
        assert_eq!(check("a👍b", &[bold(1, 2), bold(0, 4)]), Ok(()));
        assert_eq!(check("a👍b", &[bold(0, 5)]), Err(FormattingRefusal::OutOfText { index: 0, end: 5, units: 4 }));
        assert_eq!(check("a👍b", &[bold(2, 1)]), Err(FormattingRefusal::SplitsCharacter { index: 0, unit: 2 }));
        let ends_within = [bold(0, 1), bold(1, 1)];
        assert_eq!(check("a👍b", &ends_within), Err(FormattingRefusal::SplitsCharacter { index: 1, unit: 2 }));
        assert_eq!(check("a", &[bold(0, 0)]), Err(FormattingRefusal::Empty { index: 0 }));
        assert!(matches!(check("a", &[bold(usize::MAX, 2)]), Err(FormattingRefusal::OutOfText { .. })));
    }

    #[test]
    fn each_type_has_what_it_needs() {
        let link = |url: Option<&str>| Entity { url: url.map(str::to_owned), ..Entity::new(TextLink, 0, 1) };
        let missing = FormattingRefusal::Incomplete { index: 0, kind: TextLink, field: "url" };
        assert_eq!(check("a", &[link(None)]), Err(missing));
        for url in ["javascript:alert(1)", "example.com", "https://", "https://a b", ""] {
            assert_eq!(check("a", &[link(Some(url))]), Err(FormattingRefusal::BadUrl { index: 0 }), "{url}");
        }
        for url in ["https://example.com/", "HTTP://a", "tg://resolve?domain=x"] {
            assert_eq!(check("a", &[link(Some(url))]), Ok(()), "{url}");
        }
        assert!(check("a", &[Entity::new(TextMention, 0, 1)]).is_err());
        assert_eq!(check("a", &[Entity::new(TextMention, 0, 1).of_user(7)]), Ok(()));
    }

    #[test]
    fn stretches_are_apart_or_one_inside_the_other() {
        assert_eq!(check("abcd", &[bold(0, 2), Entity::new(Italic, 2, 2)]), Ok(()));
        assert_eq!(check("abcd", &[Entity::new(Italic, 1, 2), bold(0, 4)]), Ok(()));
        let crossing = [Entity::new(Italic, 1, 3), bold(0, 2)];
        assert_eq!(check("abcd", &crossing), Err(FormattingRefusal::Crossing { index: 0, other: 1 }));
    }

    #[test]
    fn code_and_quotations_are_strict() {
        let inside = |outer, inner| check("abcd", &[Entity::new(outer, 0, 4), Entity::new(inner, 1, 2)]);
        for (outer, inner) in [(Code, Bold), (Bold, Code), (Pre, Url), (Blockquote, Blockquote), (Url, Url)] {
            assert!(matches!(inside(outer, inner), Err(FormattingRefusal::Nested { index: 1, .. })), "{outer} {inner}");
        }
        for (outer, inner) in [(Blockquote, Pre), (Blockquote, Bold), (Bold, Url), (Url, Bold)] {
            assert_eq!(inside(outer, inner), Ok(()), "{outer} {inner}");
        }
    }

    #[test]
    fn there_are_not_too_many() {
        let entities = vec![bold(0, 1); ENTITIES + 1];
        let refusal = check("a", &entities).unwrap_err();
        assert_eq!(refusal, FormattingRefusal::TooMany { count: ENTITIES + 1 });
        assert_eq!(refusal.index(), None);
    }
}
