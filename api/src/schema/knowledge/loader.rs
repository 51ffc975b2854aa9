//! Knowledge entries by their ids, and what became of them.

use desk::Error;
use domain::KnowledgeEntryId;
use domain::knowledge::KnowledgeStatistics;

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
