//! Properties of looking for words: in any text, under random disguises, in any row of messages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod disguises;
mod places;
mod rows;
