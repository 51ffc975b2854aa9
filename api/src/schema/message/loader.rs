//! Messages by their ids.

use desk::Error;
use domain::MessageId;

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
