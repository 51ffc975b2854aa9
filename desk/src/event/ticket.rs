//! What the events of the log tell those who follow tickets.

use std::collections::VecDeque;
use std::sync::Arc;

use domain::event::{Cause, TicketEvent};
use domain::visibility::Telling;
use domain::{Audience, Event, EventKind, Position, Sight};

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
            if self.is_told_with_session(occurrence) {
                return VecDeque::new();
            }
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
        let told = |watched: &Arc<WatchedTicket>| {
            let telling = telling_with_session(event, sight, &now, watched)?;
            let ticket = Some(TicketEvent { id: watched.ticket.id, audience_before: None });
            let event = Event { kind: EventKind::TicketUpdated, message_id: None, ticket, ..event.clone() };
            let (session, ticket) = (occurrence.session.clone(), Some(watched.clone()));
            let shown = Occurrence { session, ticket, ..Occurrence::bare(event) };
            let shown = if telling == Telling::Loss { shown.as_ticket_loss() } else { shown };
            Some((Arc::new(shown), telling))
        };
        occurrence.tickets_moved.iter().filter_map(told).collect()
    }

    /// Whether an event about a ticket that went along with its session has nothing to tell the reader, since the event by
    /// which the session changed hands tells them that they see it now or no longer.
    fn is_told_with_session(&self, occurrence: &Occurrence) -> bool {
        let (Some(_), Some(watched)) = (&occurrence.event.audience_before, &occurrence.ticket) else { return false };
        let now = present_audience(occurrence, &self.desk.log);
        telling_with_session(&occurrence.event, self.permit.sight(), &now, watched).is_some()
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

/// How the event by which a session changes hands tells a reader of one of its tickets, if it does: `event` is that one, or
/// the one about the ticket that has come with it. The session goes on for `now`.
fn telling_with_session(event: &Event, sight: &Sight, now: &Audience, watched: &WatchedTicket) -> Option<Telling> {
    let before = event.audience_before.as_ref().filter(|_| *sight != Sight::Everything)?;
    let (saw, sees) = (sight.takes_in(before), sight.takes_in(&event.audience));
    // Of what was escalated by it an event of its own tells.
    let is_escalated = event.cause == Cause::Escalation.name() && watched.ticket.escalated_at == Some(event.at);
    if saw == sees || is_escalated {
        return None;
    }
    match (saw, sight.takes_in_ticket(now, &watched.audience())) {
        (false, true) => Some(Telling::Whole),
        (true, false) => Some(Telling::Loss),
        _ => None,
    }
}
