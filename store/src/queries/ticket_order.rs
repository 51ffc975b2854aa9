//! The orders of lists of tickets, in SQL.

use domain::ticket::TicketOrderField;

/// How pressing a ticket is, as the indexes `tickets_by_priority` and `tickets_of_team_by_priority` say it, and as
/// `TicketKey::of` does.
pub(super) const PRIORITY: &str =
    "CASE tickets.priority WHEN 'LOW' THEN 0 WHEN 'MEDIUM' THEN 1 WHEN 'HIGH' THEN 2 ELSE 3 END";

/// By what a list is ordered.
pub(super) fn column(field: TicketOrderField) -> &'static str {
    match field {
        TicketOrderField::CreatedAt => "tickets.created_at",
        TicketOrderField::UpdatedAt => "tickets.updated_at",
        TicketOrderField::Priority => PRIORITY,
    }
}
