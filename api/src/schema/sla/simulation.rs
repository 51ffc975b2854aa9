//! What would have been under another policy.

use async_graphql::SimpleObject;
use domain::sla::Tally;

use super::clock::SlaMetric;
use crate::schema::ticket::TicketType;

/// How many clocks stand where.
#[derive(SimpleObject)]
pub(crate) struct SlaTally {
    /// Those whose promise was met in time.
    achieved: i64,
    /// Those whose promise was met late.
    breached: i64,
    /// Those whose promise is late and still to be met.
    breaching: i64,
    /// Those that still have time.
    open: i64,
    /// Those whose promise is no longer to be met. They count in no rate.
    cancelled: i64,
    /// The share of promises that were met in time among those that were met or are late, from 0 to 1. Null if there
    /// are none.
    compliance: Option<f64>,
}

impl From<Tally> for SlaTally {
    fn from(tally: Tally) -> Self {
        Self {
            achieved: tally.achieved,
            breached: tally.breached,
            breaching: tally.breaching,
            open: tally.open,
            cancelled: tally.cancelled,
            compliance: tally.compliance(),
        }
    }
}

/// What was and what would have been of one promise for one type.
#[derive(SimpleObject)]
pub(crate) struct SlaSimulationRow {
    /// The type.
    #[graphql(name = "type")]
    kind: TicketType,
    /// What is promised.
    metric: SlaMetric,
    /// What was.
    actual: SlaTally,
    /// What would have been.
    simulated: SlaTally,
}

/// What would have been under another policy.
#[derive(SimpleObject)]
pub(crate) struct SlaSimulation {
    /// What was and what would have been, by type and promise.
    rows: Vec<SlaSimulationRow>,
    /// How many clocks were looked at: the newest 10,000 that started within the range.
    clock_count: u64,
    /// Whether more started within the range.
    truncated: bool,
}

impl From<desk::sla::SlaSimulation> for SlaSimulation {
    fn from(simulation: desk::sla::SlaSimulation) -> Self {
        let rows = simulation.counted.rows().map(|(kind, metric, was, would_be)| SlaSimulationRow {
            kind: kind.into(),
            metric: metric.into(),
            actual: was.into(),
            simulated: would_be.into(),
        });
        Self {
            rows: rows.collect(),
            clock_count: u64::try_from(simulation.clocks).unwrap_or(u64::MAX),
            truncated: simulation.is_cut_off,
        }
    }
}
