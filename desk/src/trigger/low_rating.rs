//! Ratings with few stars.

use domain::rating::Score;
use domain::trigger::{Firing, Level, Outcome, Triggers};
use domain::{AgentId, Project, Session, Time};
use store::Tx;

use super::Known;
use super::act::{escalate, note};
use crate::Error;
use crate::agent::member;
use crate::ticket::{Occasion, aim_again, aim_at, reached_level};

/// Does with a session what a score brings about that was given in the place of another one, if there was one: nothing
/// that was brought about by that one already. Few stars escalate to whom the project names for those who are not satisfied;
/// where it names nobody, as its triggers for ratings say; and where there is none of these either, to the second line or to an
/// administrator, so that somebody looks after every such customer. The session is locked, after the newest one of its customer,
/// and is written.
pub(crate) async fn low_rating(
    tx: &mut Tx,
    known: &Known,
    project: &Project,
    session: &mut Session,
    (before, score): (Option<Score>, Score),
    wall: Time,
) -> Result<(), Error> {
    let triggers = known.of(tx, project).await?;
    let firings = match &triggers {
        Some(triggers) => firings(triggers, (before, score))?,
        None => Vec::new(),
    };
    let is_low = score.is_low() && !before.is_some_and(Score::is_low);
    let named = if is_low { looks_after(tx, project).await? } else { None };
    let is_decided = triggers.is_some_and(|triggers| triggers.wait_for_rating());
    let level = Outcome::of(&firings).escalate.or((is_low && !is_decided).then_some(Level::Second));
    let aimed = match (named, level) {
        (Some(agent), _) => aim_at(tx, session, agent).await?,
        (None, Some(level)) => aim_again(tx, project, session, level, wall).await?,
        (None, None) => None,
    };
    if firings.is_empty() && aimed.is_none() {
        return Ok(());
    }
    let reached = reached_level(tx, session).await?.max(aimed.map(|(level, _)| level));
    let occasion = note(tx, project, session, None, (firings.as_slice(), reached), wall).await?;
    match aimed {
        Some(aimed) => escalate(tx, project, session, (aimed, occasion.unwrap_or(Occasion::LowRating)), wall).await,
        None => Ok(()),
    }
}

/// What fires for a score, and did not for the one before it.
fn firings(triggers: &Triggers, (before, score): (Option<Score>, Score)) -> Result<Vec<Firing>, Error> {
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
