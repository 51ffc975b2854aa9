//! Reading the log once for everybody in this process.

use std::time::Duration;

use store::events::Scope;
use tokio_util::sync::CancellationToken;

use super::Occurrence;
use crate::Desk;

/// How many events are read at once.
const BATCH: i64 = 500;
/// How soon to look again when a commit was heard of but shows nothing: on PostgreSQL it stays
/// hidden for as long as an older transaction is running.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(2);
/// The longest of the pauses between such looks, which double.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// How long to wait after the database could not be read.
const RETRY_AFTER: Duration = Duration::from_millis(500);

/// Follows the end of the log. A process that serves subscriptions runs one.
pub struct Dispatcher {
    desk: Desk,
}

impl Dispatcher {
    /// A dispatcher for the readers of this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut rings = self.desk.bell.listen();
        let mut pause = LOOK_AGAIN_AFTER;
        loop {
            let wait = match self.forward().await {
                Ok(0) => pause,
                Ok(_) => {
                    pause = LOOK_AGAIN_AFTER;
                    continue;
                }
                Err(error) => {
                    tracing::warn!(%error, "the event log cannot be read; trying again");
                    RETRY_AFTER
                }
            };
            // While the pauses are short the log is looked at without a ring; then it takes one.
            let quiet = pause >= LONGEST_PAUSE;
            tokio::select! {
                () = stop.cancelled() => return,
                _ = rings.changed() => pause = LOOK_AGAIN_AFTER,
                () = tokio::time::sleep(wait), if !quiet || wait == RETRY_AFTER => pause *= 2,
            }
        }
    }

    /// Brings what is new into memory. Answers how many events that was.
    async fn forward(&self) -> Result<usize, store::Error> {
        let mut reader = self.desk.store.read().await?;
        if !self.desk.log.has_readers() {
            self.desk.log.skip_to(super::head(&mut reader).await?);
            return Ok(0);
        }
        let end = self.desk.log.end();
        if self.desk.store.is_shared() && !super::has_been_at(&mut reader, end).await? {
            tracing::warn!("the event log was put back to an earlier state; its readers have to start over");
            self.desk.log.start_over(super::head(&mut reader).await?);
            return Ok(0);
        }
        let forgotten = self.desk.log.forgotten();
        let events = reader.events_after(Scope::Everything, end, BATCH).await?;
        let occurrences = Occurrence::of(events, &mut reader).await?;
        // Whoever loads everything anew asks any process, also one that does not follow for them.
        occurrences
            .iter()
            .filter_map(|one| one.event.looks_anew())
            .for_each(|agent| self.desk.actors.doubt_agent(agent));
        let count = occurrences.len();
        self.desk.log.extend(occurrences, forgotten);
        Ok(count)
    }
}
