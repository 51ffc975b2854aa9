//! Diversion links: ways into the bot that say where a customer came from.

use crate::{AgentId, DiversionLinkId, ProjectId, TagId, TeamId, Time};

/// The longest source, in characters.
pub const SOURCE_CHARACTERS: usize = 100;

/// A way into the bot. Whoever comes by it gives its code as the payload of `/start`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiversionLink {
    /// The identifier.
    pub id: DiversionLinkId,
    /// The project.
    pub project_id: ProjectId,
    /// What nobody can guess.
    pub code: String,
    /// The name shown to agents.
    pub name: String,
    /// Where the customers come from, such as a campaign or a page.
    pub source: String,
    /// The tags that the session gets.
    pub tag_ids: Vec<TagId>,
    /// The team that the session is for.
    pub team_id: Option<TeamId>,
    /// The agent who answers.
    pub agent_id: Option<AgentId>,
    /// False once it works no more than a plain `/start`.
    pub active: bool,
    /// How often somebody came by it.
    pub uses: i64,
    /// Grows with each change of what people can change here.
    pub version: i64,
    /// When it was made.
    pub created_at: Time,
}

/// The address that opens the bot of this user name and has the customer send the code.
pub fn address(bot_username: &str, code: &str) -> String {
    format!("https://t.me/{bot_username}?start={code}")
}

/// The address that puts the bot of this user name into a group and has it told the code.
pub fn group_address(bot_username: &str, code: &str) -> String {
    format!("https://t.me/{bot_username}?startgroup={code}")
}
