//! The type `KnowledgeEntry`.

use std::sync::Arc;

use async_graphql::{Object, SimpleObject};

use crate::schema::agent::Agent;
use crate::schema::error::Result;
use crate::schema::id::Id;
use crate::schema::project::Project;
use crate::schema::scalar::DateTime;
use crate::schema::session::Session;
use crate::view::View;

/// What became of the answers that customers got by an entry.
#[derive(SimpleObject)]
pub(crate) struct KnowledgeStatistics {
    /// How many sessions got it.
    shown: i64,
    /// In how many of them the customer said that it helped.
    helped: i64,
    /// In how many that it did not.
    did_not_help: i64,
    /// In how many they wanted a person.
    asked_for_person: i64,
}

pub(crate) struct KnowledgeEntry {
    row: Arc<domain::KnowledgeEntry>,
    view: View,
}

impl KnowledgeEntry {
    pub(crate) fn new(row: Arc<domain::KnowledgeEntry>, view: &View) -> Self {
        Self { row, view: view.clone() }
    }
}

/// A question that customers ask again and again, with the answer that the bot gives by itself: once in a session, as long
/// as no agent has written in it. The customer still waits for an agent, and can ask for one by a button.
#[Object]
impl KnowledgeEntry {
    /// The global id.
    pub(crate) async fn id(&self) -> Id {
        self.row.id.into()
    }

    /// The question as customers ask it. A message in much the same words is answered.
    fn question(&self) -> &str {
        &self.row.question
    }

    /// The answer.
    fn answer(&self) -> &str {
        &self.row.answer
    }

    /// The language of both as an IETF tag in lower case. Null for customers of any language.
    fn language(&self) -> Option<&str> {
        self.row.language.as_deref()
    }

    /// Words and phrases that make a message this question, whatever else is in it.
    fn keywords(&self) -> &[String] {
        &self.row.keywords
    }

    /// The session from which it was made. Null if it was made from none, or if you may not see it.
    async fn session(&self) -> Result<Option<Session>> {
        let Some(id) = self.row.session_id else { return Ok(None) };
        let session = self.view.loaders().sessions().load(id).await?;
        Ok(session.map(|session| Session::new(session, &self.view)))
    }

    /// What became of the answers that customers got by it.
    async fn statistics(&self) -> Result<KnowledgeStatistics> {
        let counted = self.view.loaders().knowledge_statistics().load(self.row.id).await?;
        let counted = counted.map(|counted| *counted).unwrap_or_default();
        Ok(KnowledgeStatistics {
            shown: counted.shown,
            helped: counted.helped,
            did_not_help: counted.did_not_help,
            asked_for_person: counted.asked_for_person,
        })
    }

    /// Who made it. Null if they are gone.
    async fn created_by(&self) -> Result<Option<Agent>> {
        let agent = self.view.loaders().agents().load(self.row.created_by).await?;
        Ok(agent.map(|agent| Agent::new(agent, &self.view)))
    }

    /// The project.
    async fn project(&self) -> Result<Project> {
        Project::load(self.row.project_id, &self.view).await
    }

    /// When it was put away with `knowledgeEntryArchive`, on the project's clock: the bot does not give it any more. Null if
    /// it was not.
    fn archived_at(&self) -> Option<DateTime> {
        self.row.archived_at.map(DateTime::from)
    }

    /// Grows with each change. Send it as `expectedVersion` to change only what you have seen.
    fn version(&self) -> i64 {
        self.row.version
    }

    /// When it was made, on the project's clock.
    fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it was last changed, on the project's clock.
    fn updated_at(&self) -> DateTime {
        self.row.updated_at.into()
    }
}
