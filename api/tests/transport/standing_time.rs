//! Time that passes when a test says so, however fast the machine is meanwhile.

use std::{
    sync::mpsc::{Sender, channel},
    time::Duration,
};

/// How long a test may take by the machine's clock.
const PATIENCE: Duration = Duration::from_secs(60);

/// Stops the clock of the test's runtime, and with it all that waits for a moment, on both sides of a socket.
pub struct StandingTime {
    _held: Sender<()>,
}

impl StandingTime {
    /// Stops the clock until the value is dropped, or until a test that waits in vain must end: its waits are over then.
    pub fn begin() -> Self {
        let (held, until_dropped) = channel();
        tokio::time::pause();
        // A runtime with nothing to do moves a stopped clock on to the next timer, though there may be something on a
        // socket, but not as long as a thread is at work for it.
        tokio::task::spawn_blocking(move || until_dropped.recv_timeout(PATIENCE));
        Self { _held: held }
    }

    /// Moves the clock on.
    pub async fn pass(&self, duration: Duration) {
        tokio::time::advance(duration).await;
    }
}
