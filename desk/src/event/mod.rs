//! The events that flow out of a desk, to any number of readers.

mod cursor;
mod dispatcher;
mod feed;
#[cfg(test)]
mod fuzz;
mod log;
mod occurrence;
mod permit;
mod ticket;

pub(crate) use cursor::{decode, encode};
pub use dispatcher::Dispatcher;
pub use feed::{Feed, Item};
pub(crate) use log::{Log, has_been_at, head, purged};
pub use occurrence::{Occurrence, WatchedTicket};
pub(crate) use permit::Permit;
