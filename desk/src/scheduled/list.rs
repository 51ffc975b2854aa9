//! Reading messages that are to be sent later.

use std::collections::BTreeSet;

use domain::{ApiScope, ScheduledMessage, ScheduledMessageId, SessionId};

use crate::visibility::NEWEST_SHOWN;
use crate::{Actor, Desk, Error};

impl Desk {
    /// The newest messages for later of sessions that the actor may see, [`NEWEST_SHOWN`] of each and all that wait,
    /// oldest first. Where a session has ended for the actor, of those that were there then the ones that have not changed
    /// since, and what became of their own.
    pub async fn scheduled_messages_of(
        &self,
        actor: &Actor,
        sessions: &[SessionId],
    ) -> Result<Vec<ScheduledMessage>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let mut found = self.store.read().await?.newest_scheduled_of(&ids, None, NEWEST_SHOWN).await?;
        let left = self.left_of(actor, &ids).await?;
        if !left.is_empty() {
            let then = self.store.read().await?.newest_scheduled_of(&left, Some(actor.agent.id), NEWEST_SHOWN).await?;
            found.retain(|message| !left.contains(&message.session_id.0));
            found.extend(then);
        }
        self.visible_scheduled(actor, found).await
    }

    /// Those of the messages for later that the actor may see, in no order.
    pub async fn scheduled_messages_by_id(
        &self,
        actor: &Actor,
        ids: &[ScheduledMessageId],
    ) -> Result<Vec<ScheduledMessage>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        let found = self.store.read().await?.scheduled_messages(&ids).await?;
        self.visible_scheduled(actor, found).await
    }

    async fn visible_scheduled(
        &self,
        actor: &Actor,
        found: Vec<ScheduledMessage>,
    ) -> Result<Vec<ScheduledMessage>, Error> {
        let sessions: BTreeSet<i64> = found.iter().map(|message| message.session_id.0).collect();
        if sessions.is_empty() {
            return Ok(Vec::new());
        }
        let sessions = self.store.read().await?.sessions(&Vec::from_iter(sessions)).await?;
        let views = self.views(actor, &sessions).await?;
        let shown = |message: ScheduledMessage| match views.get(&message.session_id)?.last_version() {
            Some(version) => message.at_version(version, actor.agent.id),
            None => Some(message),
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }
}
