//! A project whose customers are simulated. Behind it everything is the real thing: what a
//! simulated customer does waits in a simulated Telegram until the bot fetches it.
//!
//! The simulated Telegram runs in the process of the bot, and whoever asks for something here may be another one. So all
//! that has to reach it goes through the database: what customers do as [`SandboxAct`]s that wait for the bot, and what
//! stands as it is (blocks, faults) in tables of its own that are looked at with each call of the bot.

mod act;
mod backlog;
mod button_press;
mod circumstances;
mod clock_advance;
mod content;
mod customer;
mod customer_block;
mod customer_edit;
mod customer_react;
mod customer_send;
mod fault;
mod message;
mod place;
mod update_push;

pub use act::{SandboxAct, SandboxMessage, SandboxPress, SandboxReaction};
pub use button_press::{NewSandboxPress, PressedButton, SandboxPressRefusal};
pub use clock_advance::SandboxClockRefusal;
pub use content::{ContentRefusal, NewContent, SandboxContent};
pub use customer::{CustomerRefusal, SandboxCustomer};
pub use customer_block::SandboxBlockRefusal;
pub use customer_edit::SandboxEditRefusal;
pub use customer_react::SandboxReactRefusal;
pub use customer_send::{NewSandboxMessage, SandboxSendRefusal, SandboxSent};
pub use fault::{FaultKind, FaultRefusal, NewSandboxFault, SandboxFault};
pub use message::MessageRefusal;
pub use place::PlaceRefusal;
pub use update_push::SandboxUpdateRefusal;
