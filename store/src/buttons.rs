//! What the store takes in and gives out about buttons under messages.

use domain::message::ButtonAction;
use domain::{MessageId, ProjectId};

/// A button whose taps Telegram tells the bot of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Button {
    /// What a tap carries (`callback_data`). Nobody can guess it.
    pub code: String,
    /// The project whose bot shows it.
    pub project_id: ProjectId,
    /// The message it is under.
    pub message_id: MessageId,
    /// What it says.
    pub label: String,
    /// What the desk does at a tap by itself; empty where a tap is what the customer says.
    pub action: Option<ButtonAction>,
}
