//! Events: what happens to the sessions of a project, as it happens.

mod audience;
mod cause;
mod filter;
mod happening;
mod member;
mod sla;
mod subscription;
mod ticket;
mod todo;
mod union;
mod watch;

pub(crate) use sla::SlaSubscription;
pub(crate) use subscription::SessionSubscription;
pub(crate) use todo::TodoSubscription;
