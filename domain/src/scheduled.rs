//! Messages that are to be sent later.

use chrono::Duration;
use serde::{Deserialize, Serialize};

use crate::formatting::Entity;
use crate::message::MediaKind;
use crate::session::ReplyRefusal;
use crate::{AgentId, FileId, MessageId, ProjectId, ScheduledMessageId, Session, SessionId, Time, named_enum};

/// How far ahead a message can be scheduled.
pub const FARTHEST: Duration = Duration::days(366);
/// How many messages can wait in one session.
pub const MOST_WAITING: usize = 20;

named_enum! {
    /// What became of a message that was to be sent later.
    pub enum ScheduledState {
        /// It is not time yet.
        Waiting = "WAITING",
        /// It was handed over for delivery.
        Sent = "SENT",
        /// Somebody took it back.
        Cancelled = "CANCELLED",
        /// It could not go out any more.
        Refused = "REFUSED",
    }
}

named_enum! {
    /// Why a message did not go out when its time came.
    pub enum ScheduledRefusal {
        /// The session was closed.
        SessionClosed = "SESSION_CLOSED",
        /// Its agent did not answer in the session any more.
        NotActiveReplier = "NOT_ACTIVE_REPLIER",
        /// The customer had written in between.
        CustomerReplied = "CUSTOMER_REPLIED",
        /// What it says or a file of it could not be sent any more.
        NotSendable = "NOT_SENDABLE",
    }
}

/// A file that goes with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScheduledMedia {
    /// The upload.
    pub file_id: FileId,
    /// What it is to be to Telegram.
    pub kind: MediaKind,
}

/// A message that is to be sent later.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduledMessage {
    /// The identifier.
    pub id: ScheduledMessageId,
    /// The project of the session.
    pub project_id: ProjectId,
    /// The session.
    pub session_id: SessionId,
    /// Who wrote it, and as whom it goes out.
    pub agent_id: AgentId,
    /// The text; under files the caption.
    pub text: String,
    /// The formatting of the text.
    pub entities: Vec<Entity>,
    /// The files.
    pub media: Vec<ScheduledMedia>,
    /// When it goes out, on the project's clock.
    pub send_at: Time,
    /// Whether it stays here if the customer writes before that.
    pub cancel_on_reply: bool,
    /// How many messages the customer had written in the session by then.
    pub inbound_count: i64,
    /// What became of it.
    pub state: ScheduledState,
    /// Why it did not go out.
    pub reason: Option<ScheduledRefusal>,
    /// The message that it became; if it became several, the first.
    pub message_id: Option<MessageId>,
    /// Grows with each change.
    pub version: i64,
    /// When it was written.
    pub created_at: Time,
    /// When it went out, was taken back or could not go out.
    pub settled_at: Option<Time>,
    /// Who took it back, if somebody did.
    pub settled_by: Option<AgentId>,
    /// The version of the session by which it was written.
    pub since_version: i64,
    /// The version of the session by which it was last changed.
    pub changed_version: i64,
}

impl ScheduledMessage {
    /// Why it does not go out now; nothing if it does. It goes out while its agent answers in the session.
    pub fn refusal_in(&self, session: &Session) -> Option<ScheduledRefusal> {
        if session.assignee_id != Some(self.agent_id) {
            return Some(ScheduledRefusal::NotActiveReplier);
        }
        match crate::session::check_replier(session, self.agent_id) {
            Err(ReplyRefusal::Closed) => Some(ScheduledRefusal::SessionClosed),
            Err(ReplyRefusal::NotActiveReplier) => Some(ScheduledRefusal::NotActiveReplier),
            Ok(()) if self.cancel_on_reply && session.inbound_count > self.inbound_count => {
                Some(ScheduledRefusal::CustomerReplied)
            }
            Ok(()) => None,
        }
    }

    /// It as somebody sees it for whom the session ended at a version; nothing if they do not. What became of it later
    /// only its writer is told.
    #[must_use]
    pub fn at_version(self, version: i64, reader: AgentId) -> Option<Self> {
        let is_readers = self.agent_id == reader;
        (self.since_version <= version && (is_readers || self.changed_version <= version)).then_some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CloseReason;
    use crate::session::tests::{noon, session_at};

    fn scheduled() -> ScheduledMessage {
        ScheduledMessage {
            id: ScheduledMessageId(1),
            project_id: ProjectId(1),
            session_id: SessionId(1),
            agent_id: AgentId(7),
            text: "Did it work?".to_owned(),
            entities: vec![],
            media: vec![],
            send_at: noon(),
            cancel_on_reply: true,
            inbound_count: 2,
            state: ScheduledState::Waiting,
            reason: None,
            message_id: None,
            version: 1,
            created_at: noon(),
            settled_at: None,
            settled_by: None,
            since_version: 5,
            changed_version: 6,
        }
    }

    #[test]
    fn it_goes_out_while_its_agent_answers_and_the_customer_is_silent() {
        let mut session = Session { inbound_count: 2, ..session_at(noon()) };
        assert_eq!(scheduled().refusal_in(&session), Some(ScheduledRefusal::NotActiveReplier), "nobody has it");
        session.assignee_id = Some(AgentId(7));
        assert_eq!(scheduled().refusal_in(&session), None);
        session.inbound_count = 3;
        assert_eq!(scheduled().refusal_in(&session), Some(ScheduledRefusal::CustomerReplied));
        assert_eq!(ScheduledMessage { cancel_on_reply: false, ..scheduled() }.refusal_in(&session), None);
        session.close(CloseReason::Agent, noon());
        assert_eq!(scheduled().refusal_in(&session), Some(ScheduledRefusal::SessionClosed));
        session.assignee_id = Some(AgentId(8));
        assert_eq!(scheduled().refusal_in(&session), Some(ScheduledRefusal::NotActiveReplier));
    }

    #[test]
    fn who_left_sees_what_was_there_and_what_became_of_their_own() {
        let (writer, other) = (AgentId(7), AgentId(8));
        assert!(scheduled().at_version(4, writer).is_none());
        assert!(scheduled().at_version(5, writer).is_some());
        assert!(scheduled().at_version(5, other).is_none(), "it was changed since");
        assert!(scheduled().at_version(6, other).is_some());
    }
}
