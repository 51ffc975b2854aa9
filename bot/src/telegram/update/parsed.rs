//! The parts of an update.

use serde_json::value::RawValue;

use super::kinds::kind_of;
use crate::telegram::{DecodeError, fields::Fields};

/// The kind of an update that says nothing at all.
const NO_KIND: &str = "none";

/// An update taken apart, its body yet to be understood.
pub(crate) struct Parsed<'a> {
    /// The number that Telegram gave the update.
    pub(crate) update_id: i64,
    /// The kind, as the Bot API names it.
    pub(crate) kind: String,
    /// What it says; no fields if that is no object.
    pub(crate) body: Fields<'a>,
    /// What it says, in its raw text.
    pub(crate) json: Option<&'a RawValue>,
}

impl<'a> Parsed<'a> {
    /// Takes the raw text of an update apart.
    ///
    /// # Errors
    ///
    /// [`DecodeError`] when the text is not a JSON object with an `update_id`.
    pub(crate) fn of(raw: &'a str) -> Result<Self, DecodeError> {
        let fields = Fields::parse(raw).ok_or(DecodeError::NotAnObject)?;
        let update_id = fields.integer("update_id").ok_or(DecodeError::NoUpdateId)?;
        let kind = kind_of(&fields).unwrap_or(NO_KIND).to_owned();
        let json = fields.raw(&kind);
        let body = json.and_then(|json| Fields::parse(json.get())).unwrap_or_default();
        Ok(Self { update_id, kind, body, json })
    }
}
