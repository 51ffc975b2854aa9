//! Service levels: policies, calendars, and clocks that can explain themselves.

mod calendar;
mod calendar_create;
mod calendar_remove;
mod calendar_update;
mod change;
mod clock;
mod hours_input;
mod loader;
mod policy;
mod policy_input;
mod policy_update;
mod query;
mod segment;
mod simulation;

pub(crate) use calendar::SlaCalendar;
pub(crate) use calendar_create::SlaCalendarCreate;
pub(crate) use calendar_remove::SlaCalendarRemove;
pub(crate) use calendar_update::SlaCalendarUpdate;
pub(crate) use clock::{SlaClock, SlaMetric};
pub(crate) use loader::{
    ClocksOfSession, ClocksOfTicket, ExplanationOfClock, SlaCalendarById, SlaClockById, StandingOfClock,
};
pub(crate) use policy_update::SlaPolicyUpdate;
pub(crate) use query::SlaQuery;
