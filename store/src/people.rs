//! What the store takes in and gives out about the people around the bot.

use domain::bot_text::{BotCommand, Texts};
use domain::{AgentId, ProjectId, TagId, TeamId, Time};

/// A team to be added.
#[derive(Debug, Clone)]
pub struct NewTeam {
    /// The project.
    pub project_id: ProjectId,
    /// The name.
    pub name: String,
    /// The line of support.
    pub line: i32,
    /// The present time on the project's clock.
    pub created_at: Time,
}

/// A tag to be added.
#[derive(Debug, Clone)]
pub struct NewTag {
    /// The project.
    pub project_id: ProjectId,
    /// The name.
    pub name: String,
    /// The colour.
    pub color: String,
    /// The present time on the project's clock.
    pub created_at: Time,
}

/// A diversion link to be added.
#[derive(Debug, Clone)]
pub struct NewDiversionLink {
    /// The project.
    pub project_id: ProjectId,
    /// What nobody can guess.
    pub code: String,
    /// The name.
    pub name: String,
    /// Where the customers come from.
    pub source: String,
    /// The tags that the session gets.
    pub tag_ids: Vec<TagId>,
    /// The team that the session is for.
    pub team_id: Option<TeamId>,
    /// The agent who answers.
    pub agent_id: Option<AgentId>,
    /// The present time on the project's clock.
    pub created_at: Time,
}

/// A code by which a chat is linked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkCode {
    /// The hash of the code.
    pub hash: String,
    /// The project whose bot is told the code.
    pub project_id: ProjectId,
    /// The agent who made it.
    pub agent_id: AgentId,
    /// The team whose group it links; empty for the agent's own chat.
    pub team_id: Option<TeamId>,
    /// From when on it works no more.
    pub expires_at: Time,
}

/// What the bot of a project says and offers by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BotTexts {
    /// What new customers are greeted with.
    pub greeting: Texts,
    /// The commands.
    pub commands: Vec<BotCommand>,
    /// The commands that Telegram was told last.
    pub registered_commands: Vec<BotCommand>,
}

/// The fact whose value changes whenever a customer is erased.
pub const ERASURE_VERSION_FACT: &str = "erasure_version";
