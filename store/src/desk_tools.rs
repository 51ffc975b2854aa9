//! What the store takes in of what agents work with.

use domain::bot_text::Texts;
use domain::formatting::Entity;
use domain::note::NoteContent;
use domain::scheduled::ScheduledMedia;
use domain::tag::Preset;
use domain::{AgentId, ProjectId, SessionId, Time};

/// A note to be added.
#[derive(Debug, Clone)]
pub struct NewNote {
    /// The project.
    pub project_id: ProjectId,
    /// The session.
    pub session_id: SessionId,
    /// Who writes it.
    pub agent_id: AgentId,
    /// What it says.
    pub content: NoteContent,
    /// The present time.
    pub created_at: Time,
    /// The version of the session by which it is written.
    pub since_version: i64,
}

/// A canned reply to be added.
#[derive(Debug, Clone)]
pub struct NewCannedReply {
    /// The project.
    pub project_id: ProjectId,
    /// Whose own it is; empty for one that all share.
    pub owner_id: Option<AgentId>,
    /// What agents type for it.
    pub shortcut: String,
    /// What it is called.
    pub title: String,
    /// The text by language.
    pub texts: Texts,
    /// The present time.
    pub created_at: Time,
}

/// A message for later to be added.
#[derive(Debug, Clone)]
pub struct NewScheduledMessage {
    /// The project.
    pub project_id: ProjectId,
    /// The session.
    pub session_id: SessionId,
    /// Who writes it.
    pub agent_id: AgentId,
    /// The text.
    pub text: String,
    /// The formatting of the text.
    pub entities: Vec<Entity>,
    /// The files.
    pub media: Vec<ScheduledMedia>,
    /// When it goes out.
    pub send_at: Time,
    /// Whether it stays here if the customer writes before.
    pub cancel_on_reply: bool,
    /// How many messages the customer has written.
    pub inbound_count: i64,
    /// The present time.
    pub created_at: Time,
    /// The version of the session by which it is written.
    pub since_version: i64,
}

/// A tag that every project begins with, to be added.
#[derive(Debug, Clone, Copy)]
pub struct NewPresetTag {
    /// The project.
    pub project_id: ProjectId,
    /// Which it is.
    pub preset: Preset,
    /// The present time.
    pub created_at: Time,
}
