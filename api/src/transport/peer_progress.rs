//! Whether a slow peer is there still.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

/// Whether the peer of a connection took data that it had held up before, which is as good a sign of life as an answer.
/// Each request of a connection has it; without one nothing is ever seen to be taken.
#[derive(Debug, Clone, Default)]
pub(crate) struct PeerProgress(Arc<State>);

#[derive(Debug, Default)]
struct State {
    is_held_up: AtomicBool,
    has_taken: AtomicBool,
}

impl PeerProgress {
    /// Notes what became of an attempt to write to the peer.
    pub(crate) fn note<T>(&self, written: &Poll<T>) {
        let was_held_up = self.0.is_held_up.swap(written.is_pending(), Ordering::Relaxed);
        if was_held_up && written.is_ready() {
            self.0.has_taken.store(true, Ordering::Relaxed);
        }
    }

    /// Whether the peer has taken something since this was last asked.
    pub(super) fn take(&self) -> bool {
        self.0.has_taken.swap(false, Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_held_up_shows_that_somebody_is_there() {
        let progress = PeerProgress::default();
        progress.note(&Poll::Ready(()));
        assert!(!progress.take(), "the buffers of this machine take it as well");
        progress.note(&Poll::<()>::Pending);
        assert!(!progress.take());
        progress.note(&Poll::Ready(()));
        assert!(progress.take());
        assert!(!progress.take(), "nothing since");
    }
}
