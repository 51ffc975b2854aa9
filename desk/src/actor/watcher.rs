//! Noticing that rights have changed.

use std::time::{Duration, Instant};

use store::rights::RIGHTS_VERSION_FACT;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use super::look_up::read;
use crate::Desk;

/// How often it is looked whether anybody's rights have changed. One look is one short statement.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// Ends what was allowed and is no longer: it looks whether anybody's rights have changed, by
/// whichever process, and then tells those whose rights did. A process that serves the API runs
/// one; without it rights are read anew twice a second for whoever asks.
pub struct RightsWatcher {
    desk: Desk,
}

impl RightsWatcher {
    /// A watcher for the actors of this desk.
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
                if let Err(error) = self.look(&mut known).await {
                    tracing::warn!(%error, "changes of rights cannot be looked for; trying again");
                }
            }
        };
        stop.run_until_cancelled(looking).await;
    }

    /// Looks once. `known` is the version up to which everybody's rights were read.
    async fn look(&self, known: &mut Option<String>) -> Result<(), store::Error> {
        let began = Instant::now();
        let mut reader = self.desk.store.read().await?;
        let version = reader.meta(RIGHTS_VERSION_FACT).await?;
        // No version at all would mean that the triggers have nothing to change.
        if version.is_none() || version != *known {
            let review = self.desk.actors.begin_review();
            let found = read(&mut reader, &review.1, self.desk.now()).await?;
            if !self.desk.actors.finish_review(review, found) {
                // This process changed rights meanwhile: the next look finds the version that has them.
                return Ok(());
            }
            self.desk.log.nudge();
            *known = version;
        }
        self.desk.actors.watched.looked(began);
        Ok(())
    }
}
