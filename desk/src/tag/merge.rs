//! Merging one tag into another.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::routing::Condition;
use domain::{ApiScope, EventKind, Tag, TagId, Time};
use serde_json::json;
use store::Tx;

use crate::audit::Audited;
use crate::project::StandingRefusal;
use crate::retry::retried;
use crate::saved_view::replace_in_views;
use crate::session::session_event;
use crate::{Actor, Desk, Rejected};

/// How many events are written at once.
const BATCH: usize = 500;

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
    pub async fn tag_merge(&self, actor: &Actor, from: TagId, into: TagId) -> Result<Tag, Rejected<TagMergeRefusal>> {
        actor.needs(ApiScope::ProjectsWrite)?;
        retried(|| self.try_tag_merge(actor, from, into)).await
    }

    async fn try_tag_merge(&self, actor: &Actor, from: TagId, into: TagId) -> Result<Tag, Rejected<TagMergeRefusal>> {
        let Some(begun) = self.change_tag(actor, from).await? else { return Err(TagMergeRefusal::FromNotFound.into()) };
        let (mut tx, project, merged) = begun?;
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
        let shown_in = tx.open_sessions_with_tag(from).await?;
        tx.replace_tag(from, into).await?;
        tx.merge_tags_of_left(from, into).await?;
        replace_in_links(&mut tx, &merged, into).await?;
        replace_in_triggers(&mut tx, &merged, into).await?;
        replace_in_routing(&mut tx, &merged, into).await?;
        replace_in_views(&mut tx, &merged, into).await?;
        let archived_at = merged.archived_at.or(Some(now));
        tx.update_tag(&Tag { archived_at, merged_into: Some(into), ..merged }).await?;
        let ids: Vec<i64> = shown_in.iter().map(|session| session.0).collect();
        tell(&mut tx, &ids, now, wall).await?;
        let audited = Audited::in_project(&actor.agent, &project, "tagMerge", (ObjectKind::Tag, from.0), wall);
        audited.with(&json!({ "into": into, "openSessions": ids.len() })).write(&mut tx).await?;
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

/// Tells of the open sessions, which consoles show. They are not locked and stay at their versions: a merge must not
/// wait for everybody who is at work in one of them, and nobody's change depends on what a tag is called.
async fn tell(tx: &mut Tx, sessions: &[i64], now: Time, wall: Time) -> Result<(), store::Error> {
    for some in sessions.chunks(BATCH) {
        let mut found = tx.sessions(some).await?;
        found.sort_by_key(|session| session.id);
        let event = |session: &_| session_event(session, EventKind::SessionUpdated, Cause::Tagging, now);
        let events: Vec<_> = found.iter().map(event).collect();
        tx.append_events(&events, wall).await?;
    }
    Ok(())
}
