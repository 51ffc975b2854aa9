//! Messages as an actor sees them.

use std::collections::{BTreeSet, HashSet};

use domain::filter::Page;
use domain::{Message, MessageId, Role};

use super::{View, Views};
use crate::{Actor, Desk, Error};

impl View {
    /// The message of the session as the actor sees it; nothing if they do not.
    pub(crate) fn of_message(&self, message: Message) -> Option<Message> {
        match self {
            Self::Whole => Some(message),
            Self::AsLeft(departure) => departure.shown_message(message),
        }
    }

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
        let views = if sessions.is_empty() {
            Views::new()
        } else {
            let sessions = self.store.read().await?.sessions(&Vec::from_iter(sessions)).await?;
            self.views(actor, &sessions).await?
        };
        let shown = |message: Message| {
            if whole.contains(&message.project_id) {
                return Some(message);
            }
            views.get(&message.session_id)?.of_message(message)
        };
        Ok(found.into_iter().filter_map(shown).collect())
    }
}
