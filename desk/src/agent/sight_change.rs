//! Telling agents that they see other sessions of a project than before.

use domain::{AgentId, Project, Sight, Time};
use store::Tx;

use super::member::sight_of;
use crate::Error;

/// A change of roles, of teams or of who is active, by which an agent may see other sessions of a project than before. Nothing
/// happens in those, so it is in the log by itself: who follows the project is told to load everything anew, now or when they
/// come back.
pub(crate) struct SightChange<'p> {
    project: &'p Project,
    agent: AgentId,
    before: Option<Sight>,
}

impl<'p> SightChange<'p> {
    /// Right before the change.
    pub(crate) async fn begin(tx: &mut Tx, project: &'p Project, agent: AgentId) -> Result<Self, Error> {
        Ok(Self { project, agent, before: sight_of(tx, project, agent).await? })
    }

    /// Right after it.
    pub(crate) async fn end(self, tx: &mut Tx, wall: Time) -> Result<(), Error> {
        let Self { project, agent, before } = self;
        if sight_of(tx, project, agent).await? != before {
            tx.append_sight_change(project.id, agent, project.time(wall), wall).await?;
        }
        Ok(())
    }
}
