//! The type `Trigger`.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};
use domain::trigger::ProjectTrigger;

use super::WordList;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::scalar::DateTime;
use crate::schema::session::SessionPriority;
use crate::schema::tag::Tag;
use crate::schema::ticket::{EscalationLevel, EscalationReason};
use crate::view::View;

/// How often a trigger fired, and what people thought of it.
#[derive(SimpleObject)]
pub(crate) struct TriggerStatistics {
    /// How often it fired.
    fired: i64,
    /// How often somebody said that it was right.
    accepted: i64,
    /// How often somebody said that there was no need.
    unnecessary: i64,
}

pub(crate) struct Trigger {
    row: Arc<ProjectTrigger>,
    view: View,
}

impl Trigger {
    pub(crate) fn new(row: Arc<ProjectTrigger>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// What the desk does by itself with a session when its customer writes one of some words or gives few stars, or when its
/// issue stays unresolved.
#[Object]
impl Trigger {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// What it is called.
    fn name(&self) -> &str {
        &self.row.name
    }

    /// The lists of words that it looks for. Empty if it waits for something else.
    async fn word_lists(&self) -> Result<Vec<WordList>> {
        let mut lists = Vec::with_capacity(self.row.word_list_ids.len());
        for id in &self.row.word_list_ids {
            lists.extend(self.view.loaders().word_lists().load(*id).await?.map(WordList::new));
        }
        Ok(lists)
    }

    /// How many messages of the customer in a row have to have one of the words. Null for one message, once until the
    /// issue is resolved.
    fn messages_in_a_row(&self) -> Option<u32> {
        self.row.messages_in_a_row
    }

    /// After how many minutes it fires for an issue that is unresolved, once until the issue is resolved. Null if it does not
    /// wait for that.
    fn unresolved_minutes(&self) -> Option<u32> {
        self.row.unresolved_minutes
    }

    /// The most stars of a rating for which it fires. Null if it waits for no rating.
    fn low_rating_stars(&self) -> Option<u8> {
        self.row.low_rating
    }

    /// How high it suggests to escalate. Null if it does not.
    fn suggest(&self) -> Option<EscalationLevel> {
        self.row.suggest.map(EscalationLevel::from)
    }

    /// How high it escalates by itself. Where no team of that line is there, it suggests it. Null if it does not.
    fn escalate(&self) -> Option<EscalationLevel> {
        self.row.escalate.map(EscalationLevel::from)
    }

    /// Why it escalates.
    fn escalation_reason(&self) -> EscalationReason {
        self.row.escalation_reason().into()
    }

    /// The tags that it gives to the session.
    async fn tags(&self) -> Result<Vec<Tag>> {
        let mut tags = Vec::with_capacity(self.row.tag_ids.len());
        for id in &self.row.tag_ids {
            tags.extend(self.view.loaders().tags().load(*id).await?.map(Tag::new));
        }
        Ok(tags)
    }

    /// The priority that the session has at least once it fired. Null if it leaves that as it is.
    fn raise_priority_to(&self) -> Option<SessionPriority> {
        self.row.raise_to.map(SessionPriority::from)
    }

    /// Whether it works.
    fn active(&self) -> bool {
        self.row.active
    }

    /// How often it fired. Null if you are neither a supervisor nor an administrator of the project.
    async fn statistics(&self) -> Result<Option<TriggerStatistics>> {
        let counted = self.view.loaders().trigger_statistics().load(self.row.id).await?;
        Ok(counted.map(|counted| TriggerStatistics {
            fired: counted.fired,
            accepted: counted.accepted,
            unnecessary: counted.unnecessary,
        }))
    }

    /// Grows with each change of the trigger.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }
}
