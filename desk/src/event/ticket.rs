//! What the events of the log tell those who follow tickets.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::event::{Cause, TicketEvent};
use domain::visibility::Telling;
use domain::{Event, EventKind, Position, Sight};

use super::feed::{Feed, Item};
use super::occurrence::{Occurrence, WatchedTicket};
use super::permit::present_audience;
use crate::Error;

impl Feed {
    /// What an event tells the reader of tickets. One by which a session changes hands may bring tickets into their sight or
    /// take them out of it; all but the last of several items have the cursor of the place before, so that who goes on from
    /// one of them is told of all again.
    pub(super) async fn ticket_items(
        &self,
        occurrence: &Arc<Occurrence>,
        before: Position,
    ) -> Result<VecDeque<Item>, Error> {
        let log = &self.desk.log;
        if occurrence.event.kind.is_about_ticket() {
            let told = self.permit.telling_of_ticket(occurrence, log).map(|telling| match telling {
                Telling::Whole | Telling::AsLeft => (occurrence.clone(), Telling::Whole),
                Telling::Loss => (Arc::new(occurrence.as_ticket_loss()), Telling::Loss),
            });
            return Ok(self.items(told.into_iter().collect(), occurrence, before));
        }
        let moved = self.tickets_moved(occurrence).await?;
        Ok(self.items(moved, occurrence, before))
    }

    /// The tickets that an event about their session brought into the reader's sight or took out of it.
    async fn tickets_moved(&self, occurrence: &Occurrence) -> Result<Vec<(Arc<Occurrence>, Telling)>, Error> {
        let (event, sight) = (&occurrence.event, self.permit.sight());
        let Some(before) = event.audience_before.as_ref().filter(|_| *sight != Sight::Everything) else {
            return Ok(Vec::new());
        };
        // An escalation is told of by the event about its ticket.
        let (saw, sees) = (sight.takes_in(before), sight.takes_in(&event.audience));
        if saw == sees || event.cause == Cause::Escalation.name() {
            return Ok(Vec::new());
        }
        let watched = {
            let mut reader = self.desk.store.read().await?;
            let tickets = reader.tickets_of_sessions(&[event.session_id.0]).await?;
            WatchedTicket::of(tickets, &mut reader).await?
        };
        let now = present_audience(occurrence, &self.desk.log);
        let told = |watched: WatchedTicket| {
            let is_seen = sight.takes_in_ticket(&now, &watched.audience());
            let ticket = Some(TicketEvent { id: watched.ticket.id, audience_before: None });
            let event = Event { kind: EventKind::TicketUpdated, message_id: None, ticket, ..event.clone() };
            let session = occurrence.session.clone();
            let ticket = Some(Arc::new(watched));
            let shown = Occurrence { event, session, message: None, ticket, clock: None, todo: None };
            match (saw, is_seen) {
                (false, true) => Some((Arc::new(shown), Telling::Whole)),
                (true, false) => Some((Arc::new(shown.as_ticket_loss()), Telling::Loss)),
                _ => None,
            }
        };
        Ok(watched.into_iter().filter_map(told).collect())
    }

    fn items(
        &self,
        told: Vec<(Arc<Occurrence>, Telling)>,
        occurrence: &Occurrence,
        before: Position,
    ) -> VecDeque<Item> {
        let last = told.len().saturating_sub(1);
        let item = |(place, (shown, telling)): (usize, (Arc<Occurrence>, Telling))| {
            let position = if place == last { occurrence.event.position } else { before };
            Item::Occurred { cursor: self.desk.log.cursor(position), occurrence: shown, telling }
        };
        told.into_iter().enumerate().map(item).collect()
    }
}
