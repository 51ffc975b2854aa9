//! The messages that are pinned in sessions.

use std::cmp::Reverse;
use std::collections::HashMap;

use domain::{ApiScope, Message, SessionId};

use crate::visibility::NEWEST_SHOWN;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The pinned messages of sessions that the actor may see, those of each session with the pin that was set last
    /// first, [`NEWEST_SHOWN`] at most. Where a session has ended for the actor, what was pinned then.
    pub async fn pinned_messages(&self, actor: &Actor, sessions: &[SessionId]) -> Result<Vec<Message>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.pinned_messages(&ids, actor.agent.id).await?;
        let mut visible = self.visible_messages(actor, found).await?;
        visible.retain(|message| message.pinned_at.is_some() && message.deleted_at.is_none());
        // Which pin was the last can have been another one then.
        visible.sort_by_key(|message| (message.session_id, Reverse((message.pinned_at, message.id))));
        let mut of_session: HashMap<SessionId, i64> = HashMap::new();
        visible.retain(|message| {
            let place = of_session.entry(message.session_id).or_default();
            *place += 1;
            *place <= NEWEST_SHOWN
        });
        Ok(visible)
    }
}
