//! Working time by the hours of a calendar, or around the clock.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::Duration;

use super::hours::Hours;
use crate::{SlaHoursId, Time};

/// Hours by their identifiers.
#[derive(Debug, Clone, Default)]
pub struct HoursById(BTreeMap<SlaHoursId, Arc<Hours>>);

impl HoursById {
    /// The hours with an identifier; nothing for none, which means always.
    pub fn of(&self, id: Option<SlaHoursId>) -> Option<&Hours> {
        self.0.get(&id?).map(Arc::as_ref)
    }

    /// Takes over all of others.
    pub fn extend_from(&mut self, others: &Self) {
        self.0.extend(others.0.iter().map(|(id, hours)| (*id, hours.clone())));
    }
}

impl FromIterator<(SlaHoursId, Hours)> for HoursById {
    fn from_iter<I: IntoIterator<Item = (SlaHoursId, Hours)>>(hours: I) -> Self {
        Self(hours.into_iter().map(|(id, hours)| (id, Arc::new(hours))).collect())
    }
}

/// When so much working time has gone by after `from`; without hours all time is working time.
pub(super) fn add(hours: Option<&Hours>, from: Time, working: Duration) -> Option<Time> {
    match hours {
        Some(hours) => hours.add(from, working),
        None => from.checked_add_signed(working),
    }
}

/// The same if it is before a moment; no more time is looked at.
pub(super) fn add_before(hours: Option<&Hours>, from: Time, working: Duration, end: Time) -> Option<Time> {
    match hours {
        Some(hours) => hours.add_before(from, working, Some(end)),
        None => from.checked_add_signed(working).filter(|reached| *reached < end),
    }
}

/// How much working time there is between two moments.
pub(super) fn between(hours: Option<&Hours>, from: Time, to: Time) -> Duration {
    match hours {
        Some(hours) => hours.between(from, to),
        None => (to - from).max(Duration::zero()),
    }
}
