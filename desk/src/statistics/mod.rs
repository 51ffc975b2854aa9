//! Numbers for supervisors.

mod collect;

pub use collect::{Statistics, StatisticsOf};

use domain::statistics::MOST_SESSIONS;
use domain::{ApiScope, ProjectId, Role, TimeRange};
use store::Reader;

use crate::{Actor, Desk, Error};

impl Desk {
    /// A connection to read numbers of a range of time by, all of one state of the database, for the supervisors and
    /// administrators of a project.
    pub(crate) async fn numbers(
        &self,
        actor: &Actor,
        scope: ApiScope,
        project: ProjectId,
        range: TimeRange,
    ) -> Result<Reader, Error> {
        actor.needs(scope)?;
        let role = self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        if role < Role::Supervisor {
            return Err(Error::Forbidden);
        }
        let mut reader = self.store.snapshot().await?;
        if reader.worked_sessions(project, range, MOST_SESSIONS + 1).await? > MOST_SESSIONS {
            let refusal = format!("more than {MOST_SESSIONS} sessions started in the range: choose a shorter one");
            return Err(Error::InvalidArgument(refusal));
        }
        Ok(reader)
    }
}
