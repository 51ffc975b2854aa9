//! Escalations: a ticket goes to another line, with all that is known, so that nobody has to ask again (article “From
//! the first line to the second line”).

mod draft;
mod emotion;
mod packet;
mod statistics;
mod target;

pub use draft::{Draft, Known};
pub use emotion::Emotion;
pub use packet::{KEY_MESSAGES, MOST_SOLUTIONS, Packet, PacketInput, PacketRefusal, SOLUTIONS, priority_after};
pub use statistics::{EscalationRates, OfAgent, Rate, Share, TRAINING_RATE_PERCENT};
pub use target::{Administrator, EscalationTarget, TargetRefusal, check_level, choose_administrator, reached};

use crate::trigger::Level;
use crate::{
    AgentId, EscalationId, Priority, ProjectId, SessionId, TeamId, TicketId, Time, TriggerFiringId, TriggerId,
    named_enum,
};

named_enum! {
    /// Why a ticket is escalated.
    pub enum EscalationReason {
        /// Something does not work.
        TechnicalFailure = "TECHNICAL_FAILURE",
        /// A dispute about money.
        RefundDispute = "REFUND_DISPUTE",
        /// The customer is upset.
        IntenseEmotion = "INTENSE_EMOTION",
        /// Everything is down.
        SystemDown = "SYSTEM_DOWN",
        /// A leak or an attack.
        Security = "SECURITY",
        /// Lawyers, authorities.
        Legal = "LEGAL",
        /// Nobody has resolved it in time.
        Unresolved = "UNRESOLVED",
        /// The customer asks for somebody else.
        CustomerRequest = "CUSTOMER_REQUEST",
        /// The customer rated the service with few stars.
        LowRating = "LOW_RATING",
        /// Anything else.
        Other = "OTHER",
    }
}

/// One time that a ticket was escalated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Escalation {
    /// The identifier.
    pub id: EscalationId,
    /// The project.
    pub project_id: ProjectId,
    /// The ticket.
    pub ticket_id: TicketId,
    /// The session of the ticket.
    pub session_id: SessionId,
    /// The line that had it.
    pub from_line: i32,
    /// Who had it; empty if nobody did.
    pub from_agent_id: Option<AgentId>,
    /// The team that it was for; empty for no particular one.
    pub from_team_id: Option<TeamId>,
    /// How high it went.
    pub level: Level,
    /// The team that got it; empty if an agent did instead of one.
    pub to_team_id: Option<TeamId>,
    /// The administrator who got it, or the agent whom the project names for it; empty if a team did.
    pub to_agent_id: Option<AgentId>,
    /// Why.
    pub reason: EscalationReason,
    /// The trigger that made it happen or suggested it.
    pub trigger_id: Option<TriggerId>,
    /// The time that the trigger fired.
    pub firing_id: Option<TriggerFiringId>,
    /// What whoever gets it needs to know. Empty once the customer was erased.
    pub description: String,
    /// Whether the form was skipped for an obvious emergency.
    pub quick: bool,
    /// What goes along.
    pub packet: Packet,
    /// Who did it; empty for the desk itself.
    pub by_agent_id: Option<AgentId>,
    /// When it was, on the project's clock.
    pub at: Time,
    /// Whether a supervisor found that there was no need; empty until one says so.
    pub unnecessary: Option<bool>,
    /// Who said so.
    pub judged_by: Option<AgentId>,
    /// What they said about it.
    pub judgement_note: String,
    /// When they did.
    pub judged_at: Option<Time>,
    /// How pressing the ticket was from then on.
    pub priority: Priority,
}
