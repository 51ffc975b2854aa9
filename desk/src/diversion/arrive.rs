//! A customer comes by a diversion link.

use domain::audit::ObjectKind;
use domain::event::Cause;
use domain::{DiversionLink, Project, Session, Tag, Time};
use serde_json::json;
use store::Tx;

use crate::agent::member;
use crate::audit::Audited;
use crate::tag::give_tags;
use crate::{Error, ticket};

/// Has a session go where a link leads, if the code is that of one that works: its tags, its team, and its agent unless
/// the session has one already. The caller writes the session. Any other code is that of a plain `/start`.
pub(crate) async fn divert(
    tx: &mut Tx,
    project: &Project,
    session: &mut Session,
    code: &str,
    wall: Time,
) -> Result<bool, Error> {
    let Some(link) = tx.diversion_link_by_code(project.id, code).await?.filter(|link| link.active) else {
        return Ok(false);
    };
    session.link_id = Some(link.id);
    // What was escalated stays with those who got it, whatever link its customer opens.
    let is_held = ticket::held_by(tx, session).await?.is_some();
    if link.team_id.is_some() && !is_held {
        session.team_id = link.team_id;
        tx.forget_ruled_team(session.id).await?;
    }
    if let (None, Some(agent)) = (session.assignee_id, link.agent_id)
        && !is_held
        && member(tx, project, agent).await?.is_some()
    {
        session.assign(Some(agent), project.time(wall));
    }
    let tags = give_tags(tx, project, session.id, &link.tag_ids, project.time(wall)).await?;
    tx.count_diversion(link.id).await?;
    audit(tx, project, session, (&link, &tags), wall).await?;
    Ok(true)
}

/// Notes in the audit log where a link led a session, and which tags it got by it. Nobody did it.
async fn audit(
    tx: &mut Tx,
    project: &Project,
    session: &Session,
    (link, tags): (&DiversionLink, &[Tag]),
    wall: Time,
) -> Result<(), store::Error> {
    let details = json!({
        "link": link.id,
        "tags": tags.iter().map(|tag| tag.id).collect::<Vec<_>>(),
        "team": session.team_id,
        "assignee": session.assignee_id,
    });
    let object = (ObjectKind::Session, session.id.0);
    Audited::by_desk(project, Cause::Diversion.name(), object, wall).with(&details).write(tx).await
}
