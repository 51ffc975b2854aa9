//! Noticing that a customer was erased, by whichever process.

use std::time::Duration;

use store::people::ERASURE_VERSION_FACT;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::Desk;

/// How often it is looked. One look is one short statement.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Has a process forget what it remembers once a customer was erased. Every process runs one: those that serve the API
/// remember events, and those that run the bots what the simulated Telegram was told.
pub struct ErasureWatcher {
    desk: Desk,
}

impl ErasureWatcher {
    /// A watcher for this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut ticks = interval(LOOK_EVERY);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut known = None;
        let looking = async {
            loop {
                ticks.tick().await;
                match self.version().await {
                    Ok(version) if version != known => {
                        self.desk.forget();
                        known = version;
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%error, "erasures cannot be looked for; trying again"),
                }
            }
        };
        stop.run_until_cancelled(looking).await;
    }

    async fn version(&self) -> Result<Option<String>, store::Error> {
        self.desk.store.read().await?.meta(ERASURE_VERSION_FACT).await
    }
}
