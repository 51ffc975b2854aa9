//! Writing to the audit log.

use domain::audit::{Action, NewEntry, ObjectKind};
use domain::{Agent, Project, Time, WorkspaceId};
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

    /// The desk itself, or who looks after it from the command line, did it to an object of a project. `wall` is the wall
    /// clock.
    pub(crate) fn by_desk(project: &Project, action: &'static str, object: (ObjectKind, i64), wall: Time) -> Self {
        Self(NewEntry {
            project_id: Some(project.id),
            at: project.time(wall),
            ..Self::by_operator(project.workspace_id, action, object, wall).0
        })
    }

    /// An agent did it to an object that belongs to no project.
    pub(crate) fn in_workspace(agent: &Agent, action: &'static str, object: (ObjectKind, i64), wall: Time) -> Self {
        let by_operator = Self::by_operator(agent.workspace_id, action, object, wall);
        Self(NewEntry { agent_id: Some(agent.id), ..by_operator.0 })
    }

    /// Who looks after the desk from the command line did it to an object that belongs to no project.
    pub(crate) fn by_operator(
        workspace_id: WorkspaceId,
        action: &'static str,
        object: (ObjectKind, i64),
        wall: Time,
    ) -> Self {
        Self(NewEntry {
            workspace_id,
            project_id: None,
            agent_id: None,
            action: Action(action),
            object,
            details: None,
            at: wall,
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
