//! Ranges of time that numbers are asked for.

use async_graphql::InputObject;
use domain::TimeRange;

use super::error::Result;
use super::scalar::DateTime;

/// A range of time on the project's clock, which ends after its beginning and is up to 366 days long.
#[derive(InputObject)]
pub(crate) struct TimeRangeInput {
    /// The first moment of it.
    from: DateTime,
    /// The first moment after it.
    to: DateTime,
}

impl TimeRangeInput {
    /// The range, if it is one.
    pub(crate) fn range(&self) -> Result<TimeRange> {
        let refused = |refusal: domain::time_range::NotARange| desk::Error::InvalidArgument(refusal.to_string());
        Ok(TimeRange::new(self.from.0, self.to.0).map_err(refused)?)
    }
}
