//! The messages that are pinned in sessions.

use domain::{ApiScope, Message, SessionId};

use crate::{Actor, Desk, Error};

impl Desk {
    /// The pinned messages of sessions that the actor may see, those of each session with the pin that was set last
    /// first. Where a session has ended for the actor, what was pinned by then and still is.
    pub async fn pinned_messages(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<Message>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.pinned_messages(&ids).await?;
        let mut visible = self.visible_messages(actor, found).await?;
        visible.retain(|message| message.pinned_at.is_some() && message.deleted_at.is_none());
        Ok(visible)
    }
}
