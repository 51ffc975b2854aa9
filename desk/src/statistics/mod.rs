//! Numbers for supervisors.

mod collect;

pub use collect::{Statistics, StatisticsOf};
pub use store::statistics::{MetricCount, ReasonCount};
