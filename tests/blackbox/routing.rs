//! Who gets which session, and who waits.

mod backlog;
mod fairness;
mod rerouting;
mod rules;
mod scene;
mod settings;
mod two_processes;
