//! Numbers for supervisors.

mod object;
mod query;

pub(crate) use query::StatisticsQuery;
