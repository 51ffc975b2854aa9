//! Deleting what is kept for a while only.

use chrono::Duration;
use domain::Position;
use store::Tx;
use store::jobs::NewJob;

use super::runner::Next;
use crate::event::{self, PURGED};
use crate::{Desk, Error};

/// The kind and the key of the job.
pub(super) const RETENTION: &str = "retention";

/// How long the event log reaches back; a client that stayed away for longer has to load
/// everything anew.
const EVENTS: Duration = Duration::days(30);
/// How long the calls to Telegram are kept after they were settled.
const CALLS: Duration = Duration::days(30);
/// How long the updates from Telegram are kept after they were worked off. Telegram itself
/// repeats an update for a day.
const UPDATES: Duration = Duration::days(30);
/// How long an idempotency key is remembered.
const IDEMPOTENCY_KEYS: Duration = Duration::hours(24);
/// How often it is looked at.
const INTERVAL: Duration = Duration::hours(1);
/// How many events are looked at in one go. More of them take further runs, one right after
/// the other, so that none keeps the database busy for long.
const EVENT_BATCH: i64 = 10_000;

/// Makes sure that the job is there.
pub(super) async fn schedule(desk: &Desk) -> Result<(), Error> {
    let now = desk.now();
    let job =
        NewJob { key: RETENTION.to_owned(), project_id: None, kind: RETENTION, payload: String::new(), due_at: now };
    let mut tx = desk.store.begin().await?;
    tx.schedule_job_once(&job, now).await?;
    Ok(tx.commit_silently().await?)
}

/// Deletes what is older than it has to be.
pub(super) async fn sweep(tx: &mut Tx, desk: &Desk) -> Result<Next, Error> {
    let now = desk.now();
    tx.purge_outbox(now - CALLS).await?;
    tx.purge_inbox(now - UPDATES).await?;
    tx.purge_idempotency_keys(now - IDEMPOTENCY_KEYS).await?;
    tx.purge_token_families(now).await?;
    let oldest = tx.oldest_events(EVENT_BATCH).await?;
    let too_old: Vec<Position> = oldest
        .iter()
        .take_while(|(_, recorded_at)| *recorded_at < now - EVENTS)
        .map(|(position, _)| *position)
        .collect();
    let Some(last) = too_old.last() else { return Ok(Next::Again(now + INTERVAL)) };
    tx.delete_events_through(*last).await?;
    tx.set_meta(PURGED, &event::encode(desk.log.cursor(*last))).await?;
    let is_more = too_old.len() == oldest.len();
    Ok(Next::Again(if is_more { now } else { now + INTERVAL }))
}
