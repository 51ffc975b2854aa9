//! Working off the updates that were stored.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use chrono::Duration;
use domain::{Project, ProjectId};
use store::Tx;
use store::inbox::StoredUpdate;

use super::Decoded;
use crate::message;
use crate::panics::caught;
use crate::{Desk, Error};

/// The front door's understanding of its updates.
pub trait Decode: Send + Sync + 'static {
    /// What a raw update means. The error is kept with the update, for people.
    fn decode(&self, raw: &str) -> Result<Decoded, String>;
}

/// How many updates are worked off in one transaction at most. More would share the write to
/// the disk among more of them, and keep those waiting for longer that arrive meanwhile: on
/// SQLite they are stored by the same writer.
const BATCH: i64 = 8;
/// How often an update is tried that fails for a reason of its own.
const TRIES: i32 = 5;
/// How often an update is tried that fails for a reason which nobody knows: for three days.
const UNEXPLAINED_TRIES: i32 = 300;
/// How long after the first failure an update is tried again; each later pause is twice the
/// one before.
const FIRST_PAUSE: Duration = Duration::seconds(2);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::minutes(15);

impl Desk {
    /// Works off the next updates that are due, at most one of each chat, so that a chat's
    /// order is kept. What an update changes and that it has been worked off are one
    /// transaction. Answers how many updates that was.
    pub async fn work_off_updates(&self, decode: &dyn Decode) -> Result<usize, Error> {
        if !self.store.read().await?.has_due_update(self.now()).await? {
            return Ok(0);
        }
        let mut tx = self.store.begin().await?;
        let mut updates = tx.claim_updates(self.now(), BATCH).await?;
        if updates.is_empty() {
            tx.roll_back().await?;
            return Ok(0);
        }
        // A new session takes a number of its project, which nobody else can before this
        // transaction has ended: those who take several have to take them in the same order.
        updates.sort_by_key(|update| (update.project_id, update.id));
        let mut projects = HashMap::new();
        let mut done = Vec::with_capacity(updates.len());
        for update in &updates {
            tx.begin_part().await?;
            let outcome = match caught(self.work_off(&mut tx, &mut projects, update, decode)).await {
                Ok(outcome) => outcome,
                Err(panicked) => {
                    // The others of the batch are taken up again, without this one.
                    drop(tx);
                    tx = self.store.begin().await?;
                    self.set_aside(&mut tx, update, &panicked.to_string(), TRIES).await?;
                    self.commit(tx).await?;
                    return Ok(1);
                }
            };
            match outcome {
                Ok(()) => {
                    tx.keep_part().await?;
                    done.push(update.id.0);
                }
                Err(Failure::Outage(error)) => return Err(error.into()),
                Err(Failure::Poison(error)) => {
                    tx.undo_part().await?;
                    self.set_aside(&mut tx, update, &error, TRIES).await?;
                }
                Err(Failure::Unexplained(error)) => {
                    tx.undo_part().await?;
                    self.set_aside(&mut tx, update, &error, UNEXPLAINED_TRIES).await?;
                }
            }
        }
        tx.finish_updates(&done).await?;
        self.commit(tx).await?;
        Ok(updates.len())
    }

    async fn work_off(
        &self,
        tx: &mut Tx,
        projects: &mut HashMap<ProjectId, Project>,
        update: &StoredUpdate,
        decode: &dyn Decode,
    ) -> Result<(), Failure> {
        let decoded = decode.decode(&update.raw).map_err(Failure::Poison)?;
        let project = match projects.entry(update.project_id) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => {
                let project = tx.project(update.project_id).await?;
                unknown.insert(project.ok_or(Error::NotFound("project"))?)
            }
        };
        let wall = self.now();
        match decoded {
            Decoded::Message(incoming) => message::receive(tx, project, &incoming, wall).await?,
            Decoded::Edit(incoming) => message::receive_edit(tx, project, &incoming, wall).await?,
            Decoded::Reaction(_)
            | Decoded::Press(_)
            | Decoded::Reachability(_)
            | Decoded::Membership(_)
            | Decoded::Migration(_)
            | Decoded::Deletion(_)
            | Decoded::PollState(_)
            | Decoded::Activity(_)
            | Decoded::Nothing => {}
        }
        Ok(())
    }

    /// Has an update tried again later, or given up, so that those behind it can go on.
    async fn set_aside(
        &self,
        tx: &mut Tx,
        update: &StoredUpdate,
        error: &str,
        most_tries: i32,
    ) -> Result<(), store::Error> {
        let tries = update.attempts + 1;
        let again_at = (tries < most_tries).then(|| self.now() + pause_after(tries));
        tracing::error!(
            project = %update.project_id, row = %update.id, kind = %update.kind, tries, error,
            given_up = again_at.is_none(), "an update could not be worked off"
        );
        tx.fail_update(update.id, error, again_at).await
    }
}

fn pause_after(tries: i32) -> Duration {
    let doublings = tries.unsigned_abs().saturating_sub(1).min(16);
    (FIRST_PAUSE * 2_i32.pow(doublings)).min(LONGEST_PAUSE)
}

/// Why an update was not worked off.
enum Failure {
    /// The database failed; the update had no part in it.
    Outage(store::Error),
    /// The update itself.
    Poison(String),
    /// Nobody can tell. Few failures of a database have a name that is known here, so that an
    /// outage is more likely than a defect, and no update may be lost to one.
    Unexplained(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(outage) => Self::Outage(outage),
            Error::Internal(cause) if is_unexplained(&*cause) => Self::Unexplained(cause.to_string()),
            other => {
                let cause = std::error::Error::source(&other).map(ToString::to_string);
                Self::Poison(cause.unwrap_or_else(|| other.to_string()))
            }
        }
    }
}

fn is_unexplained(cause: &(dyn std::error::Error + 'static)) -> bool {
    matches!(cause.downcast_ref(), Some(store::Error::Internal(_)))
}

impl From<store::Error> for Failure {
    fn from(error: store::Error) -> Self {
        Error::from(error).into()
    }
}
