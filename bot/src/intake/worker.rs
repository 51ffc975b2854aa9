//! Working off what was stored.

use std::time::Duration;

use desk::Desk;
use tokio_util::sync::CancellationToken;

use super::decode::TelegramUpdates;
use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;

/// How long to wait for a ring before looking all the same.
const LOOK_AFTER: Duration = Duration::from_secs(5);

/// Works off updates until told to stop. Several tasks and processes may do so at once.
pub(crate) async fn work_off(desk: Desk, stop: CancellationToken) {
    let mut rings = desk.bell().listen();
    let mut backoff = Backoff::default();
    while !stop.is_cancelled() {
        rings.mark_unchanged();
        match desk.work_off_updates(&TelegramUpdates).await {
            Ok(0) => {
                tokio::select! {
                    () = stop.cancelled() => {}
                    _ = rings.changed() => {}
                    () = tokio::time::sleep(LOOK_AFTER) => {}
                }
            }
            Ok(updates) => {
                backoff.reset();
                metrics::counter!("switchboard_updates_worked_off_total").increment(updates as u64);
            }
            Err(error) => {
                let pause = backoff.next_pause(OUTAGE);
                tracing::warn!(error = cause_of(&error), ?pause, "updates cannot be worked off; trying again");
                tokio::select! {
                    () = stop.cancelled() => {}
                    () = tokio::time::sleep(pause) => {}
                }
            }
        }
    }
}
