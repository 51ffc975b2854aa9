//! Messages: reading them, sending them and taking them in.

pub(crate) mod automatic;
mod change;
mod delete;
mod edit;
mod incoming;
mod list;
mod outgoing;
mod pin;
mod pinned;
mod send;
mod undelivered;
pub(crate) mod waiting;

pub use change::MessageRefusal;
pub use edit::{MessageEditRefusal, NewWording};
pub use incoming::Incoming;
pub(crate) use outgoing::{DESK_MESSAGE, call_of};
pub use send::{MessageSendRefusal, NewMedia, NewReply};
pub(crate) use send::{Sending, parts_of};
pub use undelivered::{DeliverySettleRefusal, Resolution};

use domain::event::{Cause, NewEvent};
use domain::message::ChangeKind;
use domain::{EventKind, Message, Time};

/// Why a message changes when this is asked for.
pub(crate) fn cause_of_change(kind: ChangeKind) -> Cause {
    match kind {
        ChangeKind::Edit => Cause::AgentEdit,
        ChangeKind::Delete => Cause::AgentDelete,
        ChangeKind::Pin | ChangeKind::Unpin => Cause::Pin,
    }
}

/// An event about a message.
pub(crate) fn message_event(message: &Message, kind: EventKind, cause: Cause, at: Time) -> NewEvent {
    NewEvent {
        project_id: message.project_id,
        kind,
        session_id: message.session_id,
        customer_id: message.customer_id,
        message_id: Some(message.id),
        ticket: None,
        clock_id: None,
        todo_id: None,
        cause,
        at,
        audience_before: None,
    }
}
