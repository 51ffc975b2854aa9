//! What the store takes in and gives out about tickets, beside the entities of the domain.

use domain::escalation::{EscalationReason, EscalationTarget, Packet};
use domain::trigger::Level;
use domain::{
    AgentId, CustomerId, Priority, ProjectId, SessionId, TeamId, TicketId, TicketKind, Time, TriggerFiringId, TriggerId,
};

/// A ticket to be opened.
#[derive(Debug, Clone)]
pub struct NewTicket {
    /// The project.
    pub project_id: ProjectId,
    /// Its number within the project.
    pub number: i64,
    /// The session that it comes of.
    pub session_id: SessionId,
    /// The customer of that session.
    pub customer_id: CustomerId,
    /// What kind of work it is.
    pub kind: TicketKind,
    /// The line that works on it.
    pub line: i32,
    /// How pressing it is.
    pub priority: Priority,
    /// The team that owns it.
    pub team_id: Option<TeamId>,
    /// The agent who works on it.
    pub assignee_id: Option<AgentId>,
    /// What is to be done.
    pub description: String,
    /// The present time on the project's clock.
    pub created_at: Time,
    /// The same if it is opened by an escalation.
    pub escalated_at: Option<Time>,
}

/// An escalation to be noted.
#[derive(Debug, Clone)]
pub struct NewEscalation {
    /// The project.
    pub project_id: ProjectId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The session of the ticket.
    pub session_id: SessionId,
    /// The line that had it.
    pub from_line: i32,
    /// Who had it, and the team that it was for.
    pub from: (Option<AgentId>, Option<TeamId>),
    /// How high it goes.
    pub level: Level,
    /// Who gets it.
    pub target: EscalationTarget,
    /// Why.
    pub reason: EscalationReason,
    /// The trigger that made it happen or suggested it, and the time that it fired.
    pub fired: (Option<TriggerId>, Option<TriggerFiringId>),
    /// What whoever gets it needs to know.
    pub description: String,
    /// Whether the form was skipped.
    pub quick: bool,
    /// What goes along.
    pub packet: Packet,
    /// How pressing the ticket is from now on.
    pub priority: Priority,
    /// Who does it; nobody for the desk itself. They do it for the team that had it or, if none had, for their own.
    pub by: Option<AgentId>,
    /// The present time on the project's clock.
    pub at: Time,
}

/// How many escalations of a project one agent made by one trigger in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EscalationCount {
    /// Who escalated; nobody for the desk itself.
    pub agent_id: Option<AgentId>,
    /// The trigger, if one made it happen or suggested it.
    pub trigger_id: Option<TriggerId>,
    /// How many there were.
    pub escalated: i64,
    /// Of how many of them somebody said whether there was need.
    pub judged: i64,
    /// How many of them somebody found unnecessary.
    pub unnecessary: i64,
    /// How many of them skipped the form.
    pub quick: i64,
}
