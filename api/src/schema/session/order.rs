//! The order of a list of sessions.

use async_graphql::{Enum, InputObject};

/// The time by which a list of sessions is ordered. Sessions of the same time are ordered by age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::filter::SessionOrderField")]
pub(crate) enum SessionOrderField {
    /// When the newest message was taken in.
    LastMessageAt,
    /// When the session started.
    CreatedAt,
    /// Since when the customer has waited for an answer: with `ASC` who waits for longest comes first, those who do not wait
    /// come behind those who do, and closed sessions behind all. `DESC` is the same list from its other end.
    WaitingSince,
}

/// The direction of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum OrderDirection {
    /// The oldest first.
    Asc,
    /// The newest first.
    Desc,
}

/// The order of a list of sessions.
#[derive(InputObject)]
pub(crate) struct SessionOrder {
    /// The time that decides.
    field: SessionOrderField,
    /// Which end comes first.
    #[graphql(default_with = "OrderDirection::Desc")]
    direction: OrderDirection,
}

impl Default for SessionOrder {
    fn default() -> Self {
        Self { field: SessionOrderField::LastMessageAt, direction: OrderDirection::Desc }
    }
}

impl From<SessionOrder> for domain::filter::SessionOrder {
    fn from(order: SessionOrder) -> Self {
        Self { field: order.field.into(), descending: order.direction == OrderDirection::Desc }
    }
}
