//! Finding words and phrases in texts that people write, in any language and in spite of disguises.
//!
//! A text is folded first: case, accents, look-alike letters of other scripts and what nobody sees make no difference.
//! The [`Matcher`] then looks for [`Phrase`]s at the boundaries of words. It also reads the text as a person would who
//! knows the usual tricks: digits for letters, letters drawn out, and signs between the letters of a word.

mod fold;
mod lookalike;
mod matcher;
mod phrase;
mod reading;
mod script;
mod unmask;

pub(crate) use fold::{Glyph, Kind, fold};
pub use matcher::{Found, Matcher, TooManyPhrases};
pub use phrase::{PHRASE_CHARACTERS, Phrase, PhraseError};
pub(crate) use script::is_unspaced;
