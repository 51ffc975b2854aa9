//! Messages that are to be sent later.

mod cancel;
mod loader;
mod object;
mod schedule;
mod update;

pub(crate) use cancel::ScheduledMessageCancel;
pub(crate) use loader::{ScheduledInSession, ScheduledMessageById};
pub(crate) use object::ScheduledMessage;
pub(crate) use schedule::MessageSchedule;
pub(crate) use update::ScheduledMessageUpdate;
