//! Waking whoever waits for a change.

use tokio::sync::watch;

/// Rings after each commit. It says only that something changed; the listener looks for
/// itself, so that a ring too many costs a look and a ring that comes while nobody listens
/// is noticed at the next wait.
#[derive(Debug, Clone)]
pub struct Bell(watch::Sender<u64>);

impl Default for Bell {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Bell {
    /// Wakes every listener.
    pub fn ring(&self) {
        self.0.send_modify(|rings| *rings = rings.wrapping_add(1));
    }

    /// Hears every ring from now on. `changed` never fails while the desk lives.
    pub fn listen(&self) -> watch::Receiver<u64> {
        self.0.subscribe()
    }
}
