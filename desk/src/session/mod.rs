//! Sessions: reading them and changing where they stand.

mod assign;
mod bulk;
mod change;
mod close;
mod follow_up_due;
mod history;
mod idle_close;
mod job;
mod left;
mod list;
mod lock_open;
mod mark_viewed;
mod participant;
mod priority;
mod release;
mod reopen;
mod resolve;
mod resolved_close;
mod status;
mod take_over;
mod transfer;

pub use assign::SessionAssignRefusal;
pub use bulk::{
    BULK_SESSIONS, BulkAction, BulkOutcome, BulkReason, BulkRefusal, BulkRefused, BulkScope, SessionsBulkRefusal,
};
pub use change::SessionRefusal;
pub(crate) use change::{Premise, SessionChange, session_event, touch, touch_by_desk};
pub use close::SessionCloseRefusal;
use follow_up_due::schedule_follow_up;
pub(crate) use follow_up_due::{FOLLOW_UP_DUE, come_due};
pub(crate) use idle_close::{IDLE_CLOSE, close_without_response, schedule_idle_close};
pub(crate) use job::{Target, target};
pub(crate) use lock_open::lock_open;
pub use participant::{PARTICIPANTS, SessionParticipantRefusal};
pub(crate) use release::{RELEASE, forget_the_gone, release_all, release_late, release_team, take_up_again};
pub(crate) use reopen::check_reopening;
pub use resolve::SessionResolveRefusal;
pub(crate) use resolved_close::{RESOLVED_CLOSE, close_resolved, schedule_resolved_close};
pub use status::{NewFollowUp, NewStatus, SessionStatusRefusal};
pub use take_over::SessionTakeOverRefusal;
pub use transfer::SessionTransferRefusal;
