//! An event together with the objects it is about.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::sla::Clock;
use domain::ticket::{TicketAudience, Watcher};
use domain::visibility::MessageThen;
use domain::{Departure, Event, EventKind, Message, Session, SessionId, SlaClockId, Ticket, TicketId, Todo, TodoId};
use store::Reader;
use store::events::Scope;

/// An event with the objects it is about, as they were when it was read from the log. They
/// are loaded once for everybody who is told of it.
#[derive(Debug)]
pub struct Occurrence {
    /// The event.
    pub event: Event,
    /// The session; empty if it is gone.
    pub session: Option<Arc<Session>>,
    /// The message; empty if the event is about none or it is gone.
    pub message: Option<Arc<Message>>,
    /// The ticket that the event or its clock is about; empty if that is none.
    pub ticket: Option<Arc<WatchedTicket>>,
    /// The tickets that may come into somebody's sight or leave it because their session does; empty for an event about a
    /// ticket, which tells of that itself.
    pub tickets_moved: Vec<Arc<WatchedTicket>>,
    /// The clock of a service level; empty if the event is about none.
    pub clock: Option<Arc<Clock>>,
    /// The to-do; empty if the event is about none.
    pub todo: Option<Arc<Todo>>,
}

/// A ticket with those who watch it.
#[derive(Debug, Clone)]
pub struct WatchedTicket {
    /// The ticket.
    pub ticket: Arc<Ticket>,
    /// Those who watch it, in ascending order.
    pub watchers: Vec<Watcher>,
}

impl WatchedTicket {
    /// Those who have to do with it.
    pub(crate) fn audience(&self) -> TicketAudience {
        self.ticket.audience(&self.watchers)
    }

    /// These tickets, each with those who watch it.
    pub(crate) async fn of(tickets: Vec<Ticket>, reader: &mut Reader) -> Result<Vec<Self>, store::Error> {
        let ids: Vec<i64> = tickets.iter().map(|ticket| ticket.id.0).collect();
        let mut watchers: HashMap<TicketId, Vec<Watcher>> = HashMap::new();
        for watcher in reader.ticket_watchers(&ids).await? {
            watchers.entry(watcher.ticket_id).or_default().push(watcher);
        }
        let watched = |ticket: Ticket| {
            let watchers = watchers.remove(&ticket.id).unwrap_or_default();
            Self { ticket: Arc::new(ticket), watchers }
        };
        Ok(tickets.into_iter().map(watched).collect())
    }
}

impl Occurrence {
    /// An event alone, with nothing of what it is about.
    pub fn bare(event: Event) -> Self {
        Self { event, session: None, message: None, ticket: None, tickets_moved: Vec::new(), clock: None, todo: None }
    }

    /// As the end of the session for a reader, which shows nothing of what came of it.
    pub(crate) fn as_loss(&self) -> Self {
        self.shown_as(EventKind::SessionRemoved)
    }

    /// As the end of a ticket for a reader, which shows nothing of what came of it.
    pub(crate) fn as_ticket_loss(&self) -> Self {
        self.shown_as(EventKind::TicketRemoved)
    }

    /// As an event of another kind, with nothing beside.
    fn shown_as(&self, kind: EventKind) -> Self {
        Self::bare(Event { kind, message_id: None, clock_id: None, todo_id: None, ..self.event.clone() })
    }

    /// As a reader sees it for whom the session has ended since; nothing if it is about a to-do, of which they are told no
    /// more, or about a message that they do not see.
    pub(crate) fn as_left(&self, departure: &Departure, then: Option<MessageThen>) -> Option<Self> {
        if self.event.todo_id.is_some() {
            return None;
        }
        let session = self.session.as_ref().map(|session| Arc::new(departure.shown(session)));
        let message = match &self.message {
            Some(message) => Some(Arc::new(departure.shown_message(Message::clone(message), then)?)),
            None => None,
        };
        // Where a clock stands now may have come of what happened later.
        Some(Self { session, message, ..Self::bare(self.event.clone()) })
    }

    pub(crate) fn is_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Everything => true,
            Scope::Project(project) => self.event.project_id == project,
            Scope::Session(session) => self.event.session_id == session,
        }
    }

    /// Loads what the events are about, in two statements whatever their number, in two more if any is about a ticket or its
    /// clock, in two more if any session changed hands, and in one more each if any is about a clock or a to-do.
    pub(crate) async fn of(events: Vec<Event>, reader: &mut Reader) -> Result<Vec<Arc<Self>>, store::Error> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let sessions: BTreeSet<i64> = events.iter().map(|event| event.session_id.0).collect();
        let messages: BTreeSet<i64> = events.iter().filter_map(|event| event.message_id.map(|id| id.0)).collect();
        let messages = reader.messages(&Vec::from_iter(messages)).await?;
        let messages: HashMap<_, _> = messages.into_iter().map(|message| (message.id, Arc::new(message))).collect();
        let clocks = clocks(&events, reader).await?;
        let tickets = tickets(&events, &clocks, reader).await?;
        let moved = tickets_moved(&events, reader).await?;
        let todos = todos(&events, reader).await?;
        // After all else: whoever sees a session as it is now may see what has been in it until now.
        let sessions = reader.sessions(&Vec::from_iter(sessions)).await?;
        let sessions: HashMap<_, _> = sessions.into_iter().map(|session| (session.id, Arc::new(session))).collect();
        Ok(events
            .into_iter()
            .map(|event| {
                let session = sessions.get(&event.session_id).cloned();
                let message = event.message_id.and_then(|id| messages.get(&id).cloned());
                let clock = event.clock_id.and_then(|id| clocks.get(&id).cloned());
                let of_clock = clock.as_ref().and_then(|clock| clock.ticket_id);
                let ticket = event.ticket.as_ref().map(|ticket| ticket.id).or(of_clock);
                let ticket = ticket.and_then(|id| tickets.get(&id).cloned());
                let of_session = moved.get(&event.session_id).filter(|_| moves_tickets(&event));
                let tickets_moved = of_session.cloned().unwrap_or_default();
                let todo = event.todo_id.and_then(|id| todos.get(&id).cloned());
                Arc::new(Self { event, session, message, ticket, tickets_moved, clock, todo })
            })
            .collect())
    }
}

/// Whether an event about a session may bring its tickets into somebody's sight or take them out of it.
fn moves_tickets(event: &Event) -> bool {
    event.audience_before.is_some() && !event.kind.is_about_ticket()
}

/// The tickets of the sessions by whose events they may move.
async fn tickets_moved(
    events: &[Event],
    reader: &mut Reader,
) -> Result<HashMap<SessionId, Vec<Arc<WatchedTicket>>>, store::Error> {
    let moving = events.iter().filter(|event| moves_tickets(event));
    let sessions: BTreeSet<i64> = moving.map(|event| event.session_id.0).collect();
    let mut moved: HashMap<SessionId, Vec<Arc<WatchedTicket>>> = HashMap::new();
    if sessions.is_empty() {
        return Ok(moved);
    }
    let found = reader.tickets_of_sessions(&Vec::from_iter(sessions)).await?;
    if found.is_empty() {
        return Ok(moved);
    }
    for watched in WatchedTicket::of(found, reader).await? {
        moved.entry(watched.ticket.session_id).or_default().push(Arc::new(watched));
    }
    Ok(moved)
}

/// The tickets that events or their clocks are about.
async fn tickets(
    events: &[Event],
    clocks: &HashMap<SlaClockId, Arc<Clock>>,
    reader: &mut Reader,
) -> Result<HashMap<TicketId, Arc<WatchedTicket>>, store::Error> {
    let named = events.iter().filter_map(|event| event.ticket.as_ref().map(|ticket| ticket.id.0));
    let ids: BTreeSet<i64> = named.chain(clocks.values().filter_map(|clock| clock.ticket_id.map(|id| id.0))).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = reader.tickets(&Vec::from_iter(ids)).await?;
    let watched = WatchedTicket::of(found, reader).await?;
    Ok(watched.into_iter().map(|watched| (watched.ticket.id, Arc::new(watched))).collect())
}

/// The clocks that events are about.
async fn clocks(events: &[Event], reader: &mut Reader) -> Result<HashMap<SlaClockId, Arc<Clock>>, store::Error> {
    let ids: BTreeSet<i64> = events.iter().filter_map(|event| event.clock_id.map(|id| id.0)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = reader.sla_clocks(&Vec::from_iter(ids)).await?;
    Ok(found.into_iter().map(|clock| (clock.id, Arc::new(clock))).collect())
}

/// The to-dos that events are about.
async fn todos(events: &[Event], reader: &mut Reader) -> Result<HashMap<TodoId, Arc<Todo>>, store::Error> {
    let ids: BTreeSet<i64> = events.iter().filter_map(|event| event.todo_id.map(|id| id.0)).collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let found = reader.todos(&Vec::from_iter(ids)).await?;
    Ok(found.into_iter().map(|todo| (todo.id, Arc::new(todo))).collect())
}
