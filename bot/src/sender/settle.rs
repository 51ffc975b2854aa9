//! Having an outcome written down.

use desk::outbox::{Outcome, Settlement};
use desk::{Desk, Error};

use crate::backoff::{Backoff, OUTAGE};
use crate::cause::cause_of;

/// How often the database may refuse an outcome for a reason that does not pass. The chat waits
/// behind the call meanwhile.
const REFUSALS: u32 = 5;

const NOT_STORED: &str = "the desk could not store what Telegram answered: look into the chat before writing it again";

/// Writes down what came of a call, trying until the database takes it: while this process lives
/// nobody else knows the outcome. One that it does not take for a reason of its own is unknown.
pub(super) async fn settle(desk: Desk, mut settlement: Settlement) {
    metrics::counter!("switchboard_telegram_sends_total", "outcome" => name_of(&settlement.outcome)).increment(1);
    let call = settlement.call.id;
    let mut backoff = Backoff::default();
    let mut refusals = 0;
    while let Err(error) = desk.settle_call(settlement.clone()).await {
        let pause = backoff.next_pause(OUTAGE);
        let cause = cause_of(&error);
        tracing::warn!(%call, error = cause, ?pause, "the outcome of a call cannot be stored; trying again");
        if !matches!(error, Error::Unavailable(_)) {
            refusals += 1;
        }
        if refusals == REFUSALS {
            tracing::error!(%call, outcome = name_of(&settlement.outcome), "the outcome of a call is given up");
            settlement.outcome = Outcome::Unknown { reason: NOT_STORED.to_owned() };
        }
        tokio::time::sleep(pause).await;
    }
}

/// The name of an outcome in the metrics.
fn name_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Sent { .. } | Outcome::MediaSent { .. } => "sent",
        Outcome::Failed { .. } => "failed",
        Outcome::Unknown { .. } => "unknown",
        Outcome::Again { .. } | Outcome::Migrated { .. } => "requeued",
    }
}
