//! The type `KnowledgeAnswer`.

use async_graphql::Object;

use super::KnowledgeEntry;
use crate::schema::error::Result;
use crate::schema::message::Message;
use crate::schema::scalar::DateTime;
use crate::view::View;

pub(crate) struct KnowledgeAnswer {
    row: domain::knowledge::KnowledgeAnswer,
    view: View,
}

impl KnowledgeAnswer {
    pub(crate) fn new(row: domain::knowledge::KnowledgeAnswer, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// An answer that a customer got from the bot.
#[Object]
impl KnowledgeAnswer {
    /// The knowledge entry that the bot answered with. Null if you may not see it.
    async fn entry(&self) -> Result<Option<KnowledgeEntry>> {
        let entry = self.view.loaders().knowledge_entries().load(self.row.entry_id).await?;
        Ok(entry.map(|entry| KnowledgeEntry::new(entry, &self.view)))
    }

    /// The message with the answer as it was given. Null if you may not see it.
    async fn message(&self) -> Result<Option<Message>> {
        let message = self.view.loaders().messages().load(self.row.message_id).await?;
        Ok(message.map(|message| Message::new(message, &self.view)))
    }

    /// Whether the customer said that it helped. Null while they said nothing about that.
    fn helped(&self) -> Option<bool> {
        self.row.helped
    }

    /// Whether the customer wanted a person.
    fn asked_for_person(&self) -> bool {
        self.row.person
    }

    /// When the customer got it, on the project's clock.
    fn shown_at(&self) -> DateTime {
        self.row.shown_at.into()
    }
}
