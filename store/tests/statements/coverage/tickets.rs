//! Tickets and escalations.

use chrono::Duration;
use domain::escalation::{EscalationReason, EscalationTarget, Packet};
use domain::filter::Page;
use domain::ticket::{TicketCause, TicketEntry, TicketFilter, TicketKey, TicketOrder, TicketOrderField, Watcher};
use domain::trigger::Level;
use domain::{
    AgentId, CustomerId, MessageId, Priority, ProjectId, Role, Session, Sight, TeamId, TicketId, TicketKind,
    TicketStatus, TimeRange,
};
use store::tickets::{NewEscalation, NewTicket};
use store::{Queries, Tx};

use crate::now;

pub async fn read_tickets(queries: &mut Queries, project: ProjectId, agent: AgentId, session: &Session) {
    let ids = [1, 2, 3];
    queries.tickets(&ids).await.unwrap();
    let own = Sight::of(Role::Agent, agent, &[TeamId(1), TeamId(2)].into());
    queries.tickets_in_sight(&own, &ids).await.unwrap();
    let filter = TicketFilter::All(vec![
        TicketFilter::VisibleTo(own),
        TicketFilter::Status(vec![TicketStatus::Open]),
        TicketFilter::Watcher(vec![agent]),
    ]);
    for field in TicketOrderField::ALL.iter().copied() {
        let page = Page { after: Some(TicketKey { micros: 1, id: 1 }), before: None, size: 5, from_end: false };
        queries.ticket_page(project, &filter, TicketOrder { field, descending: true }, page).await.unwrap();
    }
    queries.ticket_count(project, &filter).await.unwrap();
    queries.tickets_of_sessions(&ids).await.unwrap();
    queries.current_ticket(session.customer_id).await.unwrap();
    queries.ticket_numbered(session.customer_id, 1).await.unwrap();
    queries.ticket_noticed_by(MessageId(1)).await.unwrap();
    queries.open_tickets_of_team(TeamId(1), 5).await.unwrap();
    queries.open_tickets_of_agent(project, agent, 5).await.unwrap();
    queries.escalation_targets(&ids).await.unwrap();
    queries.ticket_watchers(&ids).await.unwrap();
    queries.ticket_messages(&ids).await.unwrap();
    queries.ticket_escalated_at(TicketId(1), now()).await.unwrap();
    let page = Page { after: Some(1), before: None, size: 5, from_end: false };
    queries.ticket_entry_page(TicketId(1), page).await.unwrap();
    queries.ticket_entry_count(TicketId(1)).await.unwrap();
    queries.ticket_entries_of(&ids).await.unwrap();
    queries.escalation_page(TicketId(1), page).await.unwrap();
    queries.escalation_count(TicketId(1)).await.unwrap();
    queries.escalations(&ids).await.unwrap();
    queries.escalations_of_tickets(&ids).await.unwrap();
    let range = TimeRange::new(now(), now() + Duration::hours(1)).unwrap();
    queries.escalation_counts(project, range).await.unwrap();
}

pub async fn write_tickets(tx: &mut Tx, project_id: ProjectId, agent_id: AgentId, session: &Session) {
    let number = tx.next_ticket_number(project_id).await.unwrap();
    let new = NewTicket {
        project_id,
        number,
        session_id: session.id,
        customer_id: session.customer_id,
        kind: TicketKind::Standard,
        line: 1,
        priority: Priority::Medium,
        team_id: None,
        assignee_id: None,
        description: String::new(),
        created_at: now(),
        escalated_at: None,
    };
    let ticket = tx.insert_ticket(&new).await.unwrap();
    tx.lock_ticket(ticket.id).await.unwrap();
    tx.update_ticket(&ticket).await.unwrap();
    tx.hand_over_tickets(CustomerId(-1), session.customer_id).await.unwrap();
    tx.watch_ticket(Watcher { ticket_id: ticket.id, agent_id, is_given: true }, now()).await.unwrap();
    tx.unwatch_ticket(ticket.id, agent_id).await.unwrap();
    tx.insert_ticket_entry(&TicketEntry::of(&ticket, TicketCause::Opened, Some(agent_id))).await.unwrap();
    if let Some(message) = tx.message_ids_of(&[session.id.0]).await.unwrap().first() {
        tx.link_ticket_message(ticket.id, *message, true).await.unwrap();
    }
    let new = NewEscalation {
        project_id,
        ticket_id: ticket.id,
        session_id: session.id,
        from_line: 1,
        from: (Some(agent_id), None),
        level: Level::Second,
        target: EscalationTarget::Administrator { agent_id, team_id: None },
        reason: EscalationReason::Other,
        fired: (None, None),
        description: String::new(),
        quick: true,
        packet: Packet::default(),
        priority: Priority::High,
        by: Some(agent_id),
        at: now(),
    };
    let escalation = tx.insert_escalation(&new).await.unwrap();
    tx.judge_escalation(&escalation).await.unwrap();
    tx.erase_escalations(&[ticket.id.0]).await.unwrap();
    tx.erase_ticket_messages(&[ticket.id.0]).await.unwrap();
}
