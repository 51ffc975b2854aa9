//! A stretch of a clock's time.

use async_graphql::{Enum, Object};
use domain::sla::Segment;

use crate::schema::scalar::DateTime;

/// Why a stretch of a clock's time counts or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[graphql(remote = "domain::sla::Reason")]
pub(crate) enum SlaReason {
    /// The desk works: it counts.
    WorkingTime,
    /// The desk does not work at this time of the week.
    OutsideHours,
    /// The desk does not work on this day.
    Holiday,
    /// The customer is waited for.
    WaitingForCustomer,
}

pub(crate) struct SlaSegment(pub(super) Segment);

/// A stretch of a clock's time.
#[Object]
impl SlaSegment {
    /// Its first moment, on the project's clock.
    #[graphql(name = "from")]
    async fn begins(&self) -> DateTime {
        self.0.from.into()
    }

    /// The first moment after it, on the project's clock.
    #[graphql(name = "to")]
    async fn ends(&self) -> DateTime {
        self.0.to.into()
    }

    /// Whether it counts.
    fn counted(&self) -> bool {
        self.0.is_counted()
    }

    /// Why it counts or does not.
    fn reason(&self) -> SlaReason {
        self.0.reason.into()
    }
}
