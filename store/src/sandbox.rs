//! What the store takes in about sandboxes.

use domain::{ChatId, ProjectId};

/// A fault that is to strike calls of a simulated bot.
#[derive(Debug, Clone, Copy)]
pub struct NewFault<'a> {
    /// The sandbox.
    pub project_id: ProjectId,
    /// The method of the Bot API that it strikes, in lower case; empty for all.
    pub method: Option<&'a str>,
    /// The chat in which it strikes; empty for all.
    pub chat_id: Option<ChatId>,
    /// What goes wrong, as JSON of the desk.
    pub fault: &'a str,
    /// How often it strikes; empty for every time.
    pub strikes: Option<i64>,
}
