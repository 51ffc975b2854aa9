//! Tickets: one by one, as ordered and filtered lists, and what hangs on them.

use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool};
use domain::filter::Page;
use domain::ticket::{TicketCause, TicketEntry, TicketFilter, TicketKey, TicketOrder, Watcher};
use domain::{
    AgentId, CustomerId, MessageId, Priority, ProjectId, SessionId, Sight, TeamId, Ticket, TicketId, TicketKind,
    TicketStatus, Time,
};

use super::agent_tickets::{self, Own};
use super::list::{InOrder, Listed};
use super::prepared::{FreeForm, Prepared, RunQueryDsl};
use super::reach::Reach;
use super::ticket_filter::Condition;
use super::{Conn, Db, dialect, ticket_order};
use crate::mapping::{At, Named, micros, row};
use crate::tickets::NewTicket;

/// The last message that told the customer of a ticket.
const LAST_NOTICE: &str = "(SELECT COALESCE(MAX(ticket_messages.message_id), 0) FROM ticket_messages \
    WHERE ticket_messages.ticket_id = tickets.id AND ticket_messages.is_notice)";

diesel::table! { ticket_numbers (project_id) { project_id -> BigInt, last_number -> BigInt, } }

diesel::table! {
    tickets (id) {
        id -> BigInt,
        project_id -> BigInt,
        number -> BigInt,
        session_id -> BigInt,
        customer_id -> BigInt,
        kind -> Text,
        line -> Integer,
        priority -> Text,
        status -> Text,
        team_id -> Nullable<BigInt>,
        assignee_id -> Nullable<BigInt>,
        description -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        escalated_at -> Nullable<BigInt>,
        resolved_at -> Nullable<BigInt>,
        resolution -> Nullable<Text>,
        version -> BigInt,
    }
}

diesel::table! {
    ticket_watchers (ticket_id, agent_id) {
        ticket_id -> BigInt,
        agent_id -> BigInt,
        since -> BigInt,
        is_given -> Bool,
    }
}

diesel::table! {
    ticket_messages (ticket_id, message_id) { ticket_id -> BigInt, message_id -> BigInt, is_notice -> Bool, }
}

diesel::table! {
    ticket_entries (id) {
        id -> BigInt,
        ticket_id -> BigInt,
        version -> BigInt,
        cause -> Text,
        by_agent_id -> Nullable<BigInt>,
        kind -> Text,
        line -> Integer,
        priority -> Text,
        status -> Text,
        team_id -> Nullable<BigInt>,
        assignee_id -> Nullable<BigInt>,
        at -> BigInt,
    }
}

row! { TicketRow of tickets is Ticket {
    id: i64,
    project_id: i64,
    number: i64,
    session_id: i64,
    customer_id: i64,
    kind: Named<TicketKind>,
    line: i32,
    priority: Named<Priority>,
    status: Named<TicketStatus>,
    team_id: Option<i64>,
    assignee_id: Option<i64>,
    description: String,
    created_at: At,
    updated_at: At,
    escalated_at: Option<At>,
    resolved_at: Option<At>,
    resolution: Option<String>,
    version: i64,
} }

row! { WatcherRow of ticket_watchers is Watcher { ticket_id: i64, agent_id: i64, is_given: bool, } }

row! { EntryRow of ticket_entries is TicketEntry {
    id: i64,
    ticket_id: i64,
    version: i64,
    cause: Named<TicketCause>,
    by_agent_id: Option<i64>,
    kind: Named<TicketKind>,
    line: i32,
    priority: Named<Priority>,
    status: Named<TicketStatus>,
    team_id: Option<i64>,
    assignee_id: Option<i64>,
    at: At,
} }

/// The tickets with these identifiers, in no order.
pub async fn many(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Ticket>> {
    let query = tickets::table.filter(dialect::looked_up("tickets.id", ids)).select(TicketRow::as_select());
    let rows: Vec<TicketRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

/// One ticket, which nobody else changes until the transaction ends.
pub async fn lock(conn: &mut Conn, id: TicketId) -> QueryResult<Option<Ticket>> {
    let row =
        for_no_key_update!(tickets::table.find(id.0).select(TicketRow::as_select())).first(conn).await.optional()?;
    Ok(row.map(Ticket::from))
}

/// Those of the tickets that somebody sees, in no order.
pub async fn in_sight(conn: &mut Conn, sight: &Sight, ids: &[i64]) -> QueryResult<Vec<TicketId>> {
    let query = tickets::table
        .filter(dialect::one_of("tickets.id", ids))
        .filter(Condition::new(&TicketFilter::VisibleTo(sight.clone())))
        .select(tickets::id);
    let found: Vec<i64> = dialect::load_all(FreeForm(query), conn).await?;
    Ok(found.into_iter().map(TicketId).collect())
}

/// One page of a project's tickets, in the order of reading from the asked end.
pub async fn page(
    conn: &mut Conn,
    project: ProjectId,
    filter: &TicketFilter,
    order: TicketOrder,
    page: Page<TicketKey>,
) -> QueryResult<Vec<Ticket>> {
    if let Some(own) = Own::of(filter) {
        return agent_tickets::page(conn, project, &own, order, page).await;
    }
    let between = ticket_order::between(order, page);
    let listed = Listed { project: project.0, condition: Condition::new(filter), between };
    let list = tickets::table.filter(listed).select(TicketRow::as_select());
    let reading = ticket_order::reading(order, page.from_end);
    let list = InOrder { list, reading, reach: Some(Reach::bound(page.size)) };
    let rows: Vec<TicketRow> = dialect::load_all(FreeForm(list), conn).await?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

/// How many of a project's tickets a filter lets through.
pub async fn count(conn: &mut Conn, project: ProjectId, filter: &TicketFilter) -> QueryResult<i64> {
    if let Some(own) = Own::of(filter) {
        return agent_tickets::count(conn, project, &own).await;
    }
    let query = tickets::table
        .filter(tickets::project_id.eq(project.0))
        .filter(Condition::new(filter))
        .count()
        .into_boxed::<Db>();
    diesel_async::RunQueryDsl::get_result(FreeForm(query), conn).await
}

/// The tickets of these sessions, oldest first.
pub async fn of_sessions(conn: &mut Conn, sessions: &[i64]) -> QueryResult<Vec<Ticket>> {
    let rows: Vec<TicketRow> = tickets::table
        .filter(dialect::one_of("tickets.session_id", sessions))
        .order(tickets::id)
        .select(TicketRow::as_select())
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(Ticket::from).collect())
}

/// The ticket of a customer that is not resolved and of which they were told last; the newest if they were told of none.
pub async fn current(conn: &mut Conn, customer: CustomerId) -> QueryResult<Option<Ticket>> {
    let row = tickets::table
        .filter(tickets::customer_id.eq(customer.0))
        .filter(sql::<Bool>("tickets.status <> 'RESOLVED'"))
        .order((sql::<BigInt>(LAST_NOTICE).desc(), tickets::id.desc()))
        .select(TicketRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Ticket::from))
}

/// The ticket of a customer with a number.
pub async fn numbered(conn: &mut Conn, customer: CustomerId, number: i64) -> QueryResult<Option<Ticket>> {
    let row = tickets::table
        .filter(tickets::customer_id.eq(customer.0))
        .filter(tickets::number.eq(number))
        .select(TicketRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(Ticket::from))
}

/// The ticket of which a message told the customer.
pub async fn noticed_by(conn: &mut Conn, message: MessageId) -> QueryResult<Option<TicketId>> {
    let id: Option<i64> = ticket_messages::table
        .filter(ticket_messages::message_id.eq(message.0))
        .filter(ticket_messages::is_notice.eq(true))
        .order(ticket_messages::ticket_id.desc())
        .select(ticket_messages::ticket_id)
        .first(conn)
        .await
        .optional()?;
    Ok(id.map(TicketId))
}

/// Some tickets of a team that are not resolved, each with its session, oldest first.
pub async fn open_of_team(conn: &mut Conn, team: TeamId, limit: usize) -> QueryResult<Vec<(TicketId, SessionId)>> {
    let rows: Vec<(i64, i64)> = tickets::table
        .filter(tickets::team_id.eq(team.0))
        .filter(tickets::team_id.is_not_null())
        .filter(sql::<Bool>("tickets.status <> 'RESOLVED'"))
        .order((tickets::created_at, tickets::id))
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((tickets::id, tickets::session_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(ticket, session)| (TicketId(ticket), SessionId(session))).collect())
}

/// Some tickets of an agent in a project that are not resolved, each with its session, oldest first.
pub async fn open_of_agent(
    conn: &mut Conn,
    project: ProjectId,
    agent: AgentId,
    limit: usize,
) -> QueryResult<Vec<(TicketId, SessionId)>> {
    let rows: Vec<(i64, i64)> = tickets::table
        .filter(tickets::assignee_id.eq(agent.0))
        .filter(tickets::assignee_id.is_not_null())
        .filter(tickets::project_id.eq(project.0))
        .filter(sql::<Bool>("tickets.status <> 'RESOLVED'"))
        .order(tickets::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((tickets::id, tickets::session_id))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(ticket, session)| (TicketId(ticket), SessionId(session))).collect())
}

/// The next number of a ticket of a project. Others who want one wait for this transaction.
pub async fn next_number(conn: &mut Conn, project: ProjectId) -> QueryResult<i64> {
    diesel::insert_into(ticket_numbers::table)
        .values((ticket_numbers::project_id.eq(project.0), ticket_numbers::last_number.eq(1)))
        .on_conflict(ticket_numbers::project_id)
        .do_update()
        .set(ticket_numbers::last_number.eq(ticket_numbers::last_number + 1))
        .returning(ticket_numbers::last_number)
        .get_result(conn)
        .await
}

/// Adds a ticket.
pub async fn insert(conn: &mut Conn, ticket: &NewTicket) -> QueryResult<Ticket> {
    diesel::insert_into(tickets::table)
        .values((
            tickets::project_id.eq(ticket.project_id.0),
            tickets::number.eq(ticket.number),
            tickets::session_id.eq(ticket.session_id.0),
            tickets::customer_id.eq(ticket.customer_id.0),
            tickets::kind.eq(ticket.kind.name()),
            tickets::line.eq(ticket.line),
            tickets::priority.eq(ticket.priority.name()),
            tickets::status.eq(TicketStatus::Open.name()),
            tickets::team_id.eq(ticket.team_id.map(|id| id.0)),
            tickets::assignee_id.eq(ticket.assignee_id.map(|id| id.0)),
            tickets::description.eq(&ticket.description),
            tickets::created_at.eq(micros(ticket.created_at)),
            tickets::updated_at.eq(micros(ticket.created_at)),
            tickets::escalated_at.eq(ticket.escalated_at.map(micros)),
            tickets::version.eq(1),
        ))
        .returning(TicketRow::as_select())
        .get_result(conn)
        .await
        .map(Ticket::from)
}

/// Writes everything about a ticket that can change.
pub async fn update(conn: &mut Conn, ticket: &Ticket) -> QueryResult<()> {
    diesel::update(tickets::table.find(ticket.id.0))
        .set((
            tickets::kind.eq(ticket.kind.name()),
            tickets::line.eq(ticket.line),
            tickets::priority.eq(ticket.priority.name()),
            tickets::status.eq(ticket.status.name()),
            tickets::team_id.eq(ticket.team_id.map(|id| id.0)),
            tickets::assignee_id.eq(ticket.assignee_id.map(|id| id.0)),
            tickets::description.eq(&ticket.description),
            tickets::updated_at.eq(micros(ticket.updated_at)),
            tickets::escalated_at.eq(ticket.escalated_at.map(micros)),
            tickets::resolved_at.eq(ticket.resolved_at.map(micros)),
            tickets::resolution.eq(&ticket.resolution),
            tickets::version.eq(ticket.version),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Gives a customer the tickets of another one.
pub async fn hand_over(conn: &mut Conn, from: CustomerId, to: CustomerId) -> QueryResult<()> {
    diesel::update(tickets::table)
        .filter(tickets::customer_id.eq(from.0))
        .set(tickets::customer_id.eq(to.0))
        .execute(conn)
        .await?;
    Ok(())
}

/// Those who watch these tickets, in ascending order.
pub async fn watchers(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<Watcher>> {
    let query = ticket_watchers::table
        .filter(dialect::one_of("ticket_watchers.ticket_id", ids))
        .order((ticket_watchers::ticket_id, ticket_watchers::agent_id))
        .select(WatcherRow::as_select());
    let rows: Vec<WatcherRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(Watcher::from).collect())
}

/// Has an agent watch a ticket, or notes how they came to do so.
pub async fn watch(conn: &mut Conn, watcher: Watcher, now: Time) -> QueryResult<()> {
    diesel::insert_into(ticket_watchers::table)
        .values((
            ticket_watchers::ticket_id.eq(watcher.ticket_id.0),
            ticket_watchers::agent_id.eq(watcher.agent_id.0),
            ticket_watchers::since.eq(micros(now)),
            ticket_watchers::is_given.eq(watcher.is_given),
        ))
        .on_conflict((ticket_watchers::ticket_id, ticket_watchers::agent_id))
        .do_update()
        .set(ticket_watchers::is_given.eq(watcher.is_given))
        .execute(conn)
        .await?;
    Ok(())
}

/// Has an agent watch a ticket no longer. Answers whether they did.
pub async fn unwatch(conn: &mut Conn, ticket: TicketId, agent: AgentId) -> QueryResult<bool> {
    let removed = diesel::delete(ticket_watchers::table.find((ticket.0, agent.0))).execute(conn).await?;
    Ok(removed > 0)
}

/// The messages that people linked to these tickets, in their order.
pub async fn linked_messages(conn: &mut Conn, ids: &[i64]) -> QueryResult<Vec<(TicketId, MessageId)>> {
    let query = ticket_messages::table
        .filter(dialect::one_of("ticket_messages.ticket_id", ids))
        .filter(ticket_messages::is_notice.eq(false))
        .order((ticket_messages::ticket_id, ticket_messages::message_id))
        .select((ticket_messages::ticket_id, ticket_messages::message_id));
    let rows: Vec<(i64, i64)> = query.load(conn).await?;
    Ok(rows.into_iter().map(|(ticket, message)| (TicketId(ticket), MessageId(message))).collect())
}

/// Links a message to a ticket, or notes that the customer was told of the ticket by it. Answers whether it was not linked.
pub async fn link_message(conn: &mut Conn, ticket: TicketId, message: MessageId, is_notice: bool) -> QueryResult<bool> {
    let added = diesel::insert_into(ticket_messages::table)
        .values((
            ticket_messages::ticket_id.eq(ticket.0),
            ticket_messages::message_id.eq(message.0),
            ticket_messages::is_notice.eq(is_notice),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(added > 0)
}

/// Adds a step to the history of a ticket.
pub async fn insert_entry(conn: &mut Conn, entry: &TicketEntry) -> QueryResult<()> {
    diesel::insert_into(ticket_entries::table)
        .values((
            ticket_entries::ticket_id.eq(entry.ticket_id.0),
            ticket_entries::version.eq(entry.version),
            ticket_entries::cause.eq(entry.cause.name()),
            ticket_entries::by_agent_id.eq(entry.by_agent_id.map(|id| id.0)),
            ticket_entries::kind.eq(entry.kind.name()),
            ticket_entries::line.eq(entry.line),
            ticket_entries::priority.eq(entry.priority.name()),
            ticket_entries::status.eq(entry.status.name()),
            ticket_entries::team_id.eq(entry.team_id.map(|id| id.0)),
            ticket_entries::assignee_id.eq(entry.assignee_id.map(|id| id.0)),
            ticket_entries::at.eq(micros(entry.at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The step of a ticket by which it was opened or escalated at a moment.
pub async fn escalated_at(conn: &mut Conn, ticket: TicketId, at: Time) -> QueryResult<Option<TicketEntry>> {
    let row: Option<EntryRow> = ticket_entries::table
        .filter(ticket_entries::ticket_id.eq(ticket.0))
        .filter(ticket_entries::at.eq(micros(at)))
        .filter(sql::<Bool>("ticket_entries.cause IN ('OPENED', 'ESCALATED')"))
        .order(ticket_entries::id)
        .select(EntryRow::as_select())
        .first(conn)
        .await
        .optional()?;
    Ok(row.map(TicketEntry::from))
}

/// One page of the history of a ticket, oldest first, in the order of reading from the asked end.
pub async fn entry_page(conn: &mut Conn, ticket: TicketId, page: Page<i64>) -> QueryResult<Vec<TicketEntry>> {
    let mut query = ticket_entries::table
        .filter(ticket_entries::ticket_id.eq(ticket.0))
        .select(EntryRow::as_select())
        .limit(i64::try_from(page.size).unwrap_or(i64::MAX))
        .into_boxed::<Db>();
    if let Some(after) = page.after {
        query = query.filter(ticket_entries::id.gt(after));
    }
    if let Some(before) = page.before {
        query = query.filter(ticket_entries::id.lt(before));
    }
    query = if page.from_end { query.order(ticket_entries::id.desc()) } else { query.order(ticket_entries::id.asc()) };
    let rows: Vec<EntryRow> = query.load(conn).await?;
    Ok(rows.into_iter().map(TicketEntry::from).collect())
}

/// The whole histories of these tickets, of each oldest first.
pub async fn entries_of(conn: &mut Conn, tickets: &[i64]) -> QueryResult<Vec<TicketEntry>> {
    let query = ticket_entries::table
        .filter(dialect::one_of("ticket_entries.ticket_id", tickets))
        .order((ticket_entries::ticket_id, ticket_entries::id))
        .select(EntryRow::as_select());
    let rows: Vec<EntryRow> = dialect::load_all(Prepared(query), conn).await?;
    Ok(rows.into_iter().map(TicketEntry::from).collect())
}

/// How many steps the history of a ticket has.
pub async fn entry_count(conn: &mut Conn, ticket: TicketId) -> QueryResult<i64> {
    ticket_entries::table.filter(ticket_entries::ticket_id.eq(ticket.0)).count().get_result(conn).await
}

/// Forgets which messages belong to the tickets of these sessions.
pub async fn erase_messages(conn: &mut Conn, tickets: &[i64]) -> QueryResult<()> {
    diesel::delete(ticket_messages::table)
        .filter(dialect::one_of("ticket_messages.ticket_id", tickets))
        .execute(conn)
        .await?;
    Ok(())
}
