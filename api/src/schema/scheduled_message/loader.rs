//! Messages for later by their ids and by their sessions.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::{ScheduledMessageId, SessionId};

use crate::loader::{Found, Relation, Source};

/// The messages for later with given ids.
pub(crate) struct ScheduledMessageById;

impl Relation for ScheduledMessageById {
    type Key = ScheduledMessageId;
    type Value = domain::ScheduledMessage;

    async fn load(source: &Source, keys: &[ScheduledMessageId]) -> Result<Found<Self>, Error> {
        let messages = source.desk.scheduled_messages_by_id(&source.actor, keys).await?;
        Ok(messages.into_iter().map(|message| (message.id, message)).collect())
    }
}

/// The messages for later of sessions.
pub(crate) struct ScheduledInSession;

impl Relation for ScheduledInSession {
    type Key = SessionId;
    type Value = Vec<Arc<domain::ScheduledMessage>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let messages = source.desk.scheduled_messages_of(&source.actor, keys).await?;
        let mut of_session: HashMap<SessionId, Vec<Arc<domain::ScheduledMessage>>> = HashMap::new();
        for message in messages {
            of_session.entry(message.session_id).or_default().push(Arc::new(message));
        }
        Ok(of_session.into_iter().collect())
    }
}
