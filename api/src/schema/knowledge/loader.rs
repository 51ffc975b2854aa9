//! Knowledge entries by their ids, what became of them, and what the bot answered in sessions.

use std::collections::HashMap;

use desk::Error;
use domain::knowledge::{KnowledgeAnswer, KnowledgeStatistics};
use domain::{KnowledgeEntryId, SessionId};

use crate::loader::{Found, Relation, Source};

/// The knowledge entries with given ids.
pub(crate) struct KnowledgeEntryById;

impl Relation for KnowledgeEntryById {
    type Key = KnowledgeEntryId;
    type Value = domain::KnowledgeEntry;

    async fn load(source: &Source, keys: &[KnowledgeEntryId]) -> Result<Found<Self>, Error> {
        let found = source.desk.knowledge_entries_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|entry| (entry.id, entry)).collect())
    }
}

/// What became of the answers by entries.
pub(crate) struct StatisticsOfKnowledge;

impl Relation for StatisticsOfKnowledge {
    type Key = KnowledgeEntryId;
    type Value = KnowledgeStatistics;

    async fn load(source: &Source, keys: &[KnowledgeEntryId]) -> Result<Found<Self>, Error> {
        source.desk.knowledge_statistics(&source.actor, keys).await
    }
}

/// What the bot answered in sessions.
pub(crate) struct AnswersInSession;

impl Relation for AnswersInSession {
    type Key = SessionId;
    type Value = Vec<KnowledgeAnswer>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let mut of_session: HashMap<SessionId, Vec<KnowledgeAnswer>> = HashMap::new();
        for answer in source.desk.knowledge_answers(&source.actor, keys).await? {
            of_session.entry(answer.session_id).or_default().push(answer);
        }
        Ok(of_session.into_iter().collect())
    }
}
