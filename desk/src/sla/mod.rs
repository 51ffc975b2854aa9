//! Service levels: clocks that start, stop and run out, and what projects promise.

mod apply;
mod before;
mod calendar;
mod hooks;
mod list;
mod notice;
mod open_clocks;
mod owed;
mod pauses;
mod policy;
mod promise;
mod promises;
mod simulate;
mod sweeper;
mod ticket;

pub(crate) use apply::{APPLY_POLICY, apply_policy};
pub(crate) use before::Before;
pub use calendar::{NewSlaCalendar, SlaCalendarRefusal};
pub(crate) use hooks::{
    Waiting, session_answered, session_ended, session_resolved, session_stands, session_tagged, sessions_wait,
};
pub use list::SlaClockStep;
pub(crate) use notice::recheck;
pub use policy::SlaPolicyRefusal;
pub(crate) use promise::{next_work, promise};
pub use simulate::{SIMULATED_CLOCKS, SlaSimulation};
pub use sweeper::SlaSweeper;
pub(crate) use ticket::{ticket_changed, ticket_opened};
