//! Writing to the audit log.

use domain::audit::{Action, NewEntry, ObjectKind};
use domain::{Agent, Project, Time};
use serde_json::Value;
use store::Tx;

/// Something that was done, on its way into the audit log.
pub(crate) struct Audited(NewEntry);

impl Audited {
    /// An agent did it to an object of a project. `wall` is the wall clock.
    pub(crate) fn in_project(
        agent: &Agent,
        project: &Project,
        action: &'static str,
        object: (ObjectKind, i64),
        wall: Time,
    ) -> Self {
        let by_desk = Self::by_desk(project, action, object, wall);
        Self(NewEntry { agent_id: Some(agent.id), ..by_desk.0 })
    }

    /// The desk itself did it to an object of a project, as a job does. `wall` is the wall clock.
    pub(crate) fn by_desk(project: &Project, action: &'static str, object: (ObjectKind, i64), wall: Time) -> Self {
        Self(NewEntry {
            workspace_id: project.workspace_id,
            project_id: Some(project.id),
            agent_id: None,
            action: Action(action),
            object,
            details: None,
            at: project.time(wall),
        })
    }

    /// What else there is to say: a JSON object without anything that people wrote to each other.
    pub(crate) fn with(mut self, details: &Value) -> Self {
        self.0.details = Some(details.to_string());
        self
    }

    /// Writes it, in the transaction that did it.
    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), store::Error> {
        tx.append_audit(&self.0).await
    }
}
