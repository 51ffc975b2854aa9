//! Names of attempts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Gives each look at the outbox a name that no other has, in this process or another: what
/// settles a call has to be what was started last.
#[derive(Debug)]
pub(crate) struct AttemptNames {
    process: String,
    next: AtomicU64,
}

impl AttemptNames {
    /// Names that begin with that of the process.
    pub(crate) fn new(process: &str) -> Self {
        Self { process: process.to_owned(), next: AtomicU64::new(1) }
    }

    pub(super) fn next(&self) -> Arc<str> {
        format!("{}-{}", self.process, self.next.fetch_add(1, Ordering::Relaxed)).into()
    }
}
