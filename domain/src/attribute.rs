//! Attributes: what integrations say of customers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

mod push;

pub use push::{AttributeChanges, PushRefusal, PushedAttribute, changes};

use crate::text::without_nul;
use crate::time_zone::{TimeZone, UnknownTimeZone};
use crate::{CustomerId, ProjectId, Time, named_enum};

named_enum! {
    /// What the values of an attribute are.
    pub enum AttributeKind {
        /// Texts.
        Text = "TEXT",
        /// Numbers.
        Number = "NUMBER",
        /// Yes or no.
        Flag = "FLAG",
        /// Moments.
        Time = "TIME",
    }
}

/// The value of a customer's attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeValue {
    /// A text.
    Text(String),
    /// A number.
    Number(f64),
    /// Yes or no.
    Flag(bool),
    /// A moment.
    Time(Time),
}

impl AttributeValue {
    /// What it is.
    pub fn kind(&self) -> AttributeKind {
        match self {
            Self::Text(_) => AttributeKind::Text,
            Self::Number(_) => AttributeKind::Number,
            Self::Flag(_) => AttributeKind::Flag,
            Self::Time(_) => AttributeKind::Time,
        }
    }
}

/// An attribute that the customers of a project can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeDefinition {
    /// The project.
    pub project_id: ProjectId,
    /// The name by which integrations know it, which no other attribute of the project has.
    pub name: String,
    /// What its values are. It stays as it was first.
    pub kind: AttributeKind,
    /// What people call it; empty to call it by its name.
    pub label: String,
}

/// What is said of a customer.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The customer.
    pub customer_id: CustomerId,
    /// The name.
    pub name: String,
    /// The value.
    pub value: AttributeValue,
    /// When it was set to this value, on the project's clock.
    pub set_at: Time,
}

/// The attributes of a customer by their names.
pub type Attributes = BTreeMap<String, AttributeValue>;

/// The longest name of an attribute, in characters.
pub const ATTRIBUTE_NAME_CHARACTERS: usize = 50;
/// The longest value of an attribute, in characters.
pub const ATTRIBUTE_TEXT_CHARACTERS: usize = 500;
/// The longest label, in characters.
pub const ATTRIBUTE_LABEL_CHARACTERS: usize = 100;
/// The most attributes of one customer.
pub const ATTRIBUTES_OF_CUSTOMER: usize = 100;
/// The most attributes that the customers of one project can have.
pub const ATTRIBUTES_OF_PROJECT: usize = 500;
/// The attribute that says in which time zone a customer lives: a text with a name of the IANA time zone database.
pub const TIME_ZONE_ATTRIBUTE: &str = "time_zone";

/// Why an attribute is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AttributeRefusal {
    /// It could not be named in conditions and placeholders.
    #[error(
        "the name is not one of an attribute: begin with a letter from a to z and go on with letters, digits, `_`, `-` \
         and `.`, {ATTRIBUTE_NAME_CHARACTERS} characters at most"
    )]
    Name,
    /// The text is longer than [`ATTRIBUTE_TEXT_CHARACTERS`].
    #[error("the text is longer than {ATTRIBUTE_TEXT_CHARACTERS} characters: shorten it")]
    TextTooLong,
    /// The number is none that can be compared.
    #[error("the number is not finite: give one that is")]
    NotFinite,
    /// The values of the attribute are others.
    #[error("the values of this attribute are of type {0}: give one of that type, or choose another name")]
    WrongKind(#[serde(with = "crate::wire_name::name")] AttributeKind),
    /// The attribute says a time zone, and there is none of this name.
    #[error(transparent)]
    TimeZone(#[from] UnknownTimeZone),
}

/// Checks the name of an attribute. Upper and lower case differ.
pub fn check_name(name: &str) -> Result<(), AttributeRefusal> {
    let begins_well = name.starts_with(|first: char| first.is_ascii_alphabetic());
    let goes_on = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.');
    if begins_well && name.len() <= ATTRIBUTE_NAME_CHARACTERS && name.chars().all(goes_on) {
        Ok(())
    } else {
        Err(AttributeRefusal::Name)
    }
}

/// Checks the value of an attribute, and gives it in the form in which it is kept.
pub fn check_value(name: &str, value: AttributeValue) -> Result<AttributeValue, AttributeRefusal> {
    match value {
        AttributeValue::Text(text) => {
            let text = without_nul(&text).into_owned();
            if text.chars().count() > ATTRIBUTE_TEXT_CHARACTERS {
                return Err(AttributeRefusal::TextTooLong);
            }
            if name == TIME_ZONE_ATTRIBUTE {
                TimeZone::parse(&text)?;
            }
            Ok(AttributeValue::Text(text))
        }
        _ if name == TIME_ZONE_ATTRIBUTE => Err(AttributeRefusal::WrongKind(AttributeKind::Text)),
        AttributeValue::Number(number) if !number.is_finite() => Err(AttributeRefusal::NotFinite),
        // Zero has no sign: what is equal must look alike.
        AttributeValue::Number(0.0) => Ok(AttributeValue::Number(0.0)),
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: impl Into<String>) -> AttributeValue {
        AttributeValue::Text(text.into())
    }

    #[test]
    fn a_name_can_stand_in_conditions_and_placeholders() {
        for name in ["plan", "appVersion", "crm.tier-2", "a", &"x".repeat(ATTRIBUTE_NAME_CHARACTERS)] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in ["", "2nd", "_x", "plan ", "größe", "a|b", "a}", &"x".repeat(ATTRIBUTE_NAME_CHARACTERS + 1)] {
            assert_eq!(check_name(name), Err(AttributeRefusal::Name), "{name}");
        }
    }

    #[test]
    fn a_value_has_an_end_and_can_be_compared() {
        assert_eq!(check_value("plan", text("gold\0")), Ok(text("gold")));
        let longest = "é".repeat(ATTRIBUTE_TEXT_CHARACTERS);
        assert_eq!(check_value("plan", text(&longest)), Ok(text(&longest)));
        assert_eq!(check_value("plan", text(longest + "x")), Err(AttributeRefusal::TextTooLong));
        assert_eq!(check_value("n", AttributeValue::Number(f64::NAN)), Err(AttributeRefusal::NotFinite));
        let zero = check_value("n", AttributeValue::Number(-0.0));
        assert!(matches!(zero, Ok(AttributeValue::Number(zero)) if zero.is_sign_positive()));
    }

    #[test]
    fn a_time_zone_is_one_that_there_is() {
        assert!(check_value(TIME_ZONE_ATTRIBUTE, text("Asia/Tokyo")).is_ok());
        assert!(matches!(check_value(TIME_ZONE_ATTRIBUTE, text("Tokio")), Err(AttributeRefusal::TimeZone(_))));
        let offset = check_value(TIME_ZONE_ATTRIBUTE, AttributeValue::Number(9.0));
        assert_eq!(offset, Err(AttributeRefusal::WrongKind(AttributeKind::Text)));
        assert!(check_value("zone", text("Tokio")).is_ok());
    }
}
