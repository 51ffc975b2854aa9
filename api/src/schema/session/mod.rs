//! Sessions: one conversation with a customer, from the first message to closing.

mod assign;
mod close;
mod filter;
mod life;
mod list;
mod loader;
mod mark_viewed;
mod object;
mod order;
mod prefetch;
mod priority_update;
mod query;
mod refusal;
mod reopen;
mod resolve;
mod status_update;

pub(crate) use assign::SessionAssign;
pub(crate) use close::SessionClose;
pub(crate) use filter::SessionFilter;
pub(crate) use life::SessionAwaited;
use life::{SessionFollowUp, SessionResolution};
pub(crate) use list::{page_of_sessions, session_page};
pub(crate) use loader::{SeenInSession, SessionById};
pub(crate) use mark_viewed::SessionMarkViewed;
pub(crate) use object::{Session, SessionPriority, SessionStatus};
pub(crate) use order::SessionOrder;
pub(crate) use priority_update::SessionPriorityUpdate;
pub(crate) use query::SessionQuery;
pub(crate) use reopen::SessionReopen;
pub(crate) use resolve::SessionResolve;
pub(crate) use status_update::SessionStatusUpdate;
