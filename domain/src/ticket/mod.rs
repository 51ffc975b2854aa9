//! Tickets: traceable pieces of work that come of sessions, above all by escalation.

mod audience;
mod entry;
mod filter;
mod notice;
mod owner;
mod request;
mod text;

pub use audience::{TicketAudience, Watcher};
pub use entry::{TicketCause, TicketEntry};
pub use filter::{TicketFilter, TicketKey, TicketOrder, TicketOrderField};
pub use notice::{
    Continuation, Outlook, Promised, Recipient, escalation_notice, status_answer, unknown_ticket, urgent_answer,
};
pub use request::{URGENT_WORDS, UrgentRequest};
pub use text::{TICKET_TEXT_CHARACTERS, TicketText, TicketTextRefusal};

use crate::{AgentId, CustomerId, Priority, ProjectId, SessionId, TeamId, TicketId, Time, named_enum};

/// The most agents who watch one ticket.
pub const MOST_WATCHERS: usize = 50;
/// The most messages that are linked to one ticket by people.
pub const MOST_LINKED_MESSAGES: usize = 100;
/// The most tickets that people open in one session.
pub const MOST_TICKETS_OF_SESSION: usize = 100;

named_enum! {
    /// What kind of work a ticket is, by which its targets are chosen.
    pub enum TicketKind {
        /// What an agent has noted to be done.
        Standard = "STANDARD",
        /// What went to another line.
        Escalated = "ESCALATED",
        /// What a customer complains about.
        Complaint = "COMPLAINT",
    }
}

named_enum! {
    /// Where a ticket stands.
    pub enum TicketStatus {
        /// Nobody has begun.
        Open = "OPEN",
        /// Somebody is on it.
        InProgress = "IN_PROGRESS",
        /// It waits for the customer.
        Waiting = "WAITING",
        /// It waits for a third party.
        OnHold = "ON_HOLD",
        /// It is done.
        Resolved = "RESOLVED",
    }
}

/// A traceable piece of work that came of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The identifier.
    pub id: TicketId,
    /// The project.
    pub project_id: ProjectId,
    /// The number that people say aloud, counted from 1 within the project.
    pub number: i64,
    /// The session that it came of.
    pub session_id: SessionId,
    /// The customer of that session.
    pub customer_id: CustomerId,
    /// What kind of work it is.
    pub kind: TicketKind,
    /// The line that works on it, one of [`LINES`](crate::team::LINES).
    pub line: i32,
    /// How pressing it is.
    pub priority: Priority,
    /// Where it stands.
    pub status: TicketStatus,
    /// The team that owns it, if one does.
    pub team_id: Option<TeamId>,
    /// The agent who works on it, if one does.
    pub assignee_id: Option<AgentId>,
    /// What is to be done. Empty once the customer was erased.
    pub description: String,
    /// When it was opened, on the project's clock.
    pub created_at: Time,
    /// When it last changed.
    pub updated_at: Time,
    /// When it was last escalated.
    pub escalated_at: Option<Time>,
    /// When it was resolved; empty until it is.
    pub resolved_at: Option<Time>,
    /// What was done; empty until it is resolved.
    pub resolution: Option<String>,
    /// Grows with each change.
    pub version: i64,
}

impl Ticket {
    /// Whether there is something left to do.
    pub fn is_open(&self) -> bool {
        self.status != TicketStatus::Resolved
    }

    /// Whether there is something left to do that is not up to the customer.
    pub fn is_up_to_the_desk(&self) -> bool {
        self.is_open() && self.status != TicketStatus::Waiting
    }

    /// It is done.
    pub fn resolve(&mut self, resolution: String, now: Time) {
        self.status = TicketStatus::Resolved;
        self.resolved_at = Some(now);
        self.resolution = Some(resolution);
    }

    /// It stands so from now on. What was resolved is open again unless it stays so.
    pub fn stand(&mut self, status: TicketStatus) {
        self.status = status;
        if self.is_open() {
            self.resolved_at = None;
            self.resolution = None;
        }
    }

    /// The customer has written, for whom it waits no longer if it did. Answers whether anything is new.
    pub fn hear(&mut self) -> bool {
        let waited = self.status == TicketStatus::Waiting;
        if waited {
            self.status = if self.assignee_id.is_some() { TicketStatus::InProgress } else { TicketStatus::Open };
        }
        waited
    }

    /// Whether what is promised about it takes the place of what is promised about its session: it was escalated or is a
    /// complaint, and is not resolved.
    pub fn leads_session(&self) -> bool {
        self.is_open() && self.kind != TicketKind::Standard
    }

    /// The customer says that it cannot wait. Answers whether that raises it.
    pub fn raise_to_urgent(&mut self) -> bool {
        let is_raised = self.is_open() && self.priority < Priority::Urgent;
        if is_raised {
            self.priority = Priority::Urgent;
        }
        is_raised
    }

    /// Those who have to do with it, with these watching.
    pub fn audience(&self, watchers: &[Watcher]) -> TicketAudience {
        let given = watchers.iter().filter(|watcher| watcher.is_given);
        let mut watchers: Vec<AgentId> = given.map(|watcher| watcher.agent_id).collect();
        watchers.sort_unstable();
        TicketAudience { team_id: self.team_id, assignee_id: self.assignee_id, watchers }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn ticket() -> Ticket {
        Ticket {
            id: TicketId(1),
            project_id: ProjectId(1),
            number: 12,
            session_id: SessionId(1),
            customer_id: CustomerId(1),
            kind: TicketKind::Escalated,
            line: 2,
            priority: Priority::Medium,
            status: TicketStatus::Open,
            team_id: Some(TeamId(4)),
            assignee_id: None,
            description: "The bot sends nothing".to_owned(),
            created_at: Time::UNIX_EPOCH,
            updated_at: Time::UNIX_EPOCH,
            escalated_at: Some(Time::UNIX_EPOCH),
            resolved_at: None,
            resolution: None,
            version: 1,
        }
    }

    #[test]
    fn who_watches_for_themselves_is_not_of_the_audience() {
        let watcher = |agent, is_given| Watcher { ticket_id: TicketId(1), agent_id: AgentId(agent), is_given };
        let audience = ticket().audience(&[watcher(9, true), watcher(5, false), watcher(3, true)]);
        assert_eq!(audience.watchers, [AgentId(3), AgentId(9)]);
    }

    #[test]
    fn what_waits_for_the_customer_goes_on_when_they_write_and_what_waits_for_others_does_not() {
        let mut one = ticket();
        for (assignee_id, status) in [(None, TicketStatus::Open), (Some(AgentId(9)), TicketStatus::InProgress)] {
            one.assignee_id = assignee_id;
            one.stand(TicketStatus::Waiting);
            assert!(one.hear() && !one.hear());
            assert_eq!(one.status, status);
        }
        one.stand(TicketStatus::OnHold);
        assert!(!one.hear());
        assert_eq!((one.status, one.leads_session()), (TicketStatus::OnHold, true));
        one.resolve("done".to_owned(), Time::UNIX_EPOCH);
        assert!(!one.hear() && !one.leads_session());
    }

    #[test]
    fn what_is_resolved_is_raised_by_nobody_and_can_be_open_again() {
        let mut one = ticket();
        assert!(one.raise_to_urgent());
        assert!(!one.raise_to_urgent(), "it is urgent already");
        one.resolve("restarted it".to_owned(), Time::UNIX_EPOCH);
        assert_eq!((one.is_open(), one.resolved_at), (false, Some(Time::UNIX_EPOCH)));
        one.priority = Priority::Low;
        assert!(!one.raise_to_urgent());
        one.stand(TicketStatus::InProgress);
        assert_eq!((one.is_open(), one.resolved_at, one.resolution), (true, None, None));
    }
}
