//! Reading messages.

use std::sync::Arc;

use domain::{ApiScope, Message, MessageId, SessionId};

use crate::visibility::Views;
use crate::{Actor, Connection, Desk, Error, PageRequest};

impl Desk {
    /// A page of a session's messages, oldest first, up to where it ended for the actor if it did.
    pub async fn messages(
        &self,
        actor: &Actor,
        session_id: SessionId,
        request: PageRequest<MessageId>,
    ) -> Result<Connection<Message, MessageId>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let mut view = self.view(actor, session_id).await?.ok_or(Error::NotFound("session"))?;
        let page = request.page()?;
        let (rows, total) = loop {
            let mut reader = request.reader(&self.store).await?;
            let rows = reader.message_page(session_id, view.bounded(page)).await?;
            let total = request.total(reader.message_count(session_id, view.last_message())).await?;
            // The connection goes back before rights are asked for, which may take another one.
            reader.end().await?;
            match self.ended_since(actor, session_id, &view).await? {
                Some(left) => view = left,
                None => break (rows, total),
            }
        };
        let rows = self.as_viewed(actor, &Views::from([(session_id, view)]), rows).await?;
        Ok(Connection::new(page, rows, total, |message| message.id))
    }

    /// The messages of albums that the actor may see, each album with its session, in the order of the messages.
    pub async fn messages_of_albums(
        &self,
        actor: &Actor,
        albums: &[(SessionId, Arc<str>)],
    ) -> Result<Vec<Message>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let sessions: Vec<i64> = albums.iter().map(|(session, _)| session.0).collect();
        let names: Vec<String> = albums.iter().map(|(_, album)| album.to_string()).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.messages_of_albums(&sessions, &names).await?;
        self.visible_messages(actor, found).await
    }

    /// Those of the messages that the actor may see, in no order.
    pub async fn messages_by_id(&self, actor: &Actor, ids: &[MessageId]) -> Result<Vec<Message>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.messages(&ids).await?;
        self.visible_messages(actor, found).await
    }
}
