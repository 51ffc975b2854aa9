//! The Telegram front door: updates in, replies out.
//!
//! [`Runtime`] runs all of it for every bot of a desk. It holds no rule of the desk: what an
//! update means for a session and what may be sent to whom is decided behind [`desk::Desk`].

mod backoff;
mod cause;
pub mod fake;
pub mod intake;
mod media;
mod runtime;
mod sandbox;
mod sender;
mod settings;
pub mod telegram;

pub use runtime::{CannotStart, Runtime};
pub use sender::Pace;
pub use settings::Settings;
