//! The cursors of lists: opaque text that marks a place in one list, in one order.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::filter::{SessionOrder, SessionOrderField};
use domain::ticket::{TicketOrder, TicketOrderField};
use domain::{AgentId, CustomerId, ProjectId, SessionId, SlaClockId, TicketId, WorkspaceId};

use super::error::Result;

const VERSION: u8 = 1;
const LENGTH: usize = 26;

/// A list in its order, as its cursors name it. The numbers are in cursors that clients keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct List {
    kind: u8,
    owner: i64,
}

impl List {
    /// All the projects.
    pub(crate) const PROJECTS: Self = Self { kind: 1, owner: 0 };

    /// The projects of an agent.
    pub(crate) fn projects_of(agent: AgentId) -> Self {
        Self { kind: 2, owner: agent.0 }
    }

    /// The messages of a session.
    pub(crate) fn messages_of(session: SessionId) -> Self {
        Self { kind: 3, owner: session.0 }
    }

    /// The sessions of a project in an order.
    pub(crate) fn sessions_of(project: ProjectId, order: SessionOrder) -> Self {
        let kind = match (order.field, order.descending) {
            (SessionOrderField::LastMessageAt, true) => 4,
            (SessionOrderField::LastMessageAt, false) => 5,
            (SessionOrderField::CreatedAt, true) => 6,
            (SessionOrderField::CreatedAt, false) => 7,
            (SessionOrderField::WaitingSince, true) => 10,
            (SessionOrderField::WaitingSince, false) => 11,
        };
        Self { kind, owner: project.0 }
    }

    /// The API tokens of an agent.
    pub(crate) fn api_tokens_of(agent: AgentId) -> Self {
        Self { kind: 8, owner: agent.0 }
    }

    /// The API tokens of all agents of a workspace.
    pub(crate) fn api_tokens_in(workspace: WorkspaceId) -> Self {
        Self { kind: 9, owner: workspace.0 }
    }

    /// The raw updates of a project.
    pub(crate) fn telegram_updates_of(project: ProjectId) -> Self {
        Self { kind: 30, owner: project.0 }
    }

    /// The messages of a project that were not delivered, as far as is known.
    pub(crate) fn undelivered_in(project: ProjectId) -> Self {
        Self { kind: 20, owner: project.0 }
    }

    /// The diversion links of a project.
    pub(crate) fn diversion_links_of(project: ProjectId) -> Self {
        Self { kind: 40, owner: project.0 }
    }

    /// The sessions of a customer.
    pub(crate) fn sessions_of_customer(customer: CustomerId) -> Self {
        Self { kind: 41, owner: customer.0 }
    }

    /// The private notes of a session.
    pub(crate) fn notes_of(session: SessionId) -> Self {
        Self { kind: 50, owner: session.0 }
    }

    /// The customers of a project.
    pub(crate) fn customers_of(project: ProjectId) -> Self {
        Self { kind: 60, owner: project.0 }
    }

    /// The transfers of a session.
    pub(crate) fn transfers_of(session: SessionId) -> Self {
        Self { kind: 70, owner: session.0 }
    }

    /// The sessions of a project that have ended for the agent who asks.
    pub(crate) fn sessions_left_in(project: ProjectId) -> Self {
        Self { kind: 71, owner: project.0 }
    }

    /// The sessions that a customer had before one of them.
    pub(crate) fn sessions_before(session: SessionId) -> Self {
        Self { kind: 72, owner: session.0 }
    }

    /// The invitations to a workspace.
    pub(crate) fn invitations_to(workspace: WorkspaceId) -> Self {
        Self { kind: 80, owner: workspace.0 }
    }

    /// The invitations that give a role in a project.
    pub(crate) fn invitations_into(project: ProjectId) -> Self {
        Self { kind: 81, owner: project.0 }
    }

    /// Those who work in a project.
    pub(crate) fn members_of(project: ProjectId) -> Self {
        Self { kind: 82, owner: project.0 }
    }

    /// Those who get sessions of a project.
    pub(crate) fn agents_of(project: ProjectId) -> Self {
        Self { kind: 86, owner: project.0 }
    }

    /// The agents of a workspace.
    pub(crate) fn agents_in(workspace: WorkspaceId) -> Self {
        Self { kind: 83, owner: workspace.0 }
    }

    /// The audit log of a workspace.
    pub(crate) fn audit_in(workspace: WorkspaceId) -> Self {
        Self { kind: 84, owner: workspace.0 }
    }

    /// The audit log of a project.
    pub(crate) fn audit_of(project: ProjectId) -> Self {
        Self { kind: 85, owner: project.0 }
    }

    /// The tickets of a project in an order.
    pub(crate) fn tickets_of(project: ProjectId, order: TicketOrder) -> Self {
        let kind = match (order.field, order.descending) {
            (TicketOrderField::CreatedAt, true) => 90,
            (TicketOrderField::CreatedAt, false) => 91,
            (TicketOrderField::UpdatedAt, true) => 92,
            (TicketOrderField::UpdatedAt, false) => 93,
            (TicketOrderField::Priority, true) => 97,
            (TicketOrderField::Priority, false) => 98,
        };
        Self { kind, owner: project.0 }
    }

    /// The tickets of a session.
    pub(crate) fn tickets_of_session(session: SessionId) -> Self {
        Self { kind: 94, owner: session.0 }
    }

    /// The history of a ticket.
    pub(crate) fn history_of_ticket(ticket: TicketId) -> Self {
        Self { kind: 95, owner: ticket.0 }
    }

    /// The escalations of a ticket.
    pub(crate) fn escalations_of_ticket(ticket: TicketId) -> Self {
        Self { kind: 96, owner: ticket.0 }
    }

    /// The history of a clock of a service level.
    pub(crate) fn history_of_clock(clock: SlaClockId) -> Self {
        Self { kind: 101, owner: clock.0 }
    }

    /// The versions of a project's policy.
    pub(crate) fn sla_policies_of(project: ProjectId) -> Self {
        Self { kind: 100, owner: project.0 }
    }

    /// The to-dos of a project.
    pub(crate) fn todos_of(project: ProjectId) -> Self {
        Self { kind: 110, owner: project.0 }
    }

    /// The to-dos of a session.
    pub(crate) fn todos_of_session(session: SessionId) -> Self {
        Self { kind: 112, owner: session.0 }
    }

    /// The knowledge entries of a project.
    pub(crate) fn knowledge_of(project: ProjectId) -> Self {
        Self { kind: 111, owner: project.0 }
    }

    /// The text of the cursor of a place.
    pub(crate) fn encode(self, place: Place) -> String {
        let mut bytes = [0; LENGTH];
        bytes[0] = VERSION;
        bytes[1] = self.kind;
        bytes[2..10].copy_from_slice(&self.owner.to_be_bytes());
        bytes[10..18].copy_from_slice(&place.micros.to_be_bytes());
        bytes[18..].copy_from_slice(&place.id.to_be_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place of a cursor. Fails if the text is not a cursor of this list in this order.
    pub(crate) fn decode(self, text: &str) -> Result<Place> {
        Ok(self.read(text).ok_or(desk::Error::InvalidCursor)?)
    }

    fn read(self, text: &str) -> Option<Place> {
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let ([version, kind], numbers) = bytes.split_first_chunk()?;
        let (numbers, []) = numbers.as_chunks::<8>() else { return None };
        let [owner, micros, id] = *numbers else { return None };
        let is_own = *version == VERSION && *kind == self.kind && i64::from_be_bytes(owner) == self.owner;
        is_own.then(|| Place { micros: i64::from_be_bytes(micros), id: i64::from_be_bytes(id) })
    }
}

/// A place in a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    /// The time that the list is ordered by, in microseconds since 1970, or the rank; zero in a list that is ordered by
    /// identifier alone.
    pub(crate) micros: i64,
    /// The identifier.
    pub(crate) id: i64,
}

#[cfg(test)]
mod tests {
    use domain::filter::{SessionOrder, SessionOrderField};
    use domain::{AgentId, ProjectId, SessionId, WorkspaceId};

    use super::{List, Place};

    fn lists() -> Vec<List> {
        let orders = SessionOrderField::ALL.iter().flat_map(|field| {
            [true, false].map(|descending| List::sessions_of(ProjectId(1), SessionOrder { field: *field, descending }))
        });
        let others = [List::PROJECTS, List::projects_of(AgentId(1)), List::messages_of(SessionId(1))];
        let tokens = [List::api_tokens_of(AgentId(1)), List::api_tokens_in(WorkspaceId(1))];
        orders.chain(others).chain(tokens).chain([List::messages_of(SessionId(2))]).collect()
    }

    #[test]
    fn a_cursor_is_taken_by_its_own_list_alone() {
        let place = Place { micros: 1_700_000_000_123_456, id: i64::MAX };
        for (index, list) in lists().into_iter().enumerate() {
            let cursor = list.encode(place);
            for (other_index, other) in lists().into_iter().enumerate() {
                assert_eq!(other.read(&cursor).is_some(), index == other_index, "{list:?} {other:?}");
            }
            assert_eq!(list.read(&cursor), Some(place));
        }
    }

    #[test]
    fn nothing_else_is_a_cursor() {
        let cursor = List::PROJECTS.encode(Place { micros: 0, id: 1 });
        for text in ["", "1", "💥", &cursor[1..], &format!("{cursor}A"), &format!("B{}", &cursor[1..])] {
            assert_eq!(List::PROJECTS.read(text), None, "{text}");
        }
    }
}
