//! What the desk tells others of its clocks.

use domain::sla::{Clock, Metric};
use domain::ticket::{Promised, Ticket};
use domain::{Project, Time};
use store::Tx;

use super::promises::Promises;

/// What a customer is promised about a ticket, and until when, on the project's clock: an answer, and once that was given
/// the resolution. Nothing while the time stands still, and once nothing is owed any more.
pub(crate) async fn promise(tx: &mut Tx, ticket: &Ticket) -> Result<Option<(Promised, Time)>, store::Error> {
    let clocks = tx.sla_clocks_of_tickets(&[ticket.id.0]).await?;
    let open = |metric| clocks.iter().find(|clock| clock.metric == metric && clock.ended_at.is_none());
    let owed = [Metric::FirstResponse, Metric::NextResponse, Metric::Resolution].into_iter().find_map(open);
    Ok(owed.and_then(|clock| Some((promised_by(clock), clock.due_at?))))
}

fn promised_by(clock: &Clock) -> Promised {
    match clock.metric {
        Metric::Resolution => Promised::Solution,
        _ if clock.due_at == Some(clock.started_at) => Promised::ResponseAtOnce,
        _ => Promised::Response,
    }
}

/// When the desk works again, if it does not at a moment on the project's clock.
pub(crate) async fn next_work(tx: &mut Tx, project: &Project, now: Time) -> Result<Option<Time>, store::Error> {
    let promises = Promises::of_one(tx, project.id).await?;
    let hours = promises.hours().of(promises.policy(project.id).hours_id);
    Ok(hours.and_then(|hours| hours.next_open(now)).filter(|opens| *opens > now))
}
