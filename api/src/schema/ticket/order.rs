//! The order of a list of tickets.

use async_graphql::{Enum, InputObject};

use crate::schema::session::OrderDirection;

/// By what a list of tickets is ordered. What is equal is ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::ticket::TicketOrderField")]
pub(crate) enum TicketOrderField {
    /// When the ticket was opened, which is the order of the numbers.
    CreatedAt,
    /// When it last changed.
    UpdatedAt,
    /// How pressing it is: `DESC` begins with the most pressing ones.
    Priority,
}

/// The order of a list of tickets.
#[derive(InputObject)]
pub(crate) struct TicketOrder {
    /// What decides.
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
