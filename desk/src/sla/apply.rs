//! Bringing the clocks that run under what a project promises now.

use chrono::Duration;
use domain::sla::{Clock, Timeline};
use domain::{Project, ProjectId, Time};
use store::Tx;
use store::jobs::NewJob;
use store::sla::ClockUpdate;

use super::open_clocks::{promised_on, write};
use super::promises::{Promises, timelines};
use crate::Error;
use crate::job::Next;

/// The kind of the job that brings clocks under a policy that was changed.
pub(crate) const APPLY_POLICY: &str = "sla_policy_apply";

/// When clocks are looked for: at once, and again for those that were being started at the very moment of the change by who
/// had read what was promised before. The last look is for those who took long about it.
const LOOKS: [Duration; 3] = [Duration::zero(), Duration::seconds(5), Duration::minutes(1)];

/// How many clocks are changed in one transaction.
const BATCH: i64 = 500;
/// How long to wait for clocks that somebody else is changing.
const BUSY: Duration = Duration::seconds(1);

/// Has the clocks of a project that run brought under its policy, in the transaction that changes it.
pub(super) async fn schedule_apply(tx: &mut Tx, project: &Project, wall: Time) -> Result<(), store::Error> {
    for after in LOOKS {
        let job = NewJob {
            key: format!("{APPLY_POLICY}:{}:{}", project.id, after.num_seconds()),
            project_id: Some(project.id),
            kind: APPLY_POLICY,
            payload: project.id.to_string(),
            due_at: wall + after,
        };
        tx.schedule_job(&job, wall).await?;
    }
    Ok(())
}

/// Brings clocks of a project under its policy: a change of what is promised is a part of each history that it
/// concerns.
pub(crate) async fn apply_policy(tx: &mut Tx, id: ProjectId, wall: Time) -> Result<Next, Error> {
    let Some(project) = tx.project(id).await? else { return Ok(Next::Done) };
    let promises = Promises::of_one(tx, id).await?;
    let policy = promises.policy(id);
    let clocks = tx.lock_sla_clocks_behind(id, policy.version, BATCH).await?;
    if clocks.is_empty() {
        let is_rest = tx.has_sla_clocks_behind(id, policy.version).await?;
        return Ok(if is_rest { Next::Again(wall + BUSY) } else { Next::Done });
    }
    let (histories, mut hours) = timelines(tx, &clocks).await?;
    hours.extend_from(promises.hours());
    let now = project.time(wall);
    let brought_under = |(clock, timeline): (Clock, Timeline)| {
        let terms = policy.terms(clock.metric, clock.subject());
        let clock = Clock { policy_version: policy.version, ..clock };
        promised_on(&project, clock, timeline, terms, now, &hours)
    };
    let updates: Vec<ClockUpdate> = clocks.into_iter().zip(histories).map(brought_under).collect();
    write(tx, &updates, wall).await?;
    Ok(Next::Again(wall))
}
