//! What the store takes in and gives out about jobs.

use domain::{JobId, ProjectId, Time};

/// A job to be done later.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// There is at most one job under a key.
    pub key: String,
    /// The project whose clock it goes by; empty for the wall clock.
    pub project_id: Option<ProjectId>,
    /// What is to be done.
    pub kind: &'static str,
    /// What it is to be done with, as JSON.
    pub payload: String,
    /// When it is due, on the wall clock.
    pub due_at: Time,
}

/// A job whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The identifier.
    pub id: JobId,
    /// Its key.
    pub key: String,
    /// What is to be done.
    pub kind: String,
    /// What it is to be done with, as JSON.
    pub payload: String,
    /// How often it has failed.
    pub attempts: i32,
}
