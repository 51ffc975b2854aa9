//! Working off the updates that were stored.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::Duration;
use domain::{Project, ProjectId};
use store::Tx;
use store::inbox::{Shelf, StoredUpdate};

use super::Decoded;
use super::dispatch::dispatch;
use super::scene::{Scene, Worked};
use super::usual::{self, Arrived};
use crate::idempotency::is_twin;
use crate::panics::{Panicked, caught};
use crate::{Desk, Error};

/// The front door's understanding of its updates.
pub trait Decode: Send + Sync + 'static {
    /// What a raw update means. The error is kept with the update, for people.
    fn decode(&self, raw: &str) -> Result<Decoded, String>;
}

/// How many updates are worked off in one transaction at most. More would share the write to
/// the disk and the statements for what is usual among more of them, and keep those waiting for
/// longer that arrive meanwhile: on SQLite they are stored by the same writer.
const BATCH: i64 = 32;
/// How often an update is tried that fails for a reason of its own.
const TRIES: i32 = 5;
/// How often an update is tried at once that another process was in the way of: both found that something is not there,
/// and the other one made it first. It is there the next time.
const RACES: usize = 3;
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
        let count = updates.len();
        let batch: Vec<_> = updates.into_iter().map(|update| Understood::of(update, decode)).collect();
        let projects = projects(&mut tx, &batch).await?;
        let mut round = Round::default();
        let rest = self.work_off_usual(&mut tx, &projects, &batch, &mut round).await?;
        let Some(mut tx) = self.work_off_one_by_one(tx, &projects, &rest, &mut round).await? else { return Ok(1) };
        round.write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(count)
    }

    /// Works off together what is usual. Answers the rest: everything, if that failed, since one by one shows which.
    async fn work_off_usual<'a>(
        &self,
        tx: &mut Tx,
        projects: &HashMap<ProjectId, Project>,
        batch: &'a [Understood],
        round: &mut Round,
    ) -> Result<Vec<&'a Understood>, Error> {
        let arrived = batch.iter().filter(|understood| !understood.update.let_in).filter_map(Understood::arrived);
        tx.begin_part().await?;
        let known = (&self.triggers, &self.guides);
        let done = match caught(usual::receive(tx, known, projects, arrived, self.now())).await {
            Ok(Ok(done)) => {
                tx.keep_part().await?;
                done
            }
            Ok(Err(Error::Unavailable(outage @ store::Error::Unavailable(_)))) => {
                return Err(Error::Unavailable(outage));
            }
            Ok(Err(_)) | Err(_) => {
                tx.undo_part().await?;
                HashSet::new()
            }
        };
        let (off, rest): (Vec<_>, Vec<_>) = batch.iter().partition(|understood| done.contains(&understood.update.id));
        for understood in off {
            round.note(&understood.update, Worked::Off);
        }
        Ok(rest)
    }

    /// Works off updates, each in a part of its own, so that one that fails is undone alone. Nothing, if one ran into
    /// a defect: then nothing of the transaction is kept, and only that one is set aside.
    async fn work_off_one_by_one(
        &self,
        mut tx: Tx,
        projects: &HashMap<ProjectId, Project>,
        batch: &[&Understood],
        round: &mut Round,
    ) -> Result<Option<Tx>, Error> {
        for understood in batch {
            let update = &understood.update;
            let Ok(outcome) = caught(self.work_off_in_a_part(&mut tx, projects, understood)).await else {
                // The others of the batch are taken up again, without this one.
                drop(tx);
                let mut tx = self.store.begin().await?;
                self.set_aside(&mut tx, update, &Panicked.to_string(), TRIES).await?;
                self.commit(tx).await?;
                return Ok(None);
            };
            match outcome {
                Ok(worked) => {
                    tx.keep_part().await?;
                    round.note(update, worked);
                }
                Err(Failure::Outage(error)) => return Err(error.into()),
                Err(Failure::Poison(error) | Failure::Race(error)) => {
                    tx.undo_part().await?;
                    self.set_aside(&mut tx, update, &error, TRIES).await?;
                }
                Err(Failure::Unexplained(error)) => {
                    tx.undo_part().await?;
                    self.set_aside(&mut tx, update, &error, UNEXPLAINED_TRIES).await?;
                }
            }
        }
        Ok(Some(tx))
    }

    /// Works off an update in a part of the transaction, which the caller ends.
    async fn work_off_in_a_part(
        &self,
        tx: &mut Tx,
        projects: &HashMap<ProjectId, Project>,
        understood: &Understood,
    ) -> Result<Worked, Failure> {
        for _ in 1..RACES {
            tx.begin_part().await.map_err(Failure::Outage)?;
            match self.work_off(tx, projects, understood).await {
                Err(Failure::Race(_)) => tx.undo_part().await.map_err(Failure::Outage)?,
                outcome => return outcome,
            }
        }
        tx.begin_part().await.map_err(Failure::Outage)?;
        self.work_off(tx, projects, understood).await
    }

    async fn work_off(
        &self,
        tx: &mut Tx,
        projects: &HashMap<ProjectId, Project>,
        Understood { update, decoded }: &Understood,
    ) -> Result<Worked, Failure> {
        let decoded = decoded.as_ref().map_err(|error| Failure::Poison(error.clone()))?;
        let project = projects.get(&update.project_id).ok_or(Error::NotFound("project"))?;
        let (triggers, guides) = (&self.triggers, &self.guides);
        let scene = Scene { project, wall: self.now(), triggers, guides, let_in: update.let_in };
        Ok(dispatch(tx, scene, decoded).await?)
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

/// An update and what it means.
struct Understood {
    update: StoredUpdate,
    decoded: Result<Decoded, String>,
}

impl Understood {
    /// A defect in reading an update counts as the failure of that update.
    fn of(update: StoredUpdate, decode: &dyn Decode) -> Self {
        let decoded = catch_unwind(AssertUnwindSafe(|| decode.decode(&update.raw)));
        Self { update, decoded: decoded.unwrap_or_else(|_| Err(Panicked.to_string())) }
    }

    fn arrived(&self) -> Option<Arrived<'_>> {
        let Ok(Decoded::Message(incoming)) = &self.decoded else { return None };
        Some(Arrived { update: self.update.id, project: self.update.project_id, incoming })
    }
}

/// The projects that the updates are of.
async fn projects(tx: &mut Tx, batch: &[Understood]) -> Result<HashMap<ProjectId, Project>, store::Error> {
    let ids: BTreeSet<i64> = batch.iter().map(|understood| understood.update.project_id.0).collect();
    let found = tx.projects(&Vec::from_iter(ids)).await?;
    Ok(found.into_iter().map(|project| (project.id, project)).collect())
}

/// What became of the updates of a batch.
#[derive(Default)]
struct Round {
    off: Vec<i64>,
    shelved: HashMap<Shelf, Vec<i64>>,
}

impl Round {
    fn note(&mut self, update: &StoredUpdate, worked: Worked) {
        match worked {
            Worked::Off => self.off.push(update.id.0),
            Worked::Shelved(shelf) => self.shelved.entry(shelf).or_default().push(update.id.0),
        }
    }

    async fn write(&self, tx: &mut Tx) -> Result<(), store::Error> {
        if !self.off.is_empty() {
            tx.finish_updates(&self.off).await?;
        }
        for (shelf, updates) in &self.shelved {
            tx.shelve_updates(updates, *shelf).await?;
        }
        Ok(())
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
    /// Another process did a part of the same at the same time.
    Race(String),
    /// Nobody can tell. Few failures of a database have a name that is known here, so that an
    /// outage is more likely than a defect, and no update may be lost to one.
    Unexplained(String),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(outage) => Self::Outage(outage),
            Error::Internal(cause) if is_unexplained(&*cause) => Self::Unexplained(cause.to_string()),
            Error::Internal(cause) if is_twin(&*cause) => Self::Race(cause.to_string()),
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
