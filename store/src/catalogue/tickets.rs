//! Queries of tickets and of their escalations.

use domain::filter::Page;
use domain::ticket::{TicketEntry, TicketFilter, TicketKey, TicketOrder};
use domain::{AgentId, CustomerId, Escalation, MessageId, ProjectId, SessionId, Sight, TeamId, Ticket, TicketId, Time};

use crate::error::Result;
use crate::tickets::{EscalationCount, NewEscalation, NewTicket};
use crate::tx::{Lease, Queries, Tx};
use crate::{postgres, sqlite};

catalogue! { Queries:
    /// The tickets with these identifiers, in no order.
    tickets = tickets::many(ids: &[i64]) -> Vec<Ticket>;
    /// Those of the tickets that somebody sees, in no order.
    tickets_in_sight = tickets::in_sight(sight: &Sight, ids: &[i64]) -> Vec<TicketId>;
    /// One page of a project's tickets, in the order of reading from the asked end.
    ticket_page = tickets::page(project: ProjectId, filter: &TicketFilter, order: TicketOrder, page: Page<TicketKey>) -> Vec<Ticket>;
    /// How many of a project's tickets a filter lets through.
    ticket_count = tickets::count(project: ProjectId, filter: &TicketFilter) -> i64;
    /// The tickets of these sessions, oldest first.
    tickets_of_sessions = tickets::of_sessions(sessions: &[i64]) -> Vec<Ticket>;
    /// The newest ticket of a customer that is not resolved.
    newest_open_ticket = tickets::newest_open(customer: CustomerId) -> Option<Ticket>;
    /// The ticket of a customer with a number.
    ticket_numbered = tickets::numbered(customer: CustomerId, number: i64) -> Option<Ticket>;
    /// The ticket of which a message told the customer.
    ticket_noticed_by = tickets::noticed_by(message: MessageId) -> Option<TicketId>;
    /// The tickets of a team that are not resolved, oldest first.
    open_tickets_of_team = tickets::open_of_team(team: TeamId) -> Vec<TicketId>;
    /// The team to which each of these sessions was escalated, the last one last, of those that were and whose ticket is not
    /// resolved.
    escalated_teams = tickets::escalated_teams(sessions: &[i64]) -> Vec<(SessionId, TeamId)>;
    /// Those who watch these tickets, in ascending order.
    ticket_watchers = tickets::watchers(ids: &[i64]) -> Vec<(TicketId, AgentId)>;
    /// The messages that people linked to these tickets, in their order.
    ticket_messages = tickets::linked_messages(ids: &[i64]) -> Vec<(TicketId, MessageId)>;
    /// One page of the history of a ticket, oldest first, in the order of reading from the asked end.
    ticket_entry_page = tickets::entry_page(ticket: TicketId, page: Page<i64>) -> Vec<TicketEntry>;
    /// How many steps the history of a ticket has.
    ticket_entry_count = tickets::entry_count(ticket: TicketId) -> i64;
    /// The escalations with these identifiers, in no order.
    escalations = escalations::many(ids: &[i64]) -> Vec<Escalation>;
    /// The escalations of these tickets, oldest first.
    escalations_of_tickets = escalations::of_tickets(tickets: &[i64]) -> Vec<Escalation>;
    /// How many escalations of a project there were from one time until another, by who escalated and by the trigger.
    escalation_counts = escalations::counts(project: ProjectId, from: Time, to: Time) -> Vec<EscalationCount>;
}

catalogue! { Tx:
    /// One ticket, which nobody else changes until the transaction ends.
    lock_ticket = tickets::lock(id: TicketId) -> Option<Ticket>;
    /// The next number of a ticket of a project.
    next_ticket_number = tickets::next_number(project: ProjectId) -> i64;
    /// Adds a ticket.
    insert_ticket = tickets::insert(ticket: &NewTicket) -> Ticket;
    /// Writes everything about a ticket that can change.
    update_ticket = tickets::update(ticket: &Ticket) -> ();
    /// Gives a customer the tickets of another one.
    hand_over_tickets = tickets::hand_over(from: CustomerId, to: CustomerId) -> ();
    /// Has an agent watch a ticket. Answers whether they did not.
    watch_ticket = tickets::watch(ticket: TicketId, agent: AgentId, now: Time) -> bool;
    /// Has an agent watch a ticket no longer. Answers whether they did.
    unwatch_ticket = tickets::unwatch(ticket: TicketId, agent: AgentId) -> bool;
    /// Links a message to a ticket, or notes that the customer was told of the ticket by it. Answers whether it was not
    /// linked.
    link_ticket_message = tickets::link_message(ticket: TicketId, message: MessageId, is_notice: bool) -> bool;
    /// Adds a step to the history of a ticket.
    insert_ticket_entry = tickets::insert_entry(entry: &TicketEntry) -> ();
    /// Forgets which messages belong to tickets.
    erase_ticket_messages = tickets::erase_messages(tickets: &[i64]) -> ();
    /// Notes an escalation.
    insert_escalation = escalations::insert(new: &NewEscalation) -> Escalation;
    /// Writes what somebody thinks of an escalation.
    judge_escalation = escalations::judge(escalation: &Escalation) -> ();
    /// Forgets what went along with the escalations of tickets, and what was said about them.
    erase_escalations = escalations::erase(tickets: &[i64]) -> ();
}
