//! How the consoles of a project show conversations.

use serde::{Deserialize, Serialize};

use crate::tag::{NotAColor, parse_color};

/// The most colours of a background.
pub const BACKGROUND_COLORS: usize = 4;

/// How the consoles of a project show conversations. The desk keeps it, consoles go by it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChatTheme {
    /// What a conversation looks like.
    pub appearance: Appearance,
    /// The colours of what is behind it, as `#rrggbb` in lower case, as Telegram has them: one fills it, two are a
    /// gradient, three or four a gradient in all directions. None for what the appearance brings with it.
    pub background: Vec<String>,
}

/// What a conversation looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Appearance {
    /// Dark text on a light ground.
    #[default]
    Light,
    /// Light text on a dark ground.
    Dark,
    /// As in Telegram.
    Telegram,
}

/// Why this is no background.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BackgroundRefusal {
    /// There are more than [`BACKGROUND_COLORS`].
    #[error("a background has at most {BACKGROUND_COLORS} colours: leave some out")]
    TooMany,
    /// One of them is none.
    #[error(transparent)]
    Color(#[from] NotAColor),
}

/// Reads the colours of a background.
pub fn parse_background(colors: &[String]) -> Result<Vec<String>, BackgroundRefusal> {
    if colors.len() > BACKGROUND_COLORS {
        return Err(BackgroundRefusal::TooMany);
    }
    let colors: Result<Vec<String>, NotAColor> = colors.iter().map(|color| parse_color(color)).collect();
    Ok(colors?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(colors: &[&str]) -> Result<Vec<String>, BackgroundRefusal> {
        parse_background(&colors.iter().map(|&color| color.to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_background_has_up_to_four_colors() {
        assert_eq!(parse(&[]), Ok(Vec::new()));
        assert_eq!(parse(&["#DBDDBB", "#6ba587"]), Ok(vec!["#dbddbb".to_owned(), "#6ba587".to_owned()]));
        assert_eq!(parse(&["#dbddbb"; 4]).map(|colors| colors.len()), Ok(4));
        assert_eq!(parse(&["#dbddbb"; 5]), Err(BackgroundRefusal::TooMany));
        for text in ["", "red", "#dbddb", "url(#dbddbb)"] {
            assert_eq!(parse(&["#dbddbb", text]), Err(BackgroundRefusal::Color(NotAColor)), "{text}");
        }
    }
}
