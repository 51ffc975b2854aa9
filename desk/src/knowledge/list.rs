//! Reading what the bot answers.

use std::collections::{BTreeSet, HashMap};

use domain::knowledge::{KnowledgeAnswer, KnowledgeStatistics};
use domain::search::Query;
use domain::{ApiScope, KnowledgeEntry, KnowledgeEntryId, ProjectId, SessionId};

use crate::visibility::View;
use crate::{Actor, Connection, Desk, Error, PageRequest};

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct KnowledgeList {
    /// Those in whose question, answer or keywords this is found.
    pub query: Option<String>,
    /// Also those that were put away.
    pub includes_archived: bool,
}

impl Desk {
    /// A page of the knowledge entries of a project, oldest first.
    pub async fn knowledge_entries(
        &self,
        actor: &Actor,
        project: ProjectId,
        list: &KnowledgeList,
        request: PageRequest<KnowledgeEntryId>,
    ) -> Result<Connection<KnowledgeEntry, KnowledgeEntryId>, Error> {
        request.cut(self.listed_entries(actor, project, list).await?, |entry| entry.id)
    }

    async fn listed_entries(
        &self,
        actor: &Actor,
        project: ProjectId,
        list: &KnowledgeList,
    ) -> Result<Vec<KnowledgeEntry>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        self.role_in(actor, project).await?.ok_or(Error::NotFound("project"))?;
        let query = list.query.as_deref().map(Query::parse).transpose();
        let query = query.map_err(|refusal| Error::InvalidArgument(refusal.to_string()))?;
        let mut entries = self.store.read().await?.knowledge_entries_of(project).await?;
        entries.retain(|entry| {
            let is_found = |query: &Query| {
                let text = format!("{}\n{}\n{}", entry.question, entry.answer, entry.keywords.join("\n"));
                query.find_in(&text).is_some()
            };
            (list.includes_archived || entry.archived_at.is_none()) && query.as_ref().is_none_or(is_found)
        });
        Ok(entries)
    }

    /// Those of the knowledge entries that the actor may see, in no order.
    pub async fn knowledge_entries_by_id(
        &self,
        actor: &Actor,
        ids: &[KnowledgeEntryId],
    ) -> Result<Vec<KnowledgeEntry>, Error> {
        actor.needs(ApiScope::ProjectsRead)?;
        let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
        // The connection goes back before rights are asked for, which may take another one.
        let found = self.store.read().await?.knowledge_entries(&ids).await?;
        let projects: BTreeSet<ProjectId> = found.iter().map(|entry| entry.project_id).collect();
        let mut visible = BTreeSet::new();
        for project in projects {
            if self.role_in(actor, project).await?.is_some() {
                visible.insert(project);
            }
        }
        Ok(found.into_iter().filter(|entry| visible.contains(&entry.project_id)).collect())
    }

    /// What became of the answers by those of these entries that the actor may see, all zero where none was given.
    pub async fn knowledge_statistics(
        &self,
        actor: &Actor,
        ids: &[KnowledgeEntryId],
    ) -> Result<Vec<(KnowledgeEntryId, KnowledgeStatistics)>, Error> {
        let visible = self.knowledge_entries_by_id(actor, ids).await?;
        let ids: Vec<i64> = visible.iter().map(|entry| entry.id.0).collect();
        let counted: HashMap<_, _> = self.store.read().await?.knowledge_statistics(&ids).await?.into_iter().collect();
        Ok(visible.iter().map(|entry| (entry.id, counted.get(&entry.id).copied().unwrap_or_default())).collect())
    }

    /// What the bot answered in these sessions, of each in the order of the messages. Those for whom a session has ended are
    /// told of nothing.
    pub async fn knowledge_answers(
        &self,
        actor: &Actor,
        sessions: &[SessionId],
    ) -> Result<Vec<KnowledgeAnswer>, Error> {
        actor.needs(ApiScope::SessionsRead)?;
        let ids: Vec<i64> = sessions.iter().map(|id| id.0).collect();
        let answers = self.store.read().await?.knowledge_answers_in(&ids).await?;
        if answers.is_empty() {
            return Ok(answers);
        }
        // After the answers: what came once a session had ended for the actor is none of theirs.
        let sessions = self.store.read().await?.sessions(&ids).await?;
        let views = self.views(actor, &sessions).await?;
        let is_shown = |answer: &KnowledgeAnswer| matches!(views.get(&answer.session_id), Some(View::Whole));
        Ok(answers.into_iter().filter(is_shown).collect())
    }
}
