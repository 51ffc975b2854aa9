//! The type `AuditEntry`.

use async_graphql::{Enum, Object};
use domain::audit::{Entry, ObjectKind};

use super::details::with_global_ids;
use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::{Id, Kind};
use crate::schema::project::Project;
use crate::schema::scalar::{DateTime, Json};
use crate::view::View;

/// A kind of object that something can be done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::audit::ObjectKind")]
pub(crate) enum AuditObjectKind {
    /// A session.
    Session,
    /// A message.
    Message,
    /// A customer.
    Customer,
    /// An agent.
    Agent,
    /// A team.
    Team,
    /// A tag.
    Tag,
    /// A project.
    Project,
    /// A workspace.
    Workspace,
    /// A diversion link.
    DiversionLink,
    /// An API token.
    ApiToken,
    /// A saved view.
    SavedView,
    /// A canned reply.
    CannedReply,
    /// A message that is to be sent later.
    ScheduledMessage,
    /// A private note.
    Note,
    /// The way in which a project routes.
    Routing,
    /// A rule of routing.
    RoutingRule,
    /// A trigger.
    Trigger,
    /// An invitation.
    Invitation,
    /// A list of words.
    WordList,
    /// A ticket.
    Ticket,
    /// An escalation of a ticket.
    Escalation,
    /// A calendar of service levels.
    SlaCalendar,
    /// A to-do.
    Todo,
    /// A knowledge entry.
    KnowledgeEntry,
}

/// The global id of an object, if objects of its kind have one.
fn global_id(kind: ObjectKind, number: i64) -> Option<Id> {
    Kind::in_capitals(kind.name()).map(|kind| Id { kind, number })
}

/// The object that has a global id, if something can be done to objects of its kind.
pub(super) fn object_of(id: Id) -> Option<(ObjectKind, i64)> {
    let kind = ObjectKind::ALL.iter().find(|kind| Kind::in_capitals(kind.name()) == Some(id.kind));
    kind.map(|kind| (*kind, id.number))
}

pub(crate) struct AuditEntry {
    row: Entry,
    view: View,
}

impl AuditEntry {
    pub(super) fn new(row: Entry, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// That something was done. Entries are added with what they tell of and never changed or removed, and hold nothing that
/// people wrote to each other.
#[Object]
impl AuditEntry {
    /// When it was done, on the project's clock or, without a project, on the real one.
    async fn at(&self) -> DateTime {
        self.row.at.into()
    }

    /// What was done: the name of the mutation; the name of an `EventCause`, in capitals, for what the desk did by itself; a
    /// name that begins with `admin` for what was done from the command line. Entries of earlier versions have names of
    /// jobs for some of what the desk did.
    async fn action(&self) -> &str {
        &self.row.action
    }

    /// Who did it. Null for the desk itself and for the command line.
    async fn agent(&self) -> Result<Option<Agent>> {
        let Some(id) = self.row.agent_id else { return Ok(None) };
        Ok(self.view.loaders().agents().load(id).await?.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The project that it was done in. Null for what belongs to no project.
    async fn project(&self) -> Result<Option<Project>> {
        let Some(id) = self.row.project_id else { return Ok(None) };
        Ok(self.view.loaders().projects().load(id).await?.map(|project| Project::new(project, &self.view)))
    }

    /// The kind of what it was done to.
    async fn object_kind(&self) -> AuditObjectKind {
        self.row.object_kind.into()
    }

    /// The global id of what it was done to, also if it is gone. Null if objects of the kind have none.
    async fn object_id(&self) -> Option<Id> {
        global_id(self.row.object_kind, self.row.object_id)
    }

    /// What else there is to say, as a JSON object: mostly what was there before and what came of it. Null if there is
    /// nothing.
    async fn details(&self) -> Option<Json> {
        self.row.details.as_deref().map(|details| Json(with_global_ids(details)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_found_by_the_id_that_its_entries_show() {
        for kind in ObjectKind::ALL {
            if let Some(id) = global_id(*kind, 7) {
                assert_eq!(object_of(id), Some((*kind, 7)));
            }
        }
        let without: Vec<_> = ObjectKind::ALL.iter().filter(|kind| global_id(**kind, 7).is_none()).collect();
        assert!(!without.contains(&&ObjectKind::DiversionLink) && without.contains(&&ObjectKind::Workspace));
        assert_eq!(object_of(Id { kind: Kind::File, number: 7 }), None);
    }
}
