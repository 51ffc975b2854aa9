//! Messages by their ids.

use std::collections::HashMap;
use std::sync::Arc;

use desk::Error;
use domain::{MessageId, SessionId};

use crate::loader::{Found, Relation, Source};

/// The messages with given ids.
pub(crate) struct MessageById;

impl Relation for MessageById {
    type Key = MessageId;
    type Value = domain::Message;

    async fn load(source: &Source, keys: &[MessageId]) -> Result<Found<Self>, Error> {
        let messages = source.desk.messages_by_id(&source.actor, keys).await?;
        Ok(messages.into_iter().map(|message| (message.id, message)).collect())
    }
}

/// The pinned messages of sessions.
pub(crate) struct PinnedInSession;

impl Relation for PinnedInSession {
    type Key = SessionId;
    type Value = Vec<Arc<domain::Message>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let messages = source.desk.pinned_messages(&source.actor, keys).await?;
        let mut of_session: HashMap<SessionId, Vec<Arc<domain::Message>>> = HashMap::new();
        for message in messages {
            of_session.entry(message.session_id).or_default().push(Arc::new(message));
        }
        Ok(of_session.into_iter().collect())
    }
}
