//! The type `Seats`.

use async_graphql::SimpleObject;

/// How many agents the workspace may have.
#[derive(SimpleObject)]
pub(crate) struct Seats {
    /// How many seats are taken: by active agents, and by invitations that can be accepted.
    used: i64,
    /// How many seats there are. Null if there is no limit.
    limit: Option<i64>,
}

impl Seats {
    pub(super) fn of(seats: domain::Seats) -> Self {
        Self { used: seats.used, limit: seats.limit }
    }
}
