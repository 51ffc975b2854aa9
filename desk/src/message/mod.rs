//! Messages: reading them, sending them and taking them in.

mod list;
mod receive;
mod send;

pub use receive::Incoming;
pub(crate) use receive::{receive, receive_edit};
pub use send::{MessageSendRefusal, NewReply};

use domain::event::{Cause, NewEvent};
use domain::{EventKind, Message, Time};

/// An event about a message.
pub(crate) fn message_event(message: &Message, kind: EventKind, cause: Cause, at: Time) -> NewEvent {
    NewEvent {
        project_id: message.project_id,
        kind,
        session_id: message.session_id,
        customer_id: message.customer_id,
        message_id: Some(message.id),
        cause,
        at,
    }
}
