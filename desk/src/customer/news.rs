//! Telling that what is known of a customer has changed.

use domain::event::Cause;
use domain::{Project, Session, Time};
use store::Tx;

use crate::Error;
use crate::session::touch;

/// Tells those who see the customer's open session, which is locked. Without one nobody waits for it.
pub(crate) async fn tell_of_profile(
    tx: &mut Tx,
    project: &Project,
    newest: Option<Session>,
    wall: Time,
) -> Result<(), Error> {
    let Some(mut session) = newest.filter(Session::is_open) else { return Ok(()) };
    let event = touch(tx, &mut session, Cause::Profile, project.time(wall)).await?;
    Ok(tx.append_events(&[event], wall).await?)
}
