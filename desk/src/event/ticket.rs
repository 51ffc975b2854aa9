//! What the events of the log tell those who follow tickets.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::event::{Cause, TicketEvent};
use domain::visibility::Telling;
use domain::{Event, EventKind, Position, Sight};

use super::feed::{Feed, Item};
use super::occurrence::{Occurrence, WatchedTicket};
use super::permit::present_audience;

impl Feed {
    /// What an event tells the reader of tickets. One by which a session changes hands may bring tickets into their sight or
    /// take them out of it; all but the last of several items have the cursor of the place before, so that who goes on from
    /// one of them is told of all again.
    pub(super) fn ticket_items(&self, occurrence: &Arc<Occurrence>, before: Position) -> VecDeque<Item> {
        let log = &self.desk.log;
        if occurrence.event.kind.is_about_ticket() {
            let told = self.permit.telling_of_ticket(occurrence, log).map(|telling| match telling {
                Telling::Whole | Telling::AsLeft => (occurrence.clone(), Telling::Whole),
                Telling::Loss => (Arc::new(occurrence.as_ticket_loss()), Telling::Loss),
            });
            return self.items(told.into_iter().collect(), occurrence, before);
        }
        self.items(self.tickets_moved(occurrence), occurrence, before)
    }

    /// The tickets that an event about their session brought into the reader's sight or took out of it.
    fn tickets_moved(&self, occurrence: &Occurrence) -> Vec<(Arc<Occurrence>, Telling)> {
        let (event, sight) = (&occurrence.event, self.permit.sight());
        let Some(before) = event.audience_before.as_ref().filter(|_| *sight != Sight::Everything) else {
            return Vec::new();
        };
        let (saw, sees) = (sight.takes_in(before), sight.takes_in(&event.audience));
        if saw == sees || occurrence.tickets_moved.is_empty() {
            return Vec::new();
        }
        let now = present_audience(occurrence, &self.desk.log);
        // Of what was escalated by it another event tells.
        let is_escalated = |watched: &&Arc<WatchedTicket>| {
            event.cause == Cause::Escalation.name() && watched.ticket.escalated_at == Some(event.at)
        };
        let told = |watched: &Arc<WatchedTicket>| {
            let is_seen = sight.takes_in_ticket(&now, &watched.audience());
            let ticket = Some(TicketEvent { id: watched.ticket.id, audience_before: None });
            let event = Event { kind: EventKind::TicketUpdated, message_id: None, ticket, ..event.clone() };
            let (session, ticket) = (occurrence.session.clone(), Some(watched.clone()));
            let shown = Occurrence { session, ticket, ..Occurrence::bare(event) };
            match (saw, is_seen) {
                (false, true) => Some((Arc::new(shown), Telling::Whole)),
                (true, false) => Some((Arc::new(shown.as_ticket_loss()), Telling::Loss)),
                _ => None,
            }
        };
        occurrence.tickets_moved.iter().filter(|watched| !is_escalated(watched)).filter_map(told).collect()
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
