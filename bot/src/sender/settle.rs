//! Having an outcome written down.

use desk::Desk;
use desk::outbox::Outcome;

use super::Taken;
use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;

/// Writes down what came of a call, trying until the database takes it: while this process lives
/// nobody else knows the outcome.
pub(super) async fn settle(desk: Desk, taken: Taken, outcome: Outcome) {
    metrics::counter!("switchboard_telegram_sends_total", "outcome" => name_of(&outcome)).increment(1);
    let mut backoff = Backoff::default();
    while let Err(error) = desk.settle_call(&taken.call, &taken.attempt, &outcome).await {
        let pause = backoff.next_pause(OUTAGE);
        let error = cause_of(&error);
        tracing::warn!(call = %taken.call.id, error, ?pause, "the outcome of a call cannot be stored; trying again");
        tokio::time::sleep(pause).await;
    }
}

/// The name of an outcome in the metrics.
fn name_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent { .. } => "sent",
        Outcome::Failed { .. } => "failed",
        Outcome::Unknown { .. } => "unknown",
        Outcome::Again { .. } => "requeued",
    }
}
