//! What taps on the buttons of the desk's own questions do.

use serde::{Deserialize, Serialize};

use crate::knowledge::Feedback;
use crate::rating::Score;

/// What the desk does at a tap by itself. A tap on any other button is what the customer says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ButtonAction {
    /// Takes it as how satisfied the customer is.
    Rate(Score),
    /// Takes it as what the customer says about an answer of the bot.
    Knowledge(Feedback),
}
