//! Tickets, and what hangs on them.

use std::collections::HashMap;
use std::hash::Hash;

use desk::Error;
use domain::{AgentId, Escalation, EscalationId, MessageId, Ticket, TicketId};

use crate::loader::{Found, Relation, Source};

/// The tickets with given ids.
pub(crate) struct TicketById;

impl Relation for TicketById {
    type Key = TicketId;
    type Value = Ticket;

    async fn load(source: &Source, keys: &[TicketId]) -> Result<Found<Self>, Error> {
        let found = source.desk.tickets_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// The escalations with given ids.
pub(crate) struct EscalationById;

impl Relation for EscalationById {
    type Key = EscalationId;
    type Value = Escalation;

    async fn load(source: &Source, keys: &[EscalationId]) -> Result<Found<Self>, Error> {
        let found = source.desk.escalations_by_id(&source.actor, keys).await?;
        Ok(found.into_iter().map(|one| (one.id, one)).collect())
    }
}

/// Those who watch tickets.
pub(crate) struct WatchersOfTicket;

impl Relation for WatchersOfTicket {
    type Key = TicketId;
    type Value = Vec<AgentId>;

    async fn load(source: &Source, keys: &[TicketId]) -> Result<Found<Self>, Error> {
        Ok(grouped(source.desk.watchers_of_tickets(&source.actor, keys).await?).into_iter().collect())
    }
}

/// The messages that people linked to tickets.
pub(crate) struct MessagesOfTicket;

impl Relation for MessagesOfTicket {
    type Key = TicketId;
    type Value = Vec<MessageId>;

    async fn load(source: &Source, keys: &[TicketId]) -> Result<Found<Self>, Error> {
        Ok(grouped(source.desk.messages_of_tickets(&source.actor, keys).await?).into_iter().collect())
    }
}

fn grouped<K: Eq + Hash, V>(rows: Vec<(K, V)>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for (key, value) in rows {
        groups.entry(key).or_default().push(value);
    }
    groups
}
