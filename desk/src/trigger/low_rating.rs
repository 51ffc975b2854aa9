//! Ratings with few stars.

use domain::{Project, Session, Time};
use store::Tx;

use super::Known;
use super::act::act;
use crate::Error;

/// Does with a session what the triggers of its project say about a rating. The session is locked, is the newest one of its
/// customer if it is closed, and is written.
pub(crate) async fn low_rating(
    tx: &mut Tx,
    known: &Known,
    project: &Project,
    session: &mut Session,
    stars: u8,
    wall: Time,
) -> Result<(), Error> {
    let Some(triggers) = known.of(tx, project).await? else { return Ok(()) };
    act(tx, project, session, None, &triggers.on_rating(stars), wall).await
}
