//! The orders of lists of tickets, in SQL.

use domain::filter::Page;
use domain::ticket::{TicketKey, TicketOrder, TicketOrderField};

use super::list::{Between, Columns, Key, Reading};
use super::reach::Marks;

/// How pressing a ticket is, as the indexes `tickets_by_priority` and `tickets_of_team_by_priority` say it, and as
/// [`TicketKey::of`] does.
const PRIORITY: &str = "CASE tickets.priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END";

fn columns(field: TicketOrderField) -> Columns {
    let at = match field {
        TicketOrderField::CreatedAt => "tickets.created_at",
        TicketOrderField::UpdatedAt => "tickets.updated_at",
        TicketOrderField::Priority => PRIORITY,
    };
    Columns { table: "tickets", at }
}

impl From<TicketKey> for Key {
    fn from(key: TicketKey) -> Self {
        Self { at: key.micros, id: key.id }
    }
}

/// In which order a page is read.
pub(super) fn reading(order: TicketOrder, from_end: bool) -> Reading {
    Reading::new(columns(order.field), order.descending, from_end)
}

/// The condition that a ticket lies between the keys of a page.
pub(super) fn between(order: TicketOrder, page: Page<TicketKey>) -> Between {
    Between::of(columns(order.field), order.descending, page, Marks::default())
}
