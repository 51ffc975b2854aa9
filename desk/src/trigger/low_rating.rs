//! Ratings with few stars.

use domain::rating::Score;
use domain::trigger::Firing;
use domain::{AgentId, Project, Session, Time};
use store::Tx;

use super::Known;
use super::act::{act, note};
use crate::Error;
use crate::staff::member;
use crate::ticket::{Occasion, aim_at, escalate_by_desk};

/// Does with a session what a score brings about that was given in the place of another one, if there was one: nothing
/// that was brought about by that one already. Where the project names somebody who looks after those who are not
/// satisfied, few stars escalate to them; otherwise the triggers say what happens. The session is locked, is the newest
/// one of its customer if it is closed, and is written.
pub(crate) async fn low_rating(
    tx: &mut Tx,
    known: &Known,
    project: &Project,
    session: &mut Session,
    (before, score): (Option<Score>, Score),
    wall: Time,
) -> Result<(), Error> {
    let firings = firings(tx, known, project, (before, score)).await?;
    let is_low = score.is_low() && !before.is_some_and(Score::is_low);
    let named = if is_low { looks_after(tx, project).await? } else { None };
    let Some(agent) = named else { return act(tx, project, session, None, &firings, wall).await };
    let aimed = aim_at(tx, session, agent).await?;
    let occasion = note(tx, project, session, None, (firings.as_slice(), aimed), wall).await?;
    if let Some(aimed) = aimed {
        let occasion = occasion.unwrap_or(Occasion::LOW_RATING);
        Box::pin(escalate_by_desk(tx, project, session, aimed, occasion, wall)).await?;
    }
    Ok(())
}

/// What fires for a score, and did not for the one before it.
async fn firings(
    tx: &mut Tx,
    known: &Known,
    project: &Project,
    (before, score): (Option<Score>, Score),
) -> Result<Vec<Firing>, Error> {
    let Some(triggers) = known.of(tx, project).await? else { return Ok(Vec::new()) };
    let mut firings = triggers.on_rating(stars(score)?);
    if let Some(before) = before {
        let earlier = triggers.on_rating(stars(before)?);
        firings.retain(|firing| earlier.iter().all(|earlier| earlier.trigger_id != firing.trigger_id));
    }
    Ok(firings)
}

fn stars(score: Score) -> Result<u8, Error> {
    u8::try_from(score.stars()).map_err(Error::internal)
}

/// The agent whom a project names for customers who are not satisfied, if they still work in it.
async fn looks_after(tx: &mut Tx, project: &Project) -> Result<Option<AgentId>, Error> {
    let Some(agent) = tx.rating_settings(project.id).await?.low_rating_agent_id else { return Ok(None) };
    Ok(member(tx, project, agent).await?.map(|agent| agent.id))
}
