//! Doing what is due.

use std::time::Duration;

use domain::{ProjectId, ScheduledMessageId, SessionId, SurveyId, Time, TodoId};
use store::Tx;
use store::jobs::Job;
use tokio_util::sync::CancellationToken;

use super::retention::{self, RETENTION};
use crate::panics::caught;
use crate::rating::{ASK, ask};
use crate::routing::{REST, ROUND, ROUTE, go_round, route_session, serve_rest};
use crate::scheduled::{SEND_SCHEDULED, send_scheduled};
use crate::session::{
    FOLLOW_UP_DUE, IDLE_CLOSE, RELEASE, RESOLVED_CLOSE, close_resolved, close_without_response, come_due, release_late,
};
use crate::sla::{APPLY_POLICY, apply_policy};
use crate::tag::{TAG_MERGED, tell_of_merged};
use crate::todo::{REMIND, remind};
use crate::trigger::{UNRESOLVED, look_at_unresolved};
use crate::{Desk, Error};

/// How often a job is tried before it is kept as dead, for people to look at. One that is run again and again is never
/// given up: nothing would ever schedule it anew.
const TRIES: i32 = 10;
/// The pause after a first failure, in seconds, doubles up to this many times.
const DOUBLINGS: u32 = 12;
/// The longest wait for the next look at what is due.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// How long a job is put off that met an outage. It counts as no try of the job.
const PUT_OFF: chrono::Duration = chrono::Duration::seconds(5);
/// How long to wait after the database failed, or for somebody who has locked what is due.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Runs jobs when they are due. Any number of processes may have one: each job is locked by
/// the one that runs it, and what it changes and that it has been done are one transaction.
pub struct JobRunner {
    desk: Desk,
}

/// What becomes of a job that went well.
pub(crate) enum Next {
    /// It is done.
    Done,
    /// It is to be run again at this time.
    Again(Time),
}

impl JobRunner {
    /// A runner for the jobs of this desk.
    pub fn new(desk: Desk) -> Self {
        Self { desk }
    }

    /// Runs until told to stop.
    pub async fn run(self, stop: CancellationToken) {
        let mut rings = self.desk.bell.listen();
        let mut is_retention_scheduled = false;
        while !stop.is_cancelled() {
            let wait = match self.run_due(&mut is_retention_scheduled).await {
                Ok(wait) => wait,
                Err(error) => {
                    tracing::warn!(%error, "the jobs cannot be looked at; trying again");
                    RETRY_AFTER
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(wait) => {}
                // A new job may be due sooner. Rings are many, so they are answered once in a while.
                () = async { tokio::time::sleep(RETRY_AFTER.min(wait)).await; let _ = rings.changed().await; } => {}
            }
        }
    }

    /// Runs everything that is due, and answers how long until the next job.
    async fn run_due(&self, is_retention_scheduled: &mut bool) -> Result<Duration, Error> {
        if !*is_retention_scheduled {
            retention::schedule(&self.desk).await?;
            *is_retention_scheduled = true;
        }
        while self.run_one().await? {}
        let next = self.desk.store.read().await?.next_job_due().await?.and_then(Time::from_timestamp_micros);
        let Some(due) = next else { return Ok(LONGEST_WAIT) };
        // What is due and was not found is locked by somebody who runs it or moves it just now.
        Ok((due - self.desk.now()).to_std().map_or(RETRY_AFTER, |wait| wait.min(LONGEST_WAIT)))
    }

    async fn run_one(&self) -> Result<bool, Error> {
        let mut tx = self.desk.store.begin().await?;
        let Some(job) = tx.claim_job(self.desk.now()).await? else {
            tx.roll_back().await?;
            return Ok(false);
        };
        tx.begin_part().await?;
        let outcome = match caught(self.do_job(&mut tx, &job)).await {
            Ok(outcome) => outcome,
            Err(panicked) => {
                drop(tx);
                tx = self.desk.store.begin().await?;
                self.set_aside(&mut tx, &job, &Error::internal(panicked)).await?;
                self.desk.commit(tx).await?;
                return Ok(true);
            }
        };
        match outcome {
            Ok(next) => {
                tx.keep_part().await?;
                match next {
                    Next::Done => tx.finish_job(job.id).await?,
                    Next::Again(at) => tx.postpone_job(job.id, at).await?,
                }
            }
            Err(Error::Unavailable(outage)) => {
                tx.roll_back().await?;
                self.put_off(&job).await?;
                return Err(outage.into());
            }
            Err(error) => {
                tx.undo_part().await?;
                self.set_aside(&mut tx, &job, &error).await?;
            }
        }
        self.desk.commit(tx).await?;
        Ok(true)
    }

    async fn do_job(&self, tx: &mut Tx, job: &Job) -> Result<Next, Error> {
        let wall = self.desk.now();
        let session = || job.payload.parse().map(SessionId).map_err(Error::internal);
        match job.kind.as_str() {
            APPLY_POLICY => apply_policy(tx, job.payload.parse().map(ProjectId).map_err(Error::internal)?, wall).await,
            ASK => ask(tx, job.payload.parse().map(SurveyId).map_err(Error::internal)?, wall).await,
            FOLLOW_UP_DUE => come_due(tx, session()?, wall).await,
            IDLE_CLOSE => close_without_response(tx, session()?, wall).await,
            RELEASE => release_late(tx, &job.payload, wall).await,
            REMIND => remind(tx, job.payload.parse().map(TodoId).map_err(Error::internal)?, wall).await,
            RESOLVED_CLOSE => close_resolved(tx, session()?, wall).await,
            SEND_SCHEDULED => {
                let id = job.payload.parse().map(ScheduledMessageId).map_err(Error::internal)?;
                send_scheduled(tx, id, wall).await
            }
            RETENTION => retention::sweep(tx, &self.desk).await,
            ROUND => go_round(tx, job.payload.parse().map(ProjectId).map_err(Error::internal)?, wall).await,
            REST => serve_rest(tx, &job.payload, wall).await,
            ROUTE => route_session(tx, session()?, wall).await,
            TAG_MERGED => tell_of_merged(tx, &job.payload, wall).await,
            UNRESOLVED => look_at_unresolved(tx, &self.desk.triggers, session()?, wall).await,
            unknown => Err(Error::internal(format!("there is no job of the kind {unknown}"))),
        }
    }

    /// Lets the others go first: what is out of reach may be so for this job alone.
    async fn put_off(&self, job: &Job) -> Result<(), store::Error> {
        let mut tx = self.desk.store.begin().await?;
        tx.put_off_job(job.id, self.desk.now() + PUT_OFF).await?;
        tx.commit_silently().await
    }

    async fn set_aside(&self, tx: &mut Tx, job: &Job, error: &Error) -> Result<(), store::Error> {
        let cause = std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string);
        let tries = job.attempts + 1;
        let pause = chrono::Duration::seconds(1 << tries.unsigned_abs().min(DOUBLINGS));
        let is_endless = [RETENTION, ROUND, REST].contains(&job.kind.as_str());
        let again_at = (tries < TRIES || is_endless).then(|| self.desk.now() + pause);
        tracing::error!(job = %job.key, tries, error = cause, dead = again_at.is_none(), "a job failed");
        tx.fail_job(job.id, &cause, again_at).await
    }
}
