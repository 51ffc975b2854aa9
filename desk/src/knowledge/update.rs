//! Changing a knowledge entry, putting it away, and taking it back into use.

use domain::audit::ObjectKind;
use domain::knowledge::{check_answer, parse_keywords, parse_question};
use domain::{ApiScope, KnowledgeEntry, KnowledgeEntryId, Project, Role};
use store::Tx;

use super::KnowledgeEntryRefusal as Refusal;
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Rejected};

/// What is to change of a knowledge entry; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct KnowledgeEntryChange {
    /// The question.
    pub question: Option<String>,
    /// The answer.
    pub answer: Option<String>,
    /// The language of both; nothing for customers of any language.
    pub language: Option<Option<String>>,
    /// All the words and phrases that make a message this question.
    pub keywords: Option<Vec<String>>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// What becomes of the use of an entry.
#[derive(Debug, Clone, Copy)]
enum Use {
    AsItIs,
    /// The bot does not give it any more.
    Archived,
    /// The bot gives it again.
    Restored,
}

impl Use {
    const fn action(self) -> &'static str {
        match self {
            Self::AsItIs => "knowledgeEntryUpdate",
            Self::Archived => "knowledgeEntryArchive",
            Self::Restored => "knowledgeEntryRestore",
        }
    }
}

impl Desk {
    /// Changes a knowledge entry.
    pub async fn knowledge_entry_update(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
        change: &KnowledgeEntryChange,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        self.change_knowledge_entry(actor, id, change, Use::AsItIs).await
    }

    /// Puts a knowledge entry away, so that the bot does not give it any more.
    pub async fn knowledge_entry_archive(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
        expected_version: Option<i64>,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        let change = KnowledgeEntryChange { expected_version, ..KnowledgeEntryChange::default() };
        self.change_knowledge_entry(actor, id, &change, Use::Archived).await
    }

    /// Takes a knowledge entry back into use.
    pub async fn knowledge_entry_restore(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
        expected_version: Option<i64>,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        let change = KnowledgeEntryChange { expected_version, ..KnowledgeEntryChange::default() };
        self.change_knowledge_entry(actor, id, &change, Use::Restored).await
    }

    async fn change_knowledge_entry(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
        change: &KnowledgeEntryChange,
        becomes: Use,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_change_knowledge_entry(actor, id, change, becomes)).await
    }

    async fn try_change_knowledge_entry(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
        change: &KnowledgeEntryChange,
        becomes: Use,
    ) -> Result<KnowledgeEntry, Rejected<Refusal>> {
        let (mut tx, project, before) = self.begin_with_entry(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let now = project.time(self.now());
        let mut entry = before.clone();
        if let Some(question) = &change.question {
            entry.question = parse_question(question)?;
        }
        if change.answer.is_some() || change.language.is_some() {
            let answer = change.answer.as_ref().unwrap_or(&before.answer);
            let language = change.language.as_ref().unwrap_or(&before.language);
            (entry.answer, entry.language) = check_answer(answer, language.as_deref())?;
        }
        if let Some(keywords) = &change.keywords {
            entry.keywords = parse_keywords(keywords)?;
        }
        match becomes {
            Use::AsItIs => {}
            Use::Archived => entry.archived_at = entry.archived_at.or(Some(now)),
            Use::Restored => entry.archived_at = None,
        }
        if entry == before {
            return Ok(before);
        }
        entry.updated_at = now;
        let entry = tx.update_knowledge_entry(&entry).await?;
        tx.raise_project_version(project.id).await?;
        let object = (ObjectKind::KnowledgeEntry, id.0);
        Audited::in_project(&actor.agent, &project, becomes.action(), object, self.now()).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(entry)
    }

    /// Begins the change of an entry by somebody who may. Nobody else changes those of its project until the transaction
    /// ends.
    async fn begin_with_entry(
        &self,
        actor: &Actor,
        id: KnowledgeEntryId,
    ) -> Result<(Tx, Project, KnowledgeEntry), Rejected<Refusal>> {
        let known = self.store.read().await?.knowledge_entries(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        let (mut tx, project) = match self.change_in_project(actor, known.project_id, Role::Supervisor).await? {
            Err(StandingRefusal::NotFound) => return Err(Refusal::NotFound.into()),
            other => other?,
        };
        tx.lock_project(project.id).await?;
        let entry = tx.knowledge_entries(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        Ok((tx, project, entry))
    }
}
