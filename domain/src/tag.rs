//! Tags of sessions.

use crate::{ProjectId, TagId, Time};

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
}

/// The most tags of one session.
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
}
