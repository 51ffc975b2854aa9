//! Who gets which session, and who waits.

mod backlog;
mod claims;
mod fairness;
mod gone;
mod grounds;
mod rerouting;
mod rules;
mod scene;
mod settings;
mod two_processes;
