//! Moving the clock of a sandbox.

use domain::project::FARTHEST_CLOCK_OFFSET;
use domain::{ApiScope, Project, ProjectId, Role};

use crate::{Actor, Desk, Rejected};

/// The farthest that a clock is moved at once: 366 days.
pub const FARTHEST_SECONDS: i64 = 366 * 24 * 60 * 60;
const MICROS: i64 = 1_000_000;

/// Why a clock was not moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SandboxClockRefusal {
    /// There is no such project, or the actor may not know of it.
    #[error("there is no such project")]
    ProjectNotFound,
    /// The project is on Telegram.
    #[error("this project is not a sandbox: its clock is the real one")]
    NotASandbox,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project move its clock")]
    NotSupervisor,
    /// Backwards, nowhere or too far.
    #[error("give `seconds` from 1 to {FARTHEST_SECONDS} (366 days): a clock moves forward only")]
    Seconds,
    /// The clock would be too far ahead.
    #[error("a clock is ahead by 100 years at most: make another sandbox, whose clock begins with the present time")]
    TooFarAhead,
}

impl Desk {
    /// Moves the clock of a sandbox forward. What becomes due by that happens within moments.
    pub async fn sandbox_clock_advance(
        &self,
        actor: &Actor,
        project_id: ProjectId,
        seconds: i64,
    ) -> Result<Project, Rejected<SandboxClockRefusal>> {
        actor.needs(ApiScope::SandboxWrite)?;
        let refuse = |refusal| Err(Rejected::Refused(refusal));
        let Some(project) = self.visible_project(actor, project_id).await? else {
            return refuse(SandboxClockRefusal::ProjectNotFound);
        };
        if actor.role_in(project.id, project.workspace_id) < Some(Role::Supervisor) {
            return refuse(SandboxClockRefusal::NotSupervisor);
        }
        if !project.sandbox {
            return refuse(SandboxClockRefusal::NotASandbox);
        }
        if !(1..=FARTHEST_SECONDS).contains(&seconds) {
            return refuse(SandboxClockRefusal::Seconds);
        }
        let mut tx = self.store.begin().await?;
        let project = tx.advance_clock(project_id, seconds * MICROS).await?;
        if project.clock_offset > FARTHEST_CLOCK_OFFSET {
            tx.roll_back().await?;
            return refuse(SandboxClockRefusal::TooFarAhead);
        }
        tx.bring_jobs_nearer(project_id, seconds * MICROS).await?;
        tx.bring_sla_clocks_nearer(project_id, seconds * MICROS).await?;
        self.commit(tx).await?;
        Ok(project)
    }
}
