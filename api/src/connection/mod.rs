//! Connections: how many there may be, how long each may say nothing, and what serves the requests on them.

mod accept;
mod admission;
mod counted;
mod head_timer;
mod settings;

pub use accept::serve;
pub use settings::ConnectionSettings;
