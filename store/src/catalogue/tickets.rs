//! Queries of tickets and of their escalations.

use domain::escalation::EscalationTarget;
use domain::filter::Page;
use domain::ticket::{TicketEntry, TicketFilter, TicketKey, TicketOrder, Watcher};
use domain::{
    AgentId, CustomerId, Escalation, MessageId, ProjectId, SessionId, Sight, TeamId, Ticket, TicketId, Time, TimeRange,
};

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
    /// The ticket of a customer that is not resolved and of which they were told last; the newest if they were told of none.
    current_ticket = tickets::current(customer: CustomerId) -> Option<Ticket>;
    /// The ticket of a customer with a number.
    ticket_numbered = tickets::numbered(customer: CustomerId, number: i64) -> Option<Ticket>;
    /// The ticket of which a message told the customer.
    ticket_noticed_by = tickets::noticed_by(message: MessageId) -> Option<TicketId>;
    /// Some tickets of a team that are not resolved, each with its session, oldest first.
    open_tickets_of_team = tickets::open_of_team(team: TeamId, limit: usize) -> Vec<(TicketId, SessionId)>;
    /// Some tickets of an agent in a project that are not resolved, each with its session, oldest first.
    open_tickets_of_agent = tickets::open_of_agent(project: ProjectId, agent: AgentId, limit: usize) -> Vec<(TicketId, SessionId)>;
    /// Where each of these sessions was escalated to, the last one last, by its tickets that are not resolved.
    escalation_targets = escalations::targets(sessions: &[i64]) -> Vec<(SessionId, EscalationTarget)>;
    /// Those who watch these tickets, in ascending order.
    ticket_watchers = tickets::watchers(ids: &[i64]) -> Vec<Watcher>;
    /// The messages that people linked to these tickets, in their order.
    ticket_messages = tickets::linked_messages(ids: &[i64]) -> Vec<(TicketId, MessageId)>;
    /// The step of a ticket by which it was opened or escalated at a moment.
    ticket_escalated_at = tickets::escalated_at(ticket: TicketId, at: Time) -> Option<TicketEntry>;
    /// One page of the history of a ticket, oldest first, in the order of reading from the asked end.
    ticket_entry_page = tickets::entry_page(ticket: TicketId, page: Page<i64>) -> Vec<TicketEntry>;
    /// The whole histories of these tickets, of each oldest first.
    ticket_entries_of = tickets::entries_of(tickets: &[i64]) -> Vec<TicketEntry>;
    /// How many steps the history of a ticket has.
    ticket_entry_count = tickets::entry_count(ticket: TicketId) -> i64;
    /// The escalations with these identifiers, in no order.
    escalations = escalations::many(ids: &[i64]) -> Vec<Escalation>;
    /// The escalations of these tickets, oldest first.
    escalations_of_tickets = escalations::of_tickets(tickets: &[i64]) -> Vec<Escalation>;
    /// One page of the escalations of a ticket, oldest first, in the order of reading from the asked end.
    escalation_page = escalations::page(ticket: TicketId, page: Page<i64>) -> Vec<Escalation>;
    /// How often a ticket was escalated.
    escalation_count = escalations::count_of(ticket: TicketId) -> i64;
    /// How many escalations of a project there were in a range, by who escalated and by the trigger.
    escalation_counts = escalations::counts(project: ProjectId, range: TimeRange) -> Vec<EscalationCount>;
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
    /// Has an agent watch a ticket, or notes how they came to do so.
    watch_ticket = tickets::watch(watcher: Watcher, now: Time) -> ();
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
