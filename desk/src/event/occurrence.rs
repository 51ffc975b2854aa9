//! An event together with the objects it is about.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use domain::visibility::MessageThen;
use domain::{Departure, Event, EventKind, Message, Session, Todo, TodoId};
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
    /// The to-do, if the event is about one.
    pub todo: Option<Arc<Todo>>,
}

impl Occurrence {
    /// As the end of the session for a reader, which shows nothing of what came of it.
    pub(crate) fn as_loss(&self) -> Self {
        let event = Event { kind: EventKind::SessionRemoved, message_id: None, todo_id: None, ..self.event.clone() };
        Self { event, session: None, message: None, todo: None }
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
        Some(Self { event: self.event.clone(), session, message, todo: None })
    }

    pub(crate) fn is_in(&self, scope: Scope) -> bool {
        match scope {
            Scope::Everything => true,
            Scope::Project(project) => self.event.project_id == project,
            Scope::Session(session) => self.event.session_id == session,
        }
    }

    /// Loads what the events are about, in two statements whatever their number, and one more if any is about a to-do.
    pub(crate) async fn of(events: Vec<Event>, reader: &mut Reader) -> Result<Vec<Arc<Self>>, store::Error> {
        if events.is_empty() {
            return Ok(Vec::new());
        }
        let sessions: BTreeSet<i64> = events.iter().map(|event| event.session_id.0).collect();
        let messages: BTreeSet<i64> = events.iter().filter_map(|event| event.message_id.map(|id| id.0)).collect();
        let messages = reader.messages(&Vec::from_iter(messages)).await?;
        let messages: HashMap<_, _> = messages.into_iter().map(|message| (message.id, Arc::new(message))).collect();
        let todos = todos(&events, reader).await?;
        // After the messages: whoever sees a session as it is now may see what its messages have been until now.
        let sessions = reader.sessions(&Vec::from_iter(sessions)).await?;
        let sessions: HashMap<_, _> = sessions.into_iter().map(|session| (session.id, Arc::new(session))).collect();
        Ok(events
            .into_iter()
            .map(|event| {
                let session = sessions.get(&event.session_id).cloned();
                let message = event.message_id.and_then(|id| messages.get(&id).cloned());
                let todo = event.todo_id.and_then(|id| todos.get(&id).cloned());
                Arc::new(Self { event, session, message, todo })
            })
            .collect())
    }
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
