//! Diversion links: ways into the bot that say where a customer came from.

mod arrive;
mod list;
mod write;

pub(crate) use arrive::divert;
pub use write::{DiversionChange, DiversionRefusal, NewDiversion};
