//! Taking over the triggers that the desk has ready.

use std::collections::{BTreeMap, HashMap};

use domain::tag::Preset;
use domain::trigger::defaults::{self, DefaultList, PresetTags};
use domain::trigger::{KeptRule, MOST_TRIGGERS, MOST_WORD_LISTS, ProjectTrigger};
use domain::{ApiScope, Project, ProjectId, Role, Tag, TagId, WordListId};
use store::Tx;
use store::triggers::{NewTrigger, NewWordList};

use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// Why the triggers that the desk has ready were not taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TriggerDefaultsRefusal {
    /// The actor may not.
    #[error(transparent)]
    Standing(#[from] StandingRefusal),
    /// A list of the project's own has the name of one of these.
    #[error("the project has a list of words of its own called \"{0}\": give that one another name first")]
    NameTaken(&'static str),
    /// A tag that they give was put away.
    #[error("the triggers give the tag \"{0}\", which was put away: restore it first")]
    TagArchived(String),
    /// The project would have too many lists or triggers.
    #[error(
        "a project has at most {MOST_WORD_LISTS} lists of words and {MOST_TRIGGERS} triggers, and these would be more: remove some \
         first"
    )]
    TooMany,
}

impl<E: Into<TriggerDefaultsRefusal>> From<E> for Rejected<TriggerDefaultsRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

use TriggerDefaultsRefusal as Refusal;

impl Desk {
    /// Gives a project those of the triggers and lists of words that the desk has ready which it does not have. What it
    /// has stays as people made it. Answers the project, and the triggers that were added.
    pub async fn trigger_defaults_install(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<(Project, Vec<ProjectTrigger>), Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_trigger_defaults_install(actor, project)).await
    }

    async fn try_trigger_defaults_install(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<(Project, Vec<ProjectTrigger>), Rejected<Refusal>> {
        let (mut tx, project) = self.change_in_project(actor, project, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        let present = tx.preset_triggers(project.id).await?;
        let known: BTreeMap<DefaultList, WordListId> = tx.preset_word_lists(project.id).await?.into_iter().collect();
        let tags = preset_tags(&mut tx, &project).await??;
        let created_at = project.time(self.now());
        let lists = add_lists(&mut tx, &project, &known, created_at).await??;
        let others = tx.triggers_of_project(project.id).await?;
        let mut place = others.last().map_or(1, |last| last.place + 1);
        let mut added = Vec::new();
        for (preset, condition, actions) in defaults::triggers(tags, |list| lists[&list]) {
            if present.contains(&preset) {
                continue;
            }
            let rule = KeptRule::of(condition, &actions);
            if others.len() + added.len() >= MOST_TRIGGERS {
                return Err(Refusal::TooMany.into());
            }
            let new = NewTrigger {
                project_id: project.id,
                name: preset.trigger_name().to_owned(),
                word_list_ids: rule.word_list_ids,
                messages_in_a_row: rule.messages_in_a_row,
                unresolved_minutes: rule.unresolved_minutes,
                low_rating: rule.low_rating,
                tag_ids: rule.tag_ids,
                raise_to: rule.raise_to,
                suggest: rule.suggest,
                escalate: rule.escalate,
                reason: preset.reason(),
                active: true,
                place,
                created_at,
                preset: Some(preset),
            };
            added.push(tx.insert_trigger(&new).await?);
            place += 1;
        }
        if !added.is_empty() || lists.len() > known.len() {
            self.finish_triggers(actor, tx, &project, "triggerDefaultsInstall", None).await?;
        }
        Ok((project, added))
    }
}

/// Adds the lists that are not there. Answers all of them.
async fn add_lists(
    tx: &mut Tx,
    project: &Project,
    known: &BTreeMap<DefaultList, WordListId>,
    created_at: domain::Time,
) -> Result<Result<BTreeMap<DefaultList, WordListId>, Refusal>, Error> {
    let others = tx.word_lists_of_project(project.id).await?;
    let mut lists = known.clone();
    for list in DefaultList::ALL.iter().copied().filter(|list| !known.contains_key(list)) {
        if others.iter().any(|other| other.name == list.list_name()) {
            return Ok(Err(Refusal::NameTaken(list.list_name())));
        }
        if others.len() + lists.len() - known.len() >= MOST_WORD_LISTS {
            return Ok(Err(Refusal::TooMany));
        }
        let new = NewWordList {
            project_id: project.id,
            name: list.list_name().to_owned(),
            phrases: list.phrases().map(str::to_owned).collect(),
            created_at,
            preset: Some(list),
        };
        lists.insert(list, tx.insert_word_list(&new).await?.id);
    }
    Ok(Ok(lists))
}

/// The tags that the triggers give: those that every project begins with, or what took their place.
async fn preset_tags(tx: &mut Tx, project: &Project) -> Result<Result<PresetTags, Refusal>, Error> {
    let tags = tx.tags_of_project(project.id).await?;
    let by_id: HashMap<TagId, &Tag> = tags.iter().map(|tag| (tag.id, tag)).collect();
    let of = |preset: Preset| {
        let mut tag = tags.iter().find(|tag| tag.preset == Some(preset)).ok_or(Error::NotFound("tag"))?;
        while let Some(heir) = tag.merged_into.and_then(|heir| by_id.get(&heir)) {
            tag = heir;
        }
        Ok::<_, Error>(match tag.archived_at {
            None => Ok(tag.id),
            Some(_) => Err(Refusal::TagArchived(tag.name.clone())),
        })
    };
    let (complaint, sensitive) = match (of(Preset::Complaint)?, of(Preset::Sensitive)?) {
        (Ok(complaint), Ok(sensitive)) => (complaint, sensitive),
        (Err(refusal), _) | (_, Err(refusal)) => return Ok(Err(refusal)),
    };
    Ok(Ok(PresetTags { complaint, sensitive }))
}
