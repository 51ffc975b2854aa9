//! The events that flow out of a desk, to any number of readers.

mod cursor;
mod dispatcher;
mod feed;
mod log;
mod occurrence;

pub use cursor::{decode, encode};
pub use dispatcher::Dispatcher;
pub use feed::{Feed, Item};
pub(crate) use log::{Log, head};
pub use occurrence::Occurrence;
