//! Merging one tag into another.

use std::collections::BTreeSet;

use domain::audit::ObjectKind;
use domain::routing::Condition;
use domain::{ApiScope, SessionId, Tag, TagId};
use serde_json::json;
use store::Tx;

use super::merged::{AT_ONCE, tell, tell_later};
use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::saved_view::replace_in_views;
use crate::session::lock_open;
use crate::{Actor, Desk, Rejected, routing};

/// Why tags were not merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TagMergeRefusal {
    /// There is no such tag to be merged, or the actor may not know of it.
    #[error("there is no such tag to merge")]
    FromNotFound,
    /// There is no such tag to merge into in the same project.
    #[error("there is no such tag in the project to merge into: use another one of its tags")]
    IntoNotFound,
    /// Both are the same.
    #[error("a tag cannot be merged into itself: give two tags")]
    Same,
    /// The tag to merge into was put away.
    #[error("the tag to merge into was put away: take it out first with `tagRestore`")]
    IntoArchived,
    /// The actor is an agent only.
    #[error("only supervisors and administrators of the project merge tags: ask one of them")]
    NotSupervisor,
}

impl From<StandingRefusal> for TagMergeRefusal {
    fn from(refusal: StandingRefusal) -> Self {
        match refusal {
            StandingRefusal::NotFound => Self::FromNotFound,
            StandingRefusal::NotSupervisor => Self::NotSupervisor,
        }
    }
}

impl<E: Into<TagMergeRefusal>> From<E> for Rejected<TagMergeRefusal> {
    fn from(refusal: E) -> Self {
        Self::Refused(refusal.into())
    }
}

impl Desk {
    /// Gives one tag to whatever has another one, each once, and puts that other one away. Answers the one that is left.
    /// Everything has it at once; of very many open sessions the newest are told of at once and the others by jobs that
    /// follow.
    pub async fn tag_merge(&self, actor: &Actor, from: TagId, into: TagId) -> Result<Tag, Rejected<TagMergeRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_merge(actor, from, into)).await
    }

    async fn try_tag_merge(&self, actor: &Actor, from: TagId, into: TagId) -> Result<Tag, Rejected<TagMergeRefusal>> {
        let Some(begun) = self.change_tag(actor, from).await? else { return Err(TagMergeRefusal::FromNotFound.into()) };
        let (mut tx, project, merged) = begun?;
        // Before any session, as everywhere.
        routing::lock(&mut tx, project.id).await?;
        if from == into {
            return Err(TagMergeRefusal::Same.into());
        }
        let target = tx.tags(&[into.0]).await?.pop().filter(|target| target.project_id == project.id);
        let target = target.ok_or(TagMergeRefusal::IntoNotFound)?;
        if target.archived_at.is_some() {
            return Err(TagMergeRefusal::IntoArchived.into());
        }
        let wall = self.now();
        let now = project.time(wall);
        // Before anything that is in them is changed, as whoever changes one does.
        let shown_in = tx.open_sessions_with_tag(from).await?;
        let newest = shown_in.get(shown_in.len().saturating_sub(AT_ONCE)..).unwrap_or_default();
        let mut locked = lock_open(&mut tx, newest).await?;
        let archived_at = merged.archived_at.or(Some(now));
        tx.update_tag(&Tag { archived_at, merged_into: Some(into), ..merged.clone() }).await?;
        // Whoever was giving it at that moment, or keeping it for somebody for whom a session ends, has done so by now, and
        // nobody does from now on.
        let shown_in: BTreeSet<SessionId> = tx.open_sessions_with_tag(from).await?.into_iter().collect();
        locked.retain(|session| shown_in.contains(&session.id));
        tx.replace_tag(from, into).await?;
        tx.merge_tags_of_left(from, into).await?;
        replace_in_links(&mut tx, &merged, into).await?;
        replace_in_triggers(&mut tx, &merged, into).await?;
        replace_in_routing(&mut tx, &merged, into).await?;
        replace_in_views(&mut tx, &merged, into).await?;
        let has_to_do_with_complaints = merged.is_complaint() || target.is_complaint();
        tell(&mut tx, &project, &mut locked, has_to_do_with_complaints, wall).await?;
        let told: BTreeSet<SessionId> = locked.iter().map(|session| session.id).collect();
        let untold: Vec<SessionId> = shown_in.difference(&told).copied().collect();
        tell_later(&mut tx, &merged, has_to_do_with_complaints, &untold, wall).await?;
        let audited = Audited::in_project(&actor.agent, &project, "tagMerge", (ObjectKind::Tag, from.0), wall);
        audited.with(&json!({ "into": into, "openSessions": shown_in.len() })).write(&mut tx).await?;
        self.commit(tx).await?;
        Ok(target)
    }
}

/// The diversion links that give the merged tag give the other one.
async fn replace_in_links(tx: &mut Tx, merged: &Tag, into: TagId) -> Result<(), store::Error> {
    for (link, tags) in tx.diversion_link_tags(merged.project_id).await? {
        if !tags.contains(&merged.id) {
            continue;
        }
        let mut tags: Vec<TagId> = tags.into_iter().map(|tag| if tag == merged.id { into } else { tag }).collect();
        tags.sort_unstable();
        tags.dedup();
        tx.set_diversion_link_tags(link, tags).await?;
    }
    Ok(())
}

/// The triggers that give the merged tag give the other one.
async fn replace_in_triggers(tx: &mut Tx, merged: &Tag, into: TagId) -> Result<(), store::Error> {
    let mut is_changed = false;
    for mut trigger in tx.triggers_of_project(merged.project_id).await? {
        if !trigger.tag_ids.contains(&merged.id) {
            continue;
        }
        trigger.tag_ids.retain(|tag| *tag != merged.id && *tag != into);
        trigger.tag_ids.push(into);
        trigger.tag_ids.sort_unstable();
        tx.update_trigger(&trigger).await?;
        is_changed = true;
    }
    // Every process compiles the triggers anew.
    if is_changed { tx.raise_project_version(merged.project_id).await } else { Ok(()) }
}

/// The routing rules for sessions with the merged tag are for those with the other one.
async fn replace_in_routing(tx: &mut Tx, merged: &Tag, into: TagId) -> Result<(), store::Error> {
    for mut listed in tx.routing_rules(merged.project_id).await? {
        let mut is_changed = false;
        for condition in &mut listed.rule.conditions {
            if let Condition::Tag(tags) = condition
                && tags.contains(&merged.id)
            {
                tags.retain(|tag| *tag != merged.id && *tag != into);
                tags.push(into);
                is_changed = true;
            }
        }
        if is_changed {
            tx.update_routing_rule(&listed).await?;
        }
    }
    Ok(())
}
