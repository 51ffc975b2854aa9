//! Queries of jobs, and of leases, by which one process does what is to be done once.

use domain::{JobId, ProjectId, Time};

use crate::error::Result;
use crate::jobs::{Job, NewJob};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// How many leases are held now whose names begin so.
    lease_count = leases::count(prefix: &str) -> i64;
    /// When the next job is due, in microseconds since 1970.
    next_job_due = jobs::next_due() -> Option<i64>;
}

catalogue! { Tx:
    /// Adds a job, or moves the one under the same key.
    schedule_job = jobs::schedule(job: &NewJob, now: Time) -> ();
    /// Adds a job, or brings the one under the same key nearer if it is due later.
    schedule_job_by = jobs::schedule_by(job: &NewJob, now: Time) -> ();
    /// Adds a job unless there is one under the same key.
    schedule_job_once = jobs::schedule_once(job: &NewJob, now: Time) -> ();
    /// Locks the next job that is due.
    claim_job = jobs::claim(now: Time) -> Option<Job>;
    /// Removes a job that has been done.
    finish_job = jobs::finish(id: JobId) -> ();
    /// Moves a job to a later time without counting a failure.
    postpone_job = jobs::postpone(id: JobId, due_at: Time) -> ();
    /// Moves a job to a later time for a reason that is not its own, unless it is due later still.
    put_off_job = jobs::put_off(id: JobId, due_at: Time) -> ();
    /// Notes that a job failed.
    fail_job = jobs::fail(id: JobId, error: &str, try_again_at: Option<Time>) -> ();
    /// Brings the waiting jobs of a project nearer.
    bring_jobs_nearer = jobs::bring_nearer(project: ProjectId, by_micros: i64) -> ();

    /// Takes or renews a lease. Answers whether this holder has it now.
    acquire_lease = leases::acquire(name: &str, holder: &str, ttl_micros: i64) -> bool;
    /// Renews those of these leases that a holder has, and answers which these are.
    renew_leases = leases::renew(names: &[String], holder: &str, ttl_micros: i64) -> Vec<String>;
    /// Whether a holder has a lease now, which nobody else gets before the transaction has ended.
    keep_lease = leases::keep(name: &str, holder: &str) -> bool;
    /// Those of these leases that a holder has now, which nobody else gets before the transaction has ended.
    keep_leases = leases::keep_many(names: &[String], holder: &str) -> Vec<String>;
    /// Gives up the leases of a holder.
    release_leases = leases::release(holder: &str) -> ();
    /// Gives up one lease of a holder.
    release_lease = leases::release_one(name: &str, holder: &str) -> ();
}
