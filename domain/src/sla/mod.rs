//! Service levels: what the desk promises, and clocks that tell whether it keeps it.
//!
//! The articles name the numbers (“SLA Management Guide”, steps 1 and 2); [`Policy::default`] has them. A [`Timeline`]
//! is the history of one promise, from which its deadline, its state and every stretch of its time follow; nothing of
//! that is remembered anywhere else but for finding it.

mod calendar;
mod clock;
mod hours;
mod notice;
mod opening_time;
mod policy;
mod policy_change;
mod segment;
mod simulation;
mod standing;
mod targets;
mod timeline;
mod working_time;

pub use calendar::{Calendar, CalendarChange, MOST_CALENDARS};
pub use clock::Clock;
pub use hours::{Hours, HoursRefusal, MOST_HOLIDAYS, MOST_INTERVALS};
pub use notice::{Alert, NoticeLine};
pub use opening_time::{OpeningTime, WrittenTime};
pub use policy::{
    ByPriority, ByType, Policy, PolicyRefusal, PolicyVersion, Subject, Terms, TimeoutAction, TimeoutActionName,
};
pub use policy_change::{PolicyChange, TargetsChange};
pub use segment::{Explanation, MOST_SEGMENTS, Reason, Segment};
pub use simulation::{Simulation, Tally, replay};
pub use standing::{Standing, State};
pub use targets::{LONGEST_TARGET, Metric, Targets};
pub use timeline::{Change, Entry, Timeline};
pub use working_time::HoursById;

#[cfg(test)]
mod tests;
