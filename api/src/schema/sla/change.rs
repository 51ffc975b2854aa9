//! The history of clocks.

use async_graphql::{Enum, Object};
use desk::sla::SlaClockStep;
use domain::sla::Change;

use crate::schema::scalar::DateTime;

/// What happened to a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub(crate) enum SlaClockChangeKind {
    /// It was promised.
    Started,
    /// The customer was waited for from then on.
    Paused,
    /// The customer was no longer waited for.
    Resumed,
    /// What was promised was done.
    Satisfied,
    /// What was promised was no longer to be done.
    Cancelled,
    /// Something else was promised from then on.
    PolicyChanged,
    /// Those concerned were told that the time was about to run out.
    Warned,
    /// Those concerned were told that the time had run out.
    Breached,
}

impl From<Option<Change>> for SlaClockChangeKind {
    fn from(change: Option<Change>) -> Self {
        match change {
            None => Self::Started,
            Some(Change::Paused) => Self::Paused,
            Some(Change::Resumed) => Self::Resumed,
            Some(Change::Satisfied) => Self::Satisfied,
            Some(Change::Cancelled) => Self::Cancelled,
            Some(Change::PolicyChanged(_)) => Self::PolicyChanged,
            Some(Change::Warned) => Self::Warned,
            Some(Change::Breached) => Self::Breached,
        }
    }
}

pub(crate) struct SlaClockChange(pub(super) SlaClockStep);

/// A step in the history of a clock.
#[Object]
impl SlaClockChange {
    /// What happened.
    fn kind(&self) -> SlaClockChangeKind {
        self.0.change.into()
    }

    /// When it was, on the project's clock.
    fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// How many seconds of working time are promised from then on. Null if that did not change.
    fn target_seconds(&self) -> Option<i64> {
        self.0.terms.map(|terms| terms.target.num_seconds())
    }
}
