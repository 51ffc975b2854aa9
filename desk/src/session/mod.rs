//! Sessions: reading them and changing where they stand.

mod assign;
mod change;
mod close;
mod idle_close;
mod list;
mod mark_viewed;
mod reopen;

pub use assign::SessionAssignRefusal;
pub use change::SessionRefusal;
pub(crate) use change::{SessionChange, session_event, touch};
pub(crate) use idle_close::{IDLE_CLOSE, close_without_response, schedule_idle_close};
