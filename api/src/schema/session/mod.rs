//! Sessions: one conversation with a customer, from the first message to closing.

mod assign;
mod close;
mod filter;
mod list;
mod loader;
mod mark_viewed;
mod object;
mod order;
mod prefetch;
mod query;
mod refusal;
mod reopen;

pub(crate) use assign::SessionAssign;
pub(crate) use close::SessionClose;
pub(crate) use filter::SessionFilter;
pub(crate) use list::session_page;
pub(crate) use loader::{SeenInSession, SessionById};
pub(crate) use mark_viewed::SessionMarkViewed;
pub(crate) use object::{Session, SessionPriority, SessionStatus};
pub(crate) use order::SessionOrder;
pub(crate) use query::SessionQuery;
pub(crate) use reopen::SessionReopen;
