//! What is due later.

mod retention;
mod runner;

pub use runner::JobRunner;
pub(crate) use runner::Next;
