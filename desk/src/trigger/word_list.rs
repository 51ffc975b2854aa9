//! Making, changing and removing the lists of words that triggers look for.

use domain::audit::ObjectKind;
use domain::name::{NameRefusal, is_same_name, parse_name};
use domain::trigger::{MOST_PHRASES, MOST_PHRASES_OF_PROJECT, MOST_WORD_LISTS, ProjectWordList};
use domain::words::{Phrase, PhraseError};
use domain::{ApiScope, Project, ProjectId, Role, WordListId};
use store::Tx;

use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, IdempotencyKeyRefusal, Rejected};

/// A list to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewWordList {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// What is looked for.
    pub phrases: Vec<String>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

/// What is to change of a list; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct WordListChange {
    /// What it is called.
    pub name: Option<String>,
    /// All that is looked for.
    pub phrases: Option<Vec<String>>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

/// Why a list was not made, changed or removed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordListRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// There is no such list, or the actor may not know of it.
    #[error("there is no such list of words")]
    NotFound,
    /// It is not at the version that the actor has seen.
    #[error("the list has changed since you read it: look at it again and repeat the request")]
    VersionConflict(Box<ProjectWordList>),
    /// The name cannot be taken.
    #[error(transparent)]
    Name(#[from] NameRefusal),
    /// Another list has the name.
    #[error("another list of the project has this name: choose another one")]
    NameTaken,
    /// Nothing would be looked for.
    #[error("the list is empty: give at least one phrase")]
    Empty,
    /// A phrase cannot be looked for.
    #[error("phrase {index} cannot be looked for: {reason}")]
    Phrase {
        /// Which of the phrases, counted from 0.
        index: usize,
        /// Why not.
        reason: PhraseError,
    },
    /// More than [`MOST_PHRASES`].
    #[error("a list has at most {MOST_PHRASES} phrases: make two lists of it")]
    TooManyPhrases,
    /// More than [`MOST_PHRASES_OF_PROJECT`].
    #[error("the lists of a project have at most {MOST_PHRASES_OF_PROJECT} phrases in all: remove some first")]
    TooManyPhrasesOfProject,
    /// There are [`MOST_WORD_LISTS`].
    #[error("a project has at most {MOST_WORD_LISTS} lists of words: remove some first")]
    TooMany,
    /// A trigger looks for it.
    #[error("a trigger looks for this list: change or remove the trigger first")]
    InUse,
    /// The key cannot be taken.
    #[error(transparent)]
    IdempotencyKey(#[from] IdempotencyKeyRefusal),
}

impl<E: Into<WordListRefusal>> From<E> for Rejected<WordListRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

use WordListRefusal as Refusal;

impl Desk {
    /// Makes a list of words.
    pub async fn word_list_create(
        &self,
        actor: &Actor,
        new: &NewWordList,
    ) -> Result<ProjectWordList, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "wordListCreate", new)??;
        retried(|| self.try_word_list_create(actor, new, &request)).await
    }

    async fn try_word_list_create(
        &self,
        actor: &Actor,
        new: &NewWordList,
        request: &Request<'_>,
    ) -> Result<ProjectWordList, Rejected<Refusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.word_lists(&[earlier]).await?.pop().ok_or(Error::NotFound("word list"))?);
        }
        let (name, phrases) = (parse_name(&new.name)?, parse_phrases(&new.phrases)?);
        let others = tx.word_lists_of_project(project.id).await?;
        if others.len() >= MOST_WORD_LISTS {
            return Err(Refusal::TooMany.into());
        }
        if others.iter().any(|other| is_same_name(&other.name, &name)) {
            return Err(Refusal::NameTaken.into());
        }
        check_phrases_of_project(&others, &phrases)?;
        let created_at = project.time(self.now());
        let new = store::triggers::NewWordList { project_id: project.id, name, phrases, created_at, preset: None };
        let list = tx.insert_word_list(&new).await?;
        request.answer(self, &mut tx, list.id.0).await?;
        self.finish_word_list(actor, tx, &project, "wordListCreate", list.id).await?;
        Ok(list)
    }

    /// Changes a list of words. Triggers look for what is in it now from the next message on.
    pub async fn word_list_update(
        &self,
        actor: &Actor,
        id: WordListId,
        change: &WordListChange,
    ) -> Result<ProjectWordList, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_word_list_update(actor, id, change)).await
    }

    async fn try_word_list_update(
        &self,
        actor: &Actor,
        id: WordListId,
        change: &WordListChange,
    ) -> Result<ProjectWordList, Rejected<Refusal>> {
        let (mut tx, project, before) = self.change_word_list(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let mut list = before.clone();
        if let Some(name) = &change.name {
            list.name = parse_name(name)?;
        }
        if let Some(phrases) = &change.phrases {
            list.phrases = parse_phrases(phrases)?;
        }
        if list == before {
            return Ok(before);
        }
        let mut others = tx.word_lists_of_project(project.id).await?;
        others.retain(|other| other.id != id);
        let has_it = |other: &ProjectWordList| is_same_name(&other.name, &list.name);
        if list.name != before.name && others.iter().any(has_it) {
            return Err(Refusal::NameTaken.into());
        }
        // What there was before there was a limit can still become less.
        if list.phrases.len() > before.phrases.len() {
            check_phrases_of_project(&others, &list.phrases)?;
        }
        let changed = tx.update_word_list(&list).await?;
        self.finish_word_list(actor, tx, &project, "wordListUpdate", id).await?;
        Ok(changed)
    }

    /// Removes a list of words that no trigger looks for. Answers the project that it was in.
    pub async fn word_list_remove(&self, actor: &Actor, id: WordListId) -> Result<Project, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_word_list_remove(actor, id)).await
    }

    async fn try_word_list_remove(&self, actor: &Actor, id: WordListId) -> Result<Project, Rejected<Refusal>> {
        let (mut tx, project, _) = self.change_word_list(actor, id).await?;
        let triggers = tx.triggers_of_project(project.id).await?;
        if triggers.iter().any(|trigger| trigger.word_list_ids.contains(&id)) {
            return Err(Refusal::InUse.into());
        }
        tx.remove_word_list(id).await?;
        self.finish_word_list(actor, tx, &project, "wordListRemove", id).await?;
        Ok(project)
    }

    async fn change_word_list(
        &self,
        actor: &Actor,
        id: WordListId,
    ) -> Result<(Tx, Project, ProjectWordList), Rejected<Refusal>> {
        let known = self.store.read().await?.word_lists(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        let begun = self.change_in_project(actor, known.project_id, Role::Supervisor).await?;
        let (mut tx, project) = begun.map_err(|refusal| match refusal {
            StandingRefusal::NotFound => Refusal::NotFound,
            other @ StandingRefusal::NotSupervisor => other.into(),
        })?;
        tx.lock_project(project.id).await?;
        let list = tx.word_lists(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        Ok((tx, project, list))
    }

    async fn finish_word_list(
        &self,
        actor: &Actor,
        mut tx: Tx,
        project: &Project,
        action: &'static str,
        list: WordListId,
    ) -> Result<(), Error> {
        tx.raise_project_version(project.id).await?;
        let object = (ObjectKind::WordList, list.0);
        Audited::in_project(&actor.agent, project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await
    }
}

/// Fails if a list with these phrases would be too much for its project beside the other ones.
fn check_phrases_of_project(others: &[ProjectWordList], phrases: &[String]) -> Result<(), Refusal> {
    let of_others: usize = others.iter().map(|other| other.phrases.len()).sum();
    if of_others + phrases.len() > MOST_PHRASES_OF_PROJECT {
        return Err(Refusal::TooManyPhrasesOfProject);
    }
    Ok(())
}

/// Reads phrases, each once.
fn parse_phrases(given: &[String]) -> Result<Vec<String>, Refusal> {
    if given.is_empty() {
        return Err(Refusal::Empty);
    }
    if given.len() > MOST_PHRASES {
        return Err(Refusal::TooManyPhrases);
    }
    let mut phrases: Vec<Phrase> = Vec::with_capacity(given.len());
    for (index, phrase) in given.iter().enumerate() {
        let phrase = domain::text::without_nul(phrase);
        let phrase = Phrase::parse(&phrase).map_err(|reason| Refusal::Phrase { index, reason })?;
        if !phrases.iter().any(|known| known.finds_the_same_as(&phrase)) {
            phrases.push(phrase);
        }
    }
    Ok(phrases.iter().map(|phrase| phrase.text().to_owned()).collect())
}
