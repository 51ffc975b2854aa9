//! Messages as an actor sees them.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::filter::Page;
use domain::visibility::MessageThen;
use domain::{Message, MessageId, Role};

use super::{View, Views};
use crate::{Actor, Desk, Error};

impl View {
    /// The last message of the session that the actor sees; nothing if they see all.
    pub(crate) fn last_message(&self) -> Option<MessageId> {
        match self {
            Self::Whole => None,
            Self::AsLeft(departure) => Some(departure.last_message_id.unwrap_or(MessageId(0))),
        }
    }

    /// The same page of the session's messages without what came after the end.
    pub(crate) fn bounded(&self, page: Page<MessageId>) -> Page<MessageId> {
        let Some(last) = self.last_message() else { return page };
        let end = MessageId(last.0 + 1);
        Page { before: Some(page.before.map_or(end, |before| before.min(end))), ..page }
    }
}

impl Desk {
    /// Those of the messages that the actor may see, each as they see it, in the given order.
    pub(crate) async fn visible_messages(&self, actor: &Actor, found: Vec<Message>) -> Result<Vec<Message>, Error> {
        let mut whole = HashSet::new();
        for project in found.iter().map(|message| message.project_id).collect::<BTreeSet<_>>() {
            // Who sees every session needs no look at them.
            if self.role_in(actor, project).await? >= Some(Role::Supervisor) {
                whole.insert(project);
            }
        }
        let sessions = found.iter().filter(|message| !whole.contains(&message.project_id));
        let sessions: BTreeSet<i64> = sessions.map(|message| message.session_id.0).collect();
        if sessions.is_empty() {
            return Ok(found);
        }
        let sessions = self.store.read().await?.sessions(&Vec::from_iter(sessions)).await?;
        let mut views = self.views(actor, &sessions).await?;
        for message in found.iter().filter(|message| whole.contains(&message.project_id)) {
            views.insert(message.session_id, View::Whole);
        }
        self.as_viewed(actor, &views, found).await
    }

    /// The messages as they look in these views of their sessions, in the given order. What has changed since a session
    /// ended for the actor is looked up in one statement more, if there is such a session at all.
    pub(crate) async fn as_viewed(
        &self,
        actor: &Actor,
        views: &Views,
        found: Vec<Message>,
    ) -> Result<Vec<Message>, Error> {
        let is_left = |message: &&Message| matches!(views.get(&message.session_id), Some(View::AsLeft(_)));
        let left: Vec<i64> = found.iter().filter(is_left).map(|message| message.id.0).collect();
        let mut then: HashMap<MessageId, MessageThen> = HashMap::new();
        if !left.is_empty() {
            let kept = self.store.read().await?.messages_then(actor.agent.id, &left).await?;
            then.extend(kept.into_iter().map(|message| (message.message_id, message)));
        }
        let shown = |message: Message| match views.get(&message.session_id)? {
            View::Whole => Some(message),
            View::AsLeft(departure) => {
                let then = then.remove(&message.id);
                departure.shown_message(message, then)
            }
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }
}
