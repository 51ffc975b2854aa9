//! A project whose customers are simulated. Behind it everything is the real thing: what a
//! simulated customer writes waits in a simulated Telegram until the bot fetches it.

mod backlog;
mod clock_advance;
mod customer_send;

pub use backlog::SandboxMessage;
pub use clock_advance::SandboxClockRefusal;
pub use customer_send::{NewSandboxMessage, SandboxSendRefusal};
