//! Deleting what is kept for a while only.

use chrono::Duration;
use domain::{Position, Time};
use store::Tx;
use store::events::PURGED_FACT;
use store::jobs::NewJob;
use store::retention::{BATCH, BATCH_OF_FILES};

use super::runner::Next;
use crate::event;
use crate::file::UNUSED_FILES_LIVE_FOR;
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
/// How long the clocks of service levels are kept after they ended, with their histories: for longer than the longest range of
/// time that statistics are of. What else there is of a session, its tickets with their steps and what the bot answered
/// included, is kept for as long as the session.
const CLOCKS: Duration = Duration::days(400);
/// How long an idempotency key is remembered.
const IDEMPOTENCY_KEYS: Duration = Duration::hours(24);
/// How often it is looked at.
const INTERVAL: Duration = Duration::hours(1);

/// Makes sure that the job is there.
pub(super) async fn schedule(desk: &Desk) -> Result<(), Error> {
    let now = desk.now();
    let job =
        NewJob { key: RETENTION.to_owned(), project_id: None, kind: RETENTION, payload: String::new(), due_at: now };
    let mut tx = desk.store.begin().await?;
    tx.schedule_job_once(&job, now).await?;
    Ok(tx.commit_silently().await?)
}

/// Deletes what is older than it has to be, of each kind no more than a batch, so that nobody
/// waits for long. While a batch is full, the next one follows at once.
pub(super) async fn sweep(tx: &mut Tx, desk: &Desk) -> Result<Next, Error> {
    let now = desk.now();
    let most = [
        tx.purge_idempotency_keys(now - IDEMPOTENCY_KEYS).await?,
        tx.purge_bulk_requests(now - IDEMPOTENCY_KEYS).await?,
        tx.purge_token_families(now).await?,
        tx.purge_outbox(now - CALLS).await?,
        tx.purge_inbox(now - UPDATES).await?,
        tx.purge_sla_clocks(now - CLOCKS).await?,
        purge_events(tx, desk, now - EVENTS).await?,
    ]
    .into_iter()
    .max();
    let files = tx.purge_unused_files(now - UNUSED_FILES_LIVE_FOR).await?;
    let is_more = most >= usize::try_from(BATCH).ok() || Some(files) >= usize::try_from(BATCH_OF_FILES).ok();
    Ok(Next::Again(if is_more { now } else { now + INTERVAL }))
}

/// Deletes the events that were written before a time, as far as the log goes without a later
/// one between, and notes how far that is. Answers how many there were.
async fn purge_events(tx: &mut Tx, desk: &Desk, before: Time) -> Result<usize, Error> {
    let oldest = tx.oldest_events(BATCH).await?;
    let too_old: Vec<Position> =
        oldest.iter().take_while(|(_, recorded_at)| *recorded_at < before).map(|(position, _)| *position).collect();
    if let Some(last) = too_old.last() {
        tx.delete_events_through(*last).await?;
        tx.set_meta(PURGED_FACT, &event::encode(desk.log.cursor(*last))).await?;
    }
    Ok(too_old.len())
}
