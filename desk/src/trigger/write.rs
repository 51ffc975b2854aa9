//! Making and changing triggers.

use domain::audit::ObjectKind;
use domain::escalation::EscalationReason;
use domain::name::parse_name;
use domain::trigger::{Level, MOST_TRIGGERS, ProjectTrigger};
use domain::{ApiScope, Priority, Project, ProjectId, Role, TagId, TriggerId, WordListId};
use store::Tx;

use super::TriggerRefusal as Refusal;
use crate::audit::Audited;
use crate::idempotency::Request;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::{Actor, Desk, Error, Rejected};

/// A trigger to be made.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NewTrigger {
    /// The project.
    pub project_id: ProjectId,
    /// What it is called.
    pub name: String,
    /// The lists that it looks for.
    pub word_list_ids: Vec<WordListId>,
    /// How many messages in a row have to have one of the words.
    pub messages_in_a_row: Option<u32>,
    /// After how many minutes it fires for an issue that is unresolved.
    pub unresolved_minutes: Option<u32>,
    /// The most stars for which it fires.
    pub low_rating: Option<u8>,
    /// The tags that it gives.
    pub tag_ids: Vec<TagId>,
    /// The priority that it raises a session to, under its name.
    #[serde(serialize_with = "by_name")]
    pub raise_to: Option<Priority>,
    /// How high it suggests to escalate, under its name.
    #[serde(serialize_with = "level_by_name")]
    pub suggest: Option<Level>,
    /// How high it escalates, under its name.
    #[serde(serialize_with = "level_by_name")]
    pub escalate: Option<Level>,
    /// Why it escalates, under its name.
    #[serde(serialize_with = "reason_by_name")]
    pub reason: Option<EscalationReason>,
    /// Makes sending the same request again harmless for 24 hours.
    #[serde(skip)]
    pub idempotency_key: Option<String>,
}

fn by_name<S: serde::Serializer>(priority: &Option<Priority>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&priority.map(Priority::name), serializer)
}

fn level_by_name<S: serde::Serializer>(level: &Option<Level>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&level.map(Level::name), serializer)
}

fn reason_by_name<S: serde::Serializer>(reason: &Option<EscalationReason>, serializer: S) -> Result<S::Ok, S::Error> {
    serde::Serialize::serialize(&reason.map(EscalationReason::name), serializer)
}

/// What is to change of a trigger; nothing of what is left out.
#[derive(Debug, Clone, Default)]
pub struct TriggerChange {
    /// What it is called.
    pub name: Option<String>,
    /// The lists that it looks for.
    pub word_list_ids: Option<Vec<WordListId>>,
    /// How many messages in a row have to have one of the words; within, nothing for one message.
    pub messages_in_a_row: Option<Option<u32>>,
    /// After how many minutes it fires for an issue that is unresolved; within, nothing if it does not.
    pub unresolved_minutes: Option<Option<u32>>,
    /// The most stars for which it fires; within, nothing if it waits for no rating.
    pub low_rating: Option<Option<u8>>,
    /// The tags that it gives.
    pub tag_ids: Option<Vec<TagId>>,
    /// The priority that it raises a session to; within, nothing for none.
    pub raise_to: Option<Option<Priority>>,
    /// How high it suggests to escalate; within, nothing if it does not.
    pub suggest: Option<Option<Level>>,
    /// How high it escalates; within, nothing if it does not.
    pub escalate: Option<Option<Level>>,
    /// Why it escalates; within, nothing for what its condition comes to.
    pub reason: Option<Option<EscalationReason>>,
    /// Whether it works.
    pub active: Option<bool>,
    /// The version that the actor has seen, if the change depends on it.
    pub expected_version: Option<i64>,
}

impl Desk {
    /// Makes a trigger, behind the others of its project.
    pub async fn trigger_create(&self, actor: &Actor, new: &NewTrigger) -> Result<ProjectTrigger, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        let request = Request::new(actor.agent.id, new.idempotency_key.as_deref(), "triggerCreate", new)??;
        retried(|| self.try_trigger_create(actor, new, &request)).await
    }

    async fn try_trigger_create(
        &self,
        actor: &Actor,
        new: &NewTrigger,
        request: &Request<'_>,
    ) -> Result<ProjectTrigger, Rejected<Refusal>> {
        let (mut tx, project) = self.change_in_project(actor, new.project_id, Role::Supervisor).await??;
        tx.lock_project(project.id).await?;
        if let Some((earlier, _)) = request.earlier_several(self, &mut tx).await?? {
            return Ok(tx.triggers(&[earlier]).await?.pop().ok_or(Error::NotFound("trigger"))?);
        }
        let others = tx.triggers_of_project(project.id).await?;
        let trigger = ProjectTrigger {
            id: TriggerId(0),
            project_id: project.id,
            name: parse_name(&new.name)?,
            word_list_ids: each_once(new.word_list_ids.clone()),
            messages_in_a_row: new.messages_in_a_row,
            unresolved_minutes: new.unresolved_minutes,
            low_rating: new.low_rating,
            tag_ids: each_once(new.tag_ids.clone()),
            raise_to: new.raise_to,
            suggest: new.suggest,
            escalate: new.escalate,
            reason: new.reason,
            active: true,
            place: others.last().map_or(1, |last| last.place + 1),
            version: 1,
            created_at: project.time(self.now()),
        };
        check(&mut tx, &project, &trigger, &[]).await?;
        if others.len() >= MOST_TRIGGERS {
            return Err(Refusal::TooMany.into());
        }
        let new = store::triggers::NewTrigger {
            project_id: project.id,
            name: trigger.name,
            word_list_ids: trigger.word_list_ids,
            messages_in_a_row: trigger.messages_in_a_row,
            unresolved_minutes: trigger.unresolved_minutes,
            low_rating: trigger.low_rating,
            tag_ids: trigger.tag_ids,
            raise_to: trigger.raise_to,
            suggest: trigger.suggest,
            escalate: trigger.escalate,
            reason: trigger.reason,
            active: trigger.active,
            place: trigger.place,
            created_at: trigger.created_at,
            preset: None,
        };
        let made = tx.insert_trigger(&new).await?;
        request.answer(self, &mut tx, made.id.0).await?;
        self.finish_triggers(actor, tx, &project, "triggerCreate", Some(made.id)).await?;
        Ok(made)
    }

    /// Changes a trigger. What it has noted of sessions stays.
    pub async fn trigger_update(
        &self,
        actor: &Actor,
        id: TriggerId,
        change: &TriggerChange,
    ) -> Result<ProjectTrigger, Rejected<Refusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_trigger_update(actor, id, change)).await
    }

    async fn try_trigger_update(
        &self,
        actor: &Actor,
        id: TriggerId,
        change: &TriggerChange,
    ) -> Result<ProjectTrigger, Rejected<Refusal>> {
        let (mut tx, project, before) = self.change_trigger(actor, id).await?;
        if change.expected_version.is_some_and(|expected| expected != before.version) {
            return Err(Refusal::VersionConflict(Box::new(before)).into());
        }
        let mut trigger = before.clone();
        if let Some(name) = &change.name {
            trigger.name = parse_name(name)?;
        }
        if let Some(lists) = &change.word_list_ids {
            trigger.word_list_ids = each_once(lists.clone());
        }
        if let Some(tags) = &change.tag_ids {
            trigger.tag_ids = each_once(tags.clone());
        }
        trigger.messages_in_a_row = change.messages_in_a_row.unwrap_or(trigger.messages_in_a_row);
        trigger.unresolved_minutes = change.unresolved_minutes.unwrap_or(trigger.unresolved_minutes);
        trigger.low_rating = change.low_rating.unwrap_or(trigger.low_rating);
        trigger.raise_to = change.raise_to.unwrap_or(trigger.raise_to);
        trigger.suggest = change.suggest.unwrap_or(trigger.suggest);
        trigger.escalate = change.escalate.unwrap_or(trigger.escalate);
        trigger.reason = change.reason.unwrap_or(trigger.reason);
        trigger.active = change.active.unwrap_or(trigger.active);
        if trigger == before {
            return Ok(before);
        }
        check(&mut tx, &project, &trigger, &before.tag_ids).await?;
        let changed = tx.update_trigger(&trigger).await?;
        self.finish_triggers(actor, tx, &project, "triggerUpdate", Some(id)).await?;
        Ok(changed)
    }

    /// Begins the change of a trigger by a supervisor. Nobody else changes those of its project until the transaction
    /// ends.
    pub(super) async fn change_trigger(
        &self,
        actor: &Actor,
        id: TriggerId,
    ) -> Result<(Tx, Project, ProjectTrigger), Rejected<Refusal>> {
        let known = self.store.read().await?.triggers(&[id.0]).await?.pop().ok_or(Refusal::NotFound)?;
        let begun = self.change_in_project(actor, known.project_id, Role::Supervisor).await?;
        let (mut tx, project) = begun.map_err(|refusal| match refusal {
            StandingRefusal::NotFound => Refusal::NotFound,
            other @ StandingRefusal::NotSupervisor => other.into(),
        })?;
        tx.lock_project(project.id).await?;
        let trigger = tx.triggers_of_project(project.id).await?.into_iter().find(|trigger| trigger.id == id);
        Ok((tx, project, trigger.ok_or(Refusal::NotFound)?))
    }

    /// Has every process use the triggers as they are now, notes who changed them, and commits.
    pub(super) async fn finish_triggers(
        &self,
        actor: &Actor,
        mut tx: Tx,
        project: &Project,
        action: &'static str,
        trigger: Option<TriggerId>,
    ) -> Result<(), Error> {
        tx.raise_project_version(project.id).await?;
        let object = match trigger {
            Some(trigger) => (ObjectKind::Trigger, trigger.0),
            None => (ObjectKind::Project, project.id.0),
        };
        Audited::in_project(&actor.agent, project, action, object, self.now()).write(&mut tx).await?;
        self.commit(tx).await
    }
}

/// Fails unless the trigger can be. A tag that was put away is given to nothing any more, so that it must be one of those
/// that the trigger had before.
async fn check(
    tx: &mut Tx,
    project: &Project,
    trigger: &ProjectTrigger,
    tags_before: &[TagId],
) -> Result<(), Rejected<Refusal>> {
    trigger.check()?;
    let ids: Vec<i64> = trigger.word_list_ids.iter().map(|list| list.0).collect();
    let lists = tx.word_lists(&ids).await?;
    if lists.len() < ids.len() || lists.iter().any(|list| list.project_id != project.id) {
        return Err(Refusal::WordListNotFound.into());
    }
    let ids: Vec<i64> = trigger.tag_ids.iter().map(|tag| tag.0).collect();
    let tags = tx.tags(&ids).await?;
    let is_usable = |tag: &domain::Tag| {
        tag.project_id == project.id && (tag.archived_at.is_none() || tags_before.contains(&tag.id))
    };
    if tags.len() < ids.len() || !tags.iter().all(is_usable) {
        return Err(Refusal::TagNotFound.into());
    }
    Ok(())
}

fn each_once<T: Ord>(mut items: Vec<T>) -> Vec<T> {
    items.sort_unstable();
    items.dedup();
    items
}
