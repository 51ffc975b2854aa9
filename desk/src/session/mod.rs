//! Sessions: reading them and changing where they stand.

mod assign;
mod change;
mod close;
mod follow_up_due;
mod idle_close;
mod job;
mod list;
mod mark_viewed;
mod priority;
mod reopen;
mod resolve;
mod resolved_close;
mod status;

pub use assign::SessionAssignRefusal;
pub use change::SessionRefusal;
pub(crate) use change::{SessionChange, session_event, touch};
use follow_up_due::schedule_follow_up;
pub(crate) use follow_up_due::{FOLLOW_UP_DUE, come_due};
pub(crate) use idle_close::{IDLE_CLOSE, close_without_response, schedule_idle_close};
pub(crate) use job::{Target, target};
pub use resolve::SessionResolveRefusal;
use resolved_close::schedule_resolved_close;
pub(crate) use resolved_close::{RESOLVED_CLOSE, close_resolved};
pub use status::{NewFollowUp, NewStatus, SessionStatusRefusal};
