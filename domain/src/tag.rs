//! Tags of sessions and customers.

use crate::{ProjectId, TagId, Time, named_enum};

/// A tag of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tag {
    /// The identifier.
    pub id: TagId,
    /// The project.
    pub project_id: ProjectId,
    /// The name, which no other tag of the project has.
    pub name: String,
    /// The colour as `#rrggbb` in lower case.
    pub color: String,
    /// When it was made.
    pub created_at: Time,
    /// Which of the tags it is that every project begins with; empty for others.
    pub preset: Option<Preset>,
    /// When it was put away: it stays where it is, and is given to nothing any more.
    pub archived_at: Option<Time>,
    /// The tag that took its place.
    pub merged_into: Option<TagId>,
    /// Grows with each change.
    pub version: i64,
}

impl Tag {
    /// Whether it says that a customer complains.
    pub fn is_complaint(&self) -> bool {
        self.preset == Some(Preset::Complaint)
    }
}

named_enum! {
    /// The tags that every project begins with.
    pub enum Preset {
        /// Something that cannot wait.
        Emergency = "EMERGENCY",
        /// A customer who matters most.
        Vip = "VIP",
        /// Money back.
        Refund = "REFUND",
        /// A customer who complains.
        Complaint = "COMPLAINT",
        /// Words that need care.
        Sensitive = "SENSITIVE",
        /// A customer who is new.
        NewUser = "NEW_USER",
    }
}

impl Preset {
    /// What the tag is called at first.
    pub const fn tag_name(self) -> &'static str {
        match self {
            Self::Emergency => "Emergency",
            Self::Vip => "VIP",
            Self::Refund => "Refund",
            Self::Complaint => "Complaint",
            Self::Sensitive => "Sensitive",
            Self::NewUser => "New user",
        }
    }

    /// The colour of the tag at first.
    pub const fn color(self) -> &'static str {
        match self {
            Self::Emergency => "#d93025",
            Self::Vip => "#f9ab00",
            Self::Refund => "#1a73e8",
            Self::Complaint => "#e8710a",
            Self::Sensitive => "#9334e6",
            Self::NewUser => "#188038",
        }
    }
}

/// The most tags of one session, and of one customer.
pub const TAGS_OF_SESSION: usize = 50;

/// The text is no colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the colour is not of the form #rrggbb: give six hexadecimal digits behind `#`, like #d93025")]
pub struct NotAColor;

/// Reads a colour.
pub fn parse_color(text: &str) -> Result<String, NotAColor> {
    let digits = text.trim().strip_prefix('#').ok_or(NotAColor)?;
    let is_color = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_color { Ok(format!("#{}", digits.to_ascii_lowercase())) } else { Err(NotAColor) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_color_is_six_hexadecimal_digits() {
        assert_eq!(parse_color(" #D93025 "), Ok("#d93025".to_owned()));
        for text in ["", "#", "red", "d93025", "#d9302", "#d930255", "#d9302g", "#äöüäöü"] {
            assert_eq!(parse_color(text), Err(NotAColor), "{text}");
        }
    }

    #[test]
    fn the_presets_have_colours_of_their_own() {
        for (index, preset) in Preset::ALL.iter().enumerate() {
            assert_eq!(parse_color(preset.color()).as_deref(), Ok(preset.color()));
            let others = &Preset::ALL[index + 1..];
            assert!(others.iter().all(|other| other.color() != preset.color()), "{preset}");
        }
    }
}
