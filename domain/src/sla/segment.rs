//! The stretches of a clock's time, each with why it counts or does not.

use super::hours::{Hours, StretchKind};
use crate::{Time, named_enum};

named_enum! {
    /// Why a stretch of time counts or does not.
    pub enum Reason {
        /// The desk works: it counts.
        WorkingTime = "WORKING_TIME",
        /// The desk does not work at this time of the week.
        OutsideHours = "OUTSIDE_HOURS",
        /// The desk does not work on this day.
        Holiday = "HOLIDAY",
        /// The customer is waited for.
        WaitingForCustomer = "WAITING_FOR_CUSTOMER",
    }
}

/// The most stretches by which a clock is explained.
pub const MOST_SEGMENTS: usize = 500;

/// A stretch of a clock's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// Its first moment.
    pub from: Time,
    /// The first moment after it.
    pub to: Time,
    /// Why it counts or does not.
    pub reason: Reason,
}

impl Segment {
    /// Whether it counts.
    pub fn is_counted(&self) -> bool {
        self.reason == Reason::WorkingTime
    }
}

/// The stretches of a clock's time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Explanation {
    /// The stretches in order and without a gap, from the start on, [`MOST_SEGMENTS`] at most.
    pub segments: Vec<Segment>,
    /// Whether there are more of them.
    pub is_cut_off: bool,
}

/// Adds a stretch in which the clock runs by these hours, as far as that are `most` or a day's more.
pub(super) fn add_running(segments: &mut Vec<Segment>, hours: Option<&Hours>, from: Time, to: Time, most: usize) {
    let Some(hours) = hours else { return add(segments, Segment { from, to, reason: Reason::WorkingTime }) };
    for stretch in hours.stretches(from, to, most) {
        let reason = match stretch.kind {
            StretchKind::Open => Reason::WorkingTime,
            StretchKind::Closed => Reason::OutsideHours,
            StretchKind::Holiday => Reason::Holiday,
        };
        add(segments, Segment { from: stretch.from, to: stretch.to, reason });
    }
}

/// Adds a stretch behind the others. One of the same reason becomes longer.
pub(super) fn add(segments: &mut Vec<Segment>, segment: Segment) {
    match segments.last_mut() {
        Some(last) if last.reason == segment.reason => last.to = segment.to,
        _ => segments.push(segment),
    }
}
