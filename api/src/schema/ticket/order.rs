//! The order of a list of tickets.

use async_graphql::{Enum, InputObject};

use crate::schema::session::OrderDirection;

/// The time by which a list of tickets is ordered. Tickets of the same time are ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::TicketOrderField")]
pub(crate) enum TicketOrderField {
    /// When the ticket was opened, which is the order of the numbers.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
}

/// The order of a list of tickets.
#[derive(InputObject)]
pub(crate) struct TicketOrder {
    /// The time that decides.
    field: TicketOrderField,
    /// Which end comes first.
    #[graphql(default_with = "OrderDirection::Desc")]
    direction: OrderDirection,
}

impl Default for TicketOrder {
    fn default() -> Self {
        Self { field: TicketOrderField::CreatedAt, direction: OrderDirection::Desc }
    }
}

impl From<TicketOrder> for domain::ticket::TicketOrder {
    fn from(order: TicketOrder) -> Self {
        Self { field: order.field.into(), descending: order.direction == OrderDirection::Desc }
    }
}
