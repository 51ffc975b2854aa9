//! What would have been under another policy.

use domain::sla::{PolicyChange, PolicyVersion, Simulation};
use domain::{ApiScope, ProjectId, Role, TimeRange};
use store::sla::Range;

use super::policy::hours_of;
use super::promises::{Promises, hours, timelines};
use crate::{Actor, Desk, Error};

/// The most clocks that are looked at, the newest ones.
pub const SIMULATED_CLOCKS: usize = 10_000;
/// How many histories are read at once.
const BATCH: usize = 500;

/// What came of a simulation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlaSimulation {
    /// What was, and what would have been.
    pub counted: Simulation,
    /// How many clocks were looked at.
    pub clocks: usize,
    /// Whether there are more in the range.
    pub is_cut_off: bool,
}

impl Desk {
    /// Goes through what happened to the clocks that started within a range, as if the present policy with a change had
    /// stood all the time, by the hours that its calendar has now. Nothing is written. For supervisors.
    pub async fn sla_simulate(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        change: &PolicyChange,
        range: TimeRange,
    ) -> Result<SlaSimulation, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let role = self.role_in(actor, project_id).await?.ok_or(Error::NotFound("project"))?;
        if role < Role::Supervisor {
            return Err(Error::Forbidden);
        }
        let mut reader = self.store.read().await?;
        let project = reader.project(project_id).await?.ok_or(Error::NotFound("project"))?;
        let promises = Promises::of_one(&mut reader, project_id).await?;
        let present = promises.policy(project_id);
        let policy = present.policy.changed(change);
        policy.check().map_err(|refusal| Error::InvalidArgument(refusal.to_string()))?;
        let hours_id = hours_of(&mut reader, &project, &policy).await?.ok_or(Error::NotFound("calendar"))?;
        let simulated = PolicyVersion { policy, hours_id, ..present };
        let new_hours = hours(&mut reader, hours_id).await?;
        let limit = i64::try_from(SIMULATED_CLOCKS).unwrap_or(i64::MAX) + 1;
        let mut clocks =
            reader.sla_clocks_started(Range { project_id, from: range.start(), to: range.end(), limit }).await?;
        let is_cut_off = clocks.len() > SIMULATED_CLOCKS;
        clocks.truncate(SIMULATED_CLOCKS);
        let now = project.time(self.now());
        let mut counted = Simulation::default();
        for batch in clocks.chunks(BATCH) {
            let (timelines, mut hours) = timelines(&mut reader, batch).await?;
            hours.extend_from(&new_hours);
            for (clock, timeline) in batch.iter().zip(timelines) {
                let terms = simulated.terms(clock.metric, clock.subject());
                counted.replay((clock.kind, clock.metric), &timeline, terms, now, &hours);
            }
        }
        Ok(SlaSimulation { counted, clocks: clocks.len(), is_cut_off })
    }
}
