//! The tags that the desk gives by itself.

use std::collections::{BTreeMap, BTreeSet};

use domain::tag::TAGS_OF_SESSION;
use domain::{Project, SessionId, Tag, TagId, Time};
use store::Tx;

use crate::sla;

/// Gives a session those of the tags that are not put away, as far as there is room, and has it be a complaint from `now`, on
/// the project's clock, if one of them says so. Answers those that it did not have.
pub(crate) async fn give_tags(
    tx: &mut Tx,
    project: &Project,
    session: SessionId,
    tags: &[TagId],
    now: Time,
) -> Result<Vec<Tag>, store::Error> {
    let mut given = Vec::new();
    if tags.is_empty() {
        return Ok(given);
    }
    let room = TAGS_OF_SESSION.saturating_sub(tx.tags_of_sessions(&[session.0]).await?.len());
    for tag in tags_to_give(tx, tags).await?.into_iter().filter(|tag| tag.archived_at.is_none()) {
        if given.len() < room && tx.add_session_tag(session, tag.id).await? {
            given.push(tag);
        }
    }
    if given.iter().any(Tag::is_complaint) {
        sla::session_tagged(tx, project, session, now).await?;
    }
    Ok(given)
}

/// What is given for these tags: for one that was merged the one that took its place, each once. None of them is changed
/// before the transaction has ended, so that a merge sees what was given before it.
async fn tags_to_give(tx: &mut Tx, tags: &[TagId]) -> Result<Vec<Tag>, store::Error> {
    let mut given = BTreeMap::new();
    let mut looked_at = BTreeSet::new();
    let mut wanted: BTreeSet<i64> = tags.iter().map(|tag| tag.0).collect();
    while !wanted.is_empty() {
        let found = tx.hold_tags(&Vec::from_iter(wanted.iter().copied())).await?;
        looked_at.append(&mut wanted);
        for tag in found {
            match tag.merged_into {
                None => drop(given.insert(tag.id, tag)),
                Some(into) if looked_at.contains(&into.0) => {}
                Some(into) => drop(wanted.insert(into.0)),
            }
        }
    }
    Ok(given.into_values().collect())
}
