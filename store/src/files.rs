//! What the store takes in about files, beside the entity of the domain.

use domain::{AgentId, ProjectId, Time};

/// A file that is about to come in.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// The project whose customers it is for.
    pub project_id: ProjectId,
    /// Who uploads it.
    pub agent_id: AgentId,
    /// The name.
    pub name: String,
    /// The MIME type.
    pub mime_type: String,
    /// The most that it can have.
    pub most_bytes: i64,
    /// The size of each of its pieces but the last.
    pub chunk_bytes: i32,
    /// The present time.
    pub created_at: Time,
}

/// The files that an agent has uploaded to a project, or is just uploading, and has not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unused {
    /// How many there are.
    pub files: i64,
    /// How large they are together, each that is still coming in as large as it can become.
    pub bytes: i64,
}
