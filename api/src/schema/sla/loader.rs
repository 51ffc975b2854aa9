//! Clocks and calendars by their ids, and the clocks of sessions and tickets.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::Arc;

use desk::Error;
use domain::sla::{Calendar, Clock, Explanation, Standing};
use domain::{SessionId, SlaCalendarId, SlaClockId, TicketId};

use crate::loader::{Found, Relation, Source};

/// The calendars with given ids.
pub(crate) struct SlaCalendarById;

impl Relation for SlaCalendarById {
    type Key = SlaCalendarId;
    type Value = Calendar;

    async fn load(source: &Source, keys: &[SlaCalendarId]) -> Result<Found<Self>, Error> {
        let found = source.desk.sla_calendars_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The clocks with given ids.
pub(crate) struct SlaClockById;

impl Relation for SlaClockById {
    type Key = SlaClockId;
    type Value = Clock;

    async fn load(source: &Source, keys: &[SlaClockId]) -> Result<Found<Self>, Error> {
        let found = source.desk.sla_clocks_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The stretches of the time of clocks.
pub(crate) struct ExplanationOfClock;

impl Relation for ExplanationOfClock {
    type Key = SlaClockId;
    type Value = Explanation;

    async fn load(source: &Source, keys: &[SlaClockId]) -> Result<Found<Self>, Error> {
        source.desk.sla_explanations(&source.actor, keys).await
    }
}

/// Where clocks stand by what happened to them.
pub(crate) struct StandingOfClock;

impl Relation for StandingOfClock {
    type Key = SlaClockId;
    type Value = Standing;

    async fn load(source: &Source, keys: &[SlaClockId]) -> Result<Found<Self>, Error> {
        source.desk.sla_standings(&source.actor, keys).await
    }
}

/// The clocks of sessions.
pub(crate) struct ClocksOfSession;

impl Relation for ClocksOfSession {
    type Key = SessionId;
    type Value = Vec<Arc<Clock>>;

    async fn load(source: &Source, keys: &[SessionId]) -> Result<Found<Self>, Error> {
        let clocks = source.desk.sla_clocks_of_sessions(&source.actor, keys).await?;
        Ok(grouped(clocks, |clock| Some(clock.session_id)))
    }
}

/// The clocks of tickets.
pub(crate) struct ClocksOfTicket;

impl Relation for ClocksOfTicket {
    type Key = TicketId;
    type Value = Vec<Arc<Clock>>;

    async fn load(source: &Source, keys: &[TicketId]) -> Result<Found<Self>, Error> {
        let clocks = source.desk.sla_clocks_of_tickets(&source.actor, keys).await?;
        Ok(grouped(clocks, |clock| clock.ticket_id))
    }
}

fn grouped<K: Eq + Hash>(clocks: Vec<Clock>, key: fn(&Clock) -> Option<K>) -> Vec<(K, Vec<Arc<Clock>>)> {
    let mut groups: HashMap<K, Vec<Arc<Clock>>> = HashMap::new();
    for clock in clocks {
        if let Some(key) = key(&clock) {
            groups.entry(key).or_default().push(Arc::new(clock));
        }
    }
    groups.into_iter().collect()
}
