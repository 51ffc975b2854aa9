//! What the store takes in about service levels.

use domain::sla::{Clock, Entry, Hours, Metric, Policy, Standing, Terms};
use domain::ticket::TicketKind;
use domain::{AgentId, CustomerId, Priority, ProjectId, SessionId, SlaHoursId, TicketId, Time};

/// A calendar to be added.
#[derive(Debug, Clone)]
pub struct NewCalendar {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// When the desk works.
    pub hours: Hours,
    /// The present time.
    pub created_at: Time,
}

/// A version of a policy to be added.
#[derive(Debug, Clone)]
pub struct NewPolicy {
    /// The project.
    pub project_id: ProjectId,
    /// The number, which no other version of the project has.
    pub version: i64,
    /// What is promised.
    pub policy: Policy,
    /// What its calendar says.
    pub hours_id: Option<SlaHoursId>,
    /// Who changed it.
    pub changed_by: Option<AgentId>,
    /// The present time.
    pub changed_at: Time,
}

/// A clock to be started.
#[derive(Debug, Clone)]
pub struct NewClock {
    /// The project.
    pub project_id: ProjectId,
    /// The session that it is about, or in which its ticket was raised.
    pub session_id: SessionId,
    /// The customer of that session.
    pub customer_id: CustomerId,
    /// The ticket that it is about.
    pub ticket_id: Option<TicketId>,
    /// What is promised.
    pub metric: Metric,
    /// By which type.
    pub kind: TicketKind,
    /// By which priority of the ticket.
    pub priority: Option<Priority>,
    /// By which version of the policy.
    pub policy_version: i64,
    /// When it is promised.
    pub started_at: Time,
    /// What is promised.
    pub terms: Terms,
    /// Where it stands at its start.
    pub standing: Standing,
    /// When there is something to be told, on the wall clock.
    pub next_at: Option<Time>,
}

/// A clock that changed.
#[derive(Debug, Clone)]
pub struct ClockUpdate {
    /// The clock as it is now, with the change counted.
    pub clock: Clock,
    /// What happened, if its history is to tell of something.
    pub entry: Option<Entry>,
    /// When there is something to be told, on the wall clock.
    pub next_at: Option<Time>,
}

/// Which clocks a simulation looks at.
#[derive(Debug, Clone, Copy)]
pub struct Range {
    /// The project.
    pub project_id: ProjectId,
    /// Those that started at this moment or later.
    pub from: Time,
    /// Those that started before this moment.
    pub to: Time,
    /// At most so many, the newest first.
    pub limit: i64,
}
