//! The audit log: who did what to which object.

use crate::{AgentId, ProjectId, Time, WorkspaceId, named_enum};

named_enum! {
    /// A kind of object that something can be done to.
    pub enum ObjectKind {
        /// A session.
        Session = "SESSION",
        /// A message.
        Message = "MESSAGE",
        /// A customer.
        Customer = "CUSTOMER",
        /// An agent.
        Agent = "AGENT",
        /// A team.
        Team = "TEAM",
        /// A tag.
        Tag = "TAG",
        /// A project.
        Project = "PROJECT",
        /// A workspace.
        Workspace = "WORKSPACE",
        /// A diversion link.
        DiversionLink = "DIVERSION_LINK",
        /// An API token.
        ApiToken = "API_TOKEN",
        /// A saved view.
        SavedView = "SAVED_VIEW",
        /// A canned reply.
        CannedReply = "CANNED_REPLY",
        /// A message that is to be sent later.
        ScheduledMessage = "SCHEDULED_MESSAGE",
        /// A private note.
        Note = "NOTE",
        /// The way in which a project routes.
        Routing = "ROUTING",
        /// A rule of routing.
        RoutingRule = "ROUTING_RULE",
        /// A trigger.
        Trigger = "TRIGGER",
        /// An invitation.
        Invitation = "INVITATION",
        /// A list of words.
        WordList = "WORD_LIST",
        /// A ticket.
        Ticket = "TICKET",
        /// An escalation of a ticket.
        Escalation = "ESCALATION",
        /// A calendar of service levels.
        SlaCalendar = "SLA_CALENDAR",
        /// A to-do.
        Todo = "TODO",
        /// A knowledge entry.
        KnowledgeEntry = "KNOWLEDGE_ENTRY",
    }
}

/// What was done, as the name of the operation that did it: `sessionTransfer`, `teamUpdate` and so on; what the desk did
/// by itself has the name of the cause, in capitals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Action(pub &'static str);

/// An entry that is about to be written. It never holds what people wrote to each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// The workspace.
    pub workspace_id: WorkspaceId,
    /// The project, if it is about something in one.
    pub project_id: Option<ProjectId>,
    /// Who did it; empty for the desk itself.
    pub agent_id: Option<AgentId>,
    /// What was done.
    pub action: Action,
    /// What it was done to.
    pub object: (ObjectKind, i64),
    /// What else there is to say, as a JSON object.
    pub details: Option<String>,
    /// When it was done, on the project's clock or, without one, on the wall clock.
    pub at: Time,
}

/// An entry of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its number, which grows.
    pub id: i64,
    /// The project, if it is about something in one.
    pub project_id: Option<ProjectId>,
    /// Who did it; empty for the desk itself.
    pub agent_id: Option<AgentId>,
    /// What was done.
    pub action: String,
    /// The kind of what it was done to.
    pub object_kind: ObjectKind,
    /// The identifier of what it was done to.
    pub object_id: i64,
    /// What else there is to say, as a JSON object.
    pub details: Option<String>,
    /// When it was done.
    pub at: Time,
}

/// Which entries are asked for: what is given has to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntryFilter {
    /// Those of this project.
    pub project_id: Option<ProjectId>,
    /// Done by this agent.
    pub agent_id: Option<AgentId>,
    /// One of these actions.
    pub actions: Vec<String>,
    /// Done to this object.
    pub object: Option<(ObjectKind, i64)>,
    /// At this time or later.
    pub since: Option<Time>,
    /// Before this time.
    pub before: Option<Time>,
}
