//! Whether messages reach a customer.

use chrono::SubsecRound as _;
use domain::event::Cause;
use domain::{Customer, CustomerId, Project, Session, Time};
use store::Tx;

use super::party::lock;
use crate::Error;
use crate::session::touch;

/// What was told of whether messages reach a customer.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach {
    /// Whether they do.
    pub(crate) reachable: bool,
    /// When that changed, by Telegram's clock, which knows seconds.
    pub(crate) at: Time,
}

/// Notes whether messages reach a customer, unless something later is known. Their session is locked by this, and told
/// of it while it is open.
pub(crate) async fn reach(
    tx: &mut Tx,
    project: &Project,
    seen: &Customer,
    told: Reach,
    wall: Time,
) -> Result<(), Error> {
    let (customer, newest) = lock(tx, seen.id).await?;
    // Who has another number by now is somebody else, of whom nothing was told.
    match customer.filter(|customer| customer.telegram_user_id == seen.telegram_user_id) {
        Some(customer) => note(tx, project, customer, newest, told, wall).await,
        None => Ok(()),
    }
}

async fn note(
    tx: &mut Tx,
    project: &Project,
    mut customer: Customer,
    newest: Option<Session>,
    told: Reach,
    wall: Time,
) -> Result<(), Error> {
    if customer.reachability_at.is_some_and(|known| known > told.at) || has_written_since(newest.as_ref(), told) {
        return Ok(());
    }
    let now = project.time(wall);
    let is_news = customer.unreachable_since.is_none() != told.reachable;
    customer.reachability_at = Some(told.at);
    if is_news {
        customer.unreachable_since = (!told.reachable).then_some(now);
    }
    tx.update_customer(&customer).await?;
    if let Some(mut session) = newest.filter(|session| is_news && session.is_open()) {
        let event = touch(tx, &mut session, Cause::Reachability, now).await?;
        tx.append_events(&[event], wall).await?;
    }
    Ok(())
}

/// Whether the customer wrote after they are said to have ended it: then they let the bot in again in between.
fn has_written_since(newest: Option<&Session>, told: Reach) -> bool {
    let latest = newest.and_then(|session| session.pace.latest());
    !told.reachable && latest.is_some_and(|written_at| written_at > told.at)
}

/// Notes that Telegram has just refused a message to a customer since it can no longer reach them. It does not say since
/// when: what is known of the customer by its clock was before that, and whatever it tells of a later time counts more.
pub(crate) async fn unreachable(tx: &mut Tx, project: &Project, id: CustomerId, wall: Time) -> Result<(), Error> {
    let (Some(customer), newest) = lock(tx, id).await? else { return Ok(()) };
    let latest = newest.as_ref().and_then(|session| session.pace.latest());
    let at = customer.reachability_at.max(latest).unwrap_or_else(|| wall.trunc_subsecs(0));
    note(tx, project, customer, newest, Reach { reachable: false, at }, wall).await
}
