//! Numbers for supervisors.

mod object;
mod query;

pub(crate) use object::TimeSpread;
pub(crate) use query::StatisticsQuery;
